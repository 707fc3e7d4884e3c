-- Purpose:  counts a board's players anew into its tree, beside running submits.
--           The counts and the horizon come from one snapshot. What that snapshot already sees of transactions at or above the
--           horizon is also in visible deltas that reads will add, so those deltas are taken off the counts; this transaction's own
--           deltas are counted and deleted instead.
-- Args:     p_board_id.
-- Errors:   LB030 when the transaction is not READ COMMITTED.
-- Locks:    the fold lock, waited for and kept until the transaction ends. Writes: rank_node, rank_delta, rank_state.
CREATE OR REPLACE FUNCTION lib.rebuild_rank_index(p_board_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_horizon xid8;
    v_totals  bigint[];
    v_changes integer[];
BEGIN
    PERFORM lib.require_read_committed();
    PERFORM pg_advisory_xact_lock(7201, 2);  -- the fold lock

    -- One statement, one snapshot, taken after the lock was given.
    SELECT pg_snapshot_xmin(pg_current_snapshot()), array_agg(t.total), array_agg(t.players)
    INTO v_horizon, v_totals, v_changes
    FROM (
        SELECT c.total, sum(c.players)::integer AS players
        FROM (
            SELECT l.total_score AS total, count(*) AS players
            FROM public.leaderboard AS l
            WHERE l.board_id = p_board_id
            GROUP BY l.total_score
            UNION ALL
            SELECT d.new_total, -1
            FROM public.rank_delta AS d
            WHERE d.board_id = p_board_id AND d.xid >= pg_snapshot_xmin(pg_current_snapshot()) AND d.xid <> pg_current_xact_id() AND d.new_total IS NOT NULL
            UNION ALL
            SELECT d.old_total, 1
            FROM public.rank_delta AS d
            WHERE d.board_id = p_board_id AND d.xid >= pg_snapshot_xmin(pg_current_snapshot()) AND d.xid <> pg_current_xact_id() AND d.old_total IS NOT NULL
        ) AS c
        GROUP BY c.total
        HAVING sum(c.players) <> 0
    ) AS t;

    DELETE FROM public.rank_node AS n WHERE n.board_id = p_board_id;
    DELETE FROM public.rank_delta AS d WHERE d.board_id = p_board_id AND (d.xid < v_horizon OR d.xid = pg_current_xact_id());
    UPDATE public.rank_state AS s
    SET players = 0, top_shift = 0, horizon = v_horizon, version = s.version + 1
    WHERE s.board_id = p_board_id;
    PERFORM lib.add_players(p_board_id, v_totals, v_changes);
END
$$;

COMMENT ON FUNCTION lib.rebuild_rank_index(integer) IS 'Counts a board''s players anew into its rank tree, beside running submits.';
