-- Purpose:  the rank that a total would have: 1 + the number of players with a better one. Nothing is counted.
-- Args:     p_score  any total; p_board  a board, or a season or split of one such as 'daily@previous' or 'daily/DE'.
-- Returns:  one row: the rank, which is shared if players have this total; the players on the board; the percentage of
--           them that the total is at least as good as (100 if there are none).
-- Errors:   LB001 without a score, LB010 when the board does not exist, LB014 when the season does not, LB018 when the
--           split does not, LB032 while it is being filled from the ledger.
-- Locks:    none. STABLE: one snapshot.
CREATE OR REPLACE FUNCTION api.rank_of_score(p_score bigint, p_board text DEFAULT 'overall')
RETURNS TABLE (rank bigint, players bigint, percentile double precision)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
    v_ranking record := board.ranking_of(p_board);
    v_total   bigint := v_ranking.sign * greatest(p_score, -9223372036854775807);
    v_count   record;
BEGIN
    IF p_score IS NULL THEN
        RAISE EXCEPTION 'give a score, for which to find the rank' USING ERRCODE = 'LB001';
    END IF;
    IF v_ranking.closed THEN
        SELECT c.above, c.players INTO v_count FROM archive.count_above(v_ranking.id, v_total) AS c;
    ELSE
        SELECT c.above, c.players INTO v_count FROM rank_index.count_above_one(v_ranking.id, v_total) AS c;
    END IF;
    rank := 1 + coalesce(v_count.above, 0);
    players := coalesce(v_count.players, 0);
    percentile := CASE WHEN players > 0 THEN internal.percentile(rank, players) ELSE 100 END;
    RETURN NEXT;
END
$$;

COMMENT ON FUNCTION api.rank_of_score(bigint, text) IS 'The rank that a total would have on a board.';
