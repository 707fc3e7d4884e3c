-- Purpose:  the totals and ranks of players in a closed season.
-- Args:     p_ranking_id; p_user_ids.
-- Returns:  one row per element that is a player with a total there. total_score is as leaderboard held it.
-- Note:     plain SQL that the planner inlines: two look-ups per player. OFFSET 0 keeps them look-ups, and unpacks the
--           totals of a block once.
CREATE OR REPLACE FUNCTION archive.entries(p_ranking_id integer, p_user_ids integer[])
RETURNS TABLE (user_id integer, total_score bigint, rank bigint)
LANGUAGE sql STABLE
AS $$
    SELECT i.id, b.total, (CASE WHEN b.first = 1 THEN b.first_rank ELSE b.first_place + b.first - 1 END)::bigint
    FROM unnest(p_user_ids) AS i(id)
    CROSS JOIN LATERAL archive.place_of(p_ranking_id, i.id) AS p
    CROSS JOIN LATERAL (
        -- first: the first place of the block with this total
        SELECT t.total, t.first_place, t.first_rank, array_position(t.totals, t.total) AS first
        FROM (
            SELECT s.first_place, s.first_rank, s.totals, s.totals[p.place - s.first_place + 1] AS total
            FROM public.season_places AS s
            WHERE s.ranking_id = p_ranking_id AND s.first_place <= p.place
            ORDER BY s.first_place DESC
            LIMIT 1
        ) AS t
        OFFSET 0
    ) AS b
$$;

COMMENT ON FUNCTION archive.entries(integer, integer[]) IS 'The totals and ranks of players in a closed season.';
