-- Purpose:  the place after a cursor in a closed season, for the next page.
-- Args:     p_ranking_id; p_total  as leaderboard held it; p_tie  NULL if the board orders ties by user_id; p_user_id.
-- Returns:  the place of the first player after the cursor; one more than the last place if there is none.
-- Note:     the cursor of a player of the season is that player's place. Another one may name a player who was deleted
--           since, or who changed their total before the season closed. Then the order within the tie decides; the
--           archive has no session ids, so if p_tie is given, the tie begins again rather than that players are missed.
CREATE OR REPLACE FUNCTION archive.place_after(p_ranking_id integer, p_total bigint, p_tie bigint, p_user_id integer)
RETURNS bigint
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    v_first bigint := 1 + (SELECT c.above FROM archive.count_above(p_ranking_id, p_total) AS c);
    v_next  bigint := 1 + (SELECT c.above FROM archive.count_above(p_ranking_id, p_total - 1) AS c);  -- after the tie
    v_place bigint := (SELECT p.place FROM archive.place_of(p_ranking_id, p_user_id) AS p);
BEGIN
    IF v_place >= v_first AND v_place < v_next THEN
        RETURN v_place + 1;
    ELSIF p_tie IS NOT NULL THEN
        RETURN v_first;
    END IF;
    RETURN coalesce((
        SELECT s.first_place + u.number - 1
        FROM public.season_places AS s
        CROSS JOIN LATERAL unnest(s.user_ids) WITH ORDINALITY AS u(user_id, number)
        WHERE s.ranking_id = p_ranking_id
            AND s.first_place >= (
                SELECT max(f.first_place)
                FROM public.season_places AS f
                WHERE f.ranking_id = p_ranking_id AND f.first_place <= v_first
            )
            AND s.first_place < v_next
            AND s.first_place + u.number - 1 >= v_first
            AND s.first_place + u.number - 1 < v_next
            AND u.user_id > p_user_id
        ORDER BY s.first_place, u.number
        LIMIT 1
    ), v_next);
END
$$;

COMMENT ON FUNCTION archive.place_after(integer, bigint, bigint, integer) IS
    'The place after a cursor in a closed season, for the next page.';
