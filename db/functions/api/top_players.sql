-- Purpose:  the best players of a board, or the page after a place in its order (total_score DESC, user_id).
-- Args:     p_limit  1 to 1000
--           p_after_total, p_after_user_id  the last row of the previous page; both NULL for the first page
--           p_board  name of the board.
-- Returns:  the rows in order; equal totals share a rank and the next rank skips (RANK()).
-- Errors:   LB001 for a limit out of range or one half of a place, LB010 when the board does not exist, LB032 while
--           it is being filled from the ledger.
-- Locks:    none. STABLE: one snapshot for all rows.
CREATE OR REPLACE FUNCTION api.top_players(
    p_limit integer DEFAULT 10, p_after_total bigint DEFAULT NULL, p_after_user_id integer DEFAULT NULL,
    p_board text DEFAULT 'overall'
)
RETURNS TABLE (rank bigint, user_id integer, username text, total_score bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
    v_board_id integer := board.ranking_id(p_board);
BEGIN
    IF p_limit IS NULL OR p_limit NOT BETWEEN 1 AND 1000 THEN
        RAISE EXCEPTION 'limit must be 1 to 1000, not %', coalesce(p_limit::text, 'NULL') USING ERRCODE = 'LB001';
    END IF;
    IF (p_after_total IS NULL) <> (p_after_user_id IS NULL) THEN
        RAISE EXCEPTION 'a place in the order is a total and a user id: give both or neither' USING ERRCODE = 'LB001';
    END IF;
    IF p_after_total IS NULL THEN
        -- On the first page ranks follow from positions, without the rank index.
        RETURN QUERY
        SELECT rank() OVER (ORDER BY r.total_score DESC), r.user_id, u.username, r.total_score
        FROM rank_index.rows_below(v_board_id, p_limit, NULL, NULL) AS r
        CROSS JOIN LATERAL (
            SELECT n.username FROM public.users AS n WHERE n.id = r.user_id OFFSET 0  -- see rank_index.player_totals
        ) AS u
        ORDER BY r.total_score DESC, r.user_id;
    ELSE
        RETURN QUERY
        SELECT p.rank, p.user_id, p.username, p.total_score
        FROM rank_index.ranked_rows(v_board_id, ARRAY(
            SELECT r.user_id FROM rank_index.rows_below(v_board_id, p_limit, p_after_total, p_after_user_id) AS r
        )) AS p
        ORDER BY p.total_score DESC, p.user_id;
    END IF;
END
$$;

COMMENT ON FUNCTION api.top_players(integer, bigint, integer, text) IS
    'The best players of a board, or the page after a place, with RANK().';
