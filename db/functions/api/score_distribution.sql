-- Purpose:  how the totals of a board are distributed: ranges of equal width from the lowest to the highest total.
-- Args:     p_buckets  at most this many ranges, 1 to 1000 (fewer when there are fewer different totals)
--           p_board  a board, or a season or split of one such as 'daily@previous' or 'daily/DE'.
-- Returns:  one row per range, ascending, from_score and to_score inclusive; no row when the board has no players.
-- Errors:   LB001 for buckets out of range, LB010 when the board does not exist, LB014 when the season does not, LB018
--           when the split does not, LB032 while it is being filled from the ledger.
-- Locks:    none. STABLE: one snapshot. Cost: one rank look-up per range, whatever the number of players.
CREATE OR REPLACE FUNCTION api.score_distribution(p_buckets integer DEFAULT 50, p_board text DEFAULT 'overall')
RETURNS TABLE (from_score bigint, to_score bigint, players bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
    v_ranking record := board.ranking_of(p_board);
    v_lowest  bigint;
    v_highest bigint;
    v_width   bigint;
    v_buckets integer;
BEGIN
    IF p_buckets IS NULL OR p_buckets NOT BETWEEN 1 AND 1000 THEN
        RAISE EXCEPTION 'buckets must be 1 to 1000, not %', coalesce(p_buckets::text, 'NULL') USING ERRCODE = 'LB001';
    END IF;
    IF v_ranking.closed THEN
        SELECT r.lowest, r.highest INTO v_lowest, v_highest FROM archive.total_range(v_ranking.id) AS r;
    ELSE
        SELECT r.lowest, r.highest INTO v_lowest, v_highest FROM rank_index.total_range(v_ranking.id) AS r;
    END IF;
    IF v_lowest IS NULL THEN
        RETURN;
    END IF;
    v_width := (v_highest - v_lowest) / p_buckets + 1;
    v_buckets := (v_highest - v_lowest) / v_width + 1;
    IF v_ranking.sign < 0 THEN  -- the first range begins with the lowest total, which is stored as the highest
        v_lowest := v_highest - v_buckets * v_width + 1;
    END IF;
    IF v_ranking.closed THEN
        RETURN QUERY
        SELECT CASE WHEN v_ranking.sign < 0 THEN -h.to_score ELSE h.from_score END AS from_score,
               CASE WHEN v_ranking.sign < 0 THEN -h.from_score ELSE h.to_score END, h.players
        FROM archive.histogram(v_ranking.id, v_lowest, v_width, v_buckets) AS h
        ORDER BY 1;
    ELSE
        RETURN QUERY
        SELECT CASE WHEN v_ranking.sign < 0 THEN -h.to_score ELSE h.from_score END AS from_score,
               CASE WHEN v_ranking.sign < 0 THEN -h.from_score ELSE h.to_score END, h.players
        FROM rank_index.histogram(v_ranking.id, v_lowest, v_width, v_buckets) AS h
        ORDER BY 1;
    END IF;
END
$$;

COMMENT ON FUNCTION api.score_distribution(integer, text) IS 'Players by ranges of totals, from the rank index.';
