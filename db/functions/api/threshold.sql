-- Purpose:  the total that it takes to reach a place, or to be among the best n percent of the players.
-- Args:     p_place    from 1, or
--           p_percent  above 0, up to 100: the place of the last player within the best n percent, at least 1
--           p_board    a board, or a season or split of one such as 'daily@previous' or 'daily/DE'.
-- Returns:  one row: the total of the player at that place, as in api.top_players; the place; the players on the board.
--           No row when the board has fewer players.
-- Errors:   LB001 unless exactly one of place and percent is given, and within its range; LB010 when the board does not
--           exist, LB014 when the season does not, LB018 when the split does not, LB032 while it is being filled from
--           the ledger.
-- Locks:    none. STABLE: one snapshot. Cost: as that of some ranks.
CREATE OR REPLACE FUNCTION api.threshold(
    p_place bigint DEFAULT NULL, p_percent double precision DEFAULT NULL, p_board text DEFAULT 'overall'
)
RETURNS TABLE (total_score bigint, display text, place bigint, players bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
    v_ranking record := board.ranking_of(p_board);
BEGIN
    IF (p_place IS NULL) = (p_percent IS NULL) THEN
        RAISE EXCEPTION 'give a place or a percentage, and not both' USING ERRCODE = 'LB001';
    END IF;
    IF p_place < 1 THEN
        RAISE EXCEPTION 'places count from 1, so there is none %', p_place USING ERRCODE = 'LB001';
    END IF;
    IF p_percent <= 0 OR p_percent > 100 THEN  -- NaN is greater than any number
        RAISE EXCEPTION 'the percentage must be above 0 and up to 100, not %', p_percent USING ERRCODE = 'LB001';
    END IF;
    players := board.players(v_ranking.id, v_ranking.closed, v_ranking.players);
    -- The type numeric has the percentage as it was written, such as 0.07, so the product is exact.
    place := coalesce(p_place, greatest(ceil(players * p_percent::numeric / 100), 1));
    IF place > players THEN
        RETURN;
    ELSIF v_ranking.closed THEN
        SELECT p.total_score INTO total_score FROM archive.page(v_ranking.id, place, 1) AS p;
    ELSE
        total_score := (rank_index.total_at(v_ranking.id, place)).total;
    END IF;
    total_score := v_ranking.sign * total_score;
    display := CASE WHEN v_ranking.displays
        THEN internal.display_score(total_score, v_ranking.unit, v_ranking.decimals) END;
    RETURN NEXT;
END
$$;

COMMENT ON FUNCTION api.threshold(bigint, double precision, text) IS
    'The total that it takes to reach a place, or the best n percent.';
