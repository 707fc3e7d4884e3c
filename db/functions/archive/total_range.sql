-- Purpose:  the lowest and the highest total of a closed season.
-- Args:     p_ranking_id.
-- Returns:  one row, totals as leaderboard held them; NULLs when the season had no players.
CREATE OR REPLACE FUNCTION archive.total_range(p_ranking_id integer)
RETURNS TABLE (lowest bigint, highest bigint)
LANGUAGE sql STABLE
AS $$
    SELECT (
        SELECT s.totals[cardinality(s.totals)] FROM public.season_places AS s WHERE s.ranking_id = p_ranking_id
        ORDER BY s.first_place DESC LIMIT 1
    ), (
        SELECT s.first_total FROM public.season_places AS s WHERE s.ranking_id = p_ranking_id
        ORDER BY s.first_place LIMIT 1
    )
$$;

COMMENT ON FUNCTION archive.total_range(integer) IS 'The lowest and the highest total of a closed season.';
