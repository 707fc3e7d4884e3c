-- Purpose:  a player and the neighbours in the board's order (total_score DESC, user_id).
-- Args:     p_user_id; p_span  neighbours above and below, 0 to 100; p_board  name of the board.
-- Returns:  up to 2 * p_span + 1 rows in order, with RANK().
-- Errors:   LB001 for a span out of range, LB011 when the player is not on the board, LB010 when the board does not
--           exist, LB032 while it is being filled from the ledger.
-- Locks:    none. STABLE: one snapshot for all rows.
CREATE OR REPLACE FUNCTION api.players_around(
    p_user_id bigint, p_span integer DEFAULT 5, p_board text DEFAULT 'overall'
)
RETURNS TABLE (rank bigint, user_id integer, username text, total_score bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
    v_board_id integer := board.ranking_id(p_board);
    v_total    bigint;
BEGIN
    IF p_span IS NULL OR p_span NOT BETWEEN 0 AND 100 THEN
        RAISE EXCEPTION 'span must be 0 to 100, not %', coalesce(p_span::text, 'NULL') USING ERRCODE = 'LB001';
    END IF;
    IF p_user_id BETWEEN 1 AND 2147483647 THEN
        SELECT t.total_score INTO v_total FROM rank_index.player_totals(v_board_id, ARRAY[p_user_id::integer]) AS t;
    END IF;
    IF v_total IS NULL THEN
        RAISE EXCEPTION 'player % is not on board %', coalesce(p_user_id::text, 'NULL'), p_board
            USING ERRCODE = 'LB011';
    END IF;
    RETURN QUERY
    SELECT p.rank, p.user_id, p.username, p.total_score
    FROM rank_index.ranked_rows(v_board_id, ARRAY(
        SELECT a.user_id FROM rank_index.rows_above(v_board_id, p_span, v_total, p_user_id::integer) AS a
        UNION ALL
        SELECT p_user_id::integer
        UNION ALL
        SELECT w.user_id FROM rank_index.rows_below(v_board_id, p_span, v_total, p_user_id::integer) AS w
    )) AS p
    ORDER BY p.total_score DESC, p.user_id;
END
$$;

COMMENT ON FUNCTION api.players_around(bigint, integer, text) IS
    'A player and the neighbours above and below, with RANK().';
