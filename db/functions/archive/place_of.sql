-- Purpose:  the place of a player in a closed season.
-- Args:     p_ranking_id; p_user_id.
-- Returns:  one row; none for a player who has no total there. Places are distinct, unlike ranks: see archive.page.
-- Note:     plain SQL that the planner inlines. OFFSET 0 keeps it one look-up.
CREATE OR REPLACE FUNCTION archive.place_of(p_ranking_id integer, p_user_id integer)
RETURNS TABLE (place bigint)
LANGUAGE sql STABLE
AS $$
    SELECT b.place
    FROM (
        SELECT s.places[array_position(s.user_ids, p_user_id)]::bigint AS place
        FROM (
            SELECT n.user_ids, n.places
            FROM public.season_players AS n
            WHERE n.ranking_id = p_ranking_id AND n.first_user_id <= p_user_id
            ORDER BY n.first_user_id DESC
            LIMIT 1
        ) AS s
        OFFSET 0
    ) AS b
    WHERE b.place IS NOT NULL
$$;

COMMENT ON FUNCTION archive.place_of(integer, integer) IS 'The place of a player in a closed season.';
