-- Purpose:  the players at consecutive places of a closed season.
-- Args:     p_ranking_id; p_first_place  from 1; p_limit  rows at most.
-- Returns:  the rows in order of their places. place counts the players in the board's order; rank is RANK(), so ties
--           share it. user_id is 0 for a player who was deleted since. total_score is as leaderboard held it.
-- Note:     plain SQL that the planner inlines: it reads the blocks that have these places.
CREATE OR REPLACE FUNCTION archive.page(p_ranking_id integer, p_first_place bigint, p_limit integer)
RETURNS TABLE (place bigint, rank bigint, user_id integer, total_score bigint)
LANGUAGE sql STABLE
AS $$
    SELECT s.first_place + e.number - 1,
           CASE WHEN e.rank = 1 THEN s.first_rank ELSE s.first_place + e.rank - 1 END, e.user_id, e.total
    FROM public.season_places AS s
    CROSS JOIN LATERAL (
        SELECT u.user_id, u.total, u.number, rank() OVER (ORDER BY u.total DESC) AS rank
        FROM unnest(s.user_ids, s.totals) WITH ORDINALITY AS u(user_id, total, number)
    ) AS e
    WHERE s.ranking_id = p_ranking_id
        AND s.first_place >= (
            SELECT max(f.first_place)
            FROM public.season_places AS f
            WHERE f.ranking_id = p_ranking_id AND f.first_place <= p_first_place
        )
        AND s.first_place < p_first_place + p_limit
        AND s.first_place + e.number - 1 >= p_first_place
        AND s.first_place + e.number - 1 < p_first_place + p_limit
    ORDER BY 1
$$;

COMMENT ON FUNCTION archive.page(integer, bigint, integer) IS 'The players at consecutive places of a closed season.';
