-- Purpose:  a board's deltas that no fold has merged into its tree yet: those of transactions that began after the
--           snapshot of the last fold, and of those that were running when it was taken.
-- Args:     p_board_id; p_horizon, p_in_flight  from the board's rank_state, read in the same statement.
-- Returns:  one row per delta.
-- Note:     plain SQL that the planner inlines. It reads one range of the index and looks up each transaction in
--           flight, so it skips the dead rows that folds leave behind.
CREATE OR REPLACE FUNCTION rank_index.pending_deltas(p_board_id integer, p_horizon xid8, p_in_flight xid8[])
RETURNS TABLE (old_total bigint, new_total bigint)
LANGUAGE sql STABLE
AS $$
    SELECT d.old_total, d.new_total
    FROM public.rank_delta AS d
    WHERE d.board_id = p_board_id AND d.xid >= p_horizon
    UNION ALL
    SELECT d.old_total, d.new_total
    FROM (SELECT unnest(p_in_flight) AS xid) AS f
    CROSS JOIN LATERAL (
        -- OFFSET 0 keeps this a look-up. As xid = ANY (p_in_flight), PostgreSQL 15 may check all of the board's rows.
        SELECT w.old_total, w.new_total
        FROM public.rank_delta AS w
        WHERE w.board_id = p_board_id AND w.xid = f.xid
        OFFSET 0
    ) AS d
$$;

COMMENT ON FUNCTION rank_index.pending_deltas(integer, xid8, xid8[]) IS
    'A board''s deltas that no fold has merged into its rank tree yet.';
