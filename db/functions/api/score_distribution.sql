-- Purpose:  how the totals of a board are distributed: ranges of equal width from the lowest to the highest total.
-- Args:     p_buckets  at most this many ranges, 1 to 1000 (fewer when there are fewer different totals); p_board  name
--                      of the board.
-- Returns:  one row per range, ascending, from_score and to_score inclusive; no row when the board has no players.
-- Errors:   LB001 for buckets out of range, LB010 when the board does not exist, LB032 while
--           it is being filled from the ledger.
-- Locks:    none. STABLE: one snapshot. Cost: one rank look-up per range, whatever the number of players.
CREATE OR REPLACE FUNCTION api.score_distribution(p_buckets integer DEFAULT 50, p_board text DEFAULT 'overall')
RETURNS TABLE (from_score bigint, to_score bigint, players bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
    v_board_id integer := board.ranking_id(p_board);
    v_lowest   bigint;
    v_highest  bigint;
    v_width    bigint;
BEGIN
    IF p_buckets IS NULL OR p_buckets NOT BETWEEN 1 AND 1000 THEN
        RAISE EXCEPTION 'buckets must be 1 to 1000, not %', coalesce(p_buckets::text, 'NULL') USING ERRCODE = 'LB001';
    END IF;
    SELECT r.lowest, r.highest INTO v_lowest, v_highest FROM rank_index.total_range(v_board_id) AS r;
    IF v_lowest IS NULL THEN
        RETURN;
    END IF;
    v_width := (v_highest - v_lowest) / p_buckets + 1;
    RETURN QUERY
    SELECT h.from_score, h.to_score, h.players
    FROM rank_index.histogram(v_board_id, v_lowest, v_width, ((v_highest - v_lowest) / v_width + 1)::integer) AS h
    ORDER BY h.from_score;
END
$$;

COMMENT ON FUNCTION api.score_distribution(integer, text) IS 'Players by ranges of totals, from the rank index.';
