-- Purpose:  how many players of a closed season have a higher total.
-- Args:     p_ranking_id; p_total  any total, as leaderboard held it.
-- Returns:  one row: the players with a higher total, the players of the season. No row for an unknown ranking.
-- Note:     plain SQL that the planner inlines. It looks up the last block that begins with a higher total. OFFSET 0
--           keeps it one look-up.
CREATE OR REPLACE FUNCTION archive.count_above(p_ranking_id integer, p_total bigint)
RETURNS TABLE (above bigint, players bigint)
LANGUAGE sql STABLE
AS $$
    SELECT coalesce(b.above, 0), r.players
    FROM public.rankings AS r
    LEFT JOIN LATERAL (
        SELECT s.first_place - 1 + (SELECT count(*) FROM unnest(s.totals) AS t(total) WHERE t.total > p_total) AS above
        FROM public.season_places AS s
        WHERE s.ranking_id = p_ranking_id AND s.first_total > p_total
        ORDER BY s.first_total, s.first_place DESC
        LIMIT 1
    ) AS b ON true
    WHERE r.id = p_ranking_id
$$;

COMMENT ON FUNCTION archive.count_above(integer, bigint) IS 'Players above a total, and players, of a closed season.';
