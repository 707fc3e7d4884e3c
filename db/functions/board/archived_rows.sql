-- Purpose:  a page of a closed season, from its archive.
-- Args:     p_ranking_id  a closed ranking; p_first_place  from 1; p_limit  rows at most.
-- Returns:  the rows in the board's order, with the final ranks and the players' names of today: 'deleted' for a player
--           who is gone, with the user id 0. tie is the place, by which the next page finds the row.
CREATE OR REPLACE FUNCTION board.archived_rows(p_ranking_id integer, p_first_place bigint, p_limit integer)
RETURNS TABLE (rank bigint, user_id integer, username text, total_score bigint, tie bigint)
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN QUERY
    SELECT p.rank, p.user_id, coalesce(u.username, 'deleted'), p.total_score, p.place
    FROM archive.page(p_ranking_id, least(p_first_place, 2147483648), p_limit) AS p
    LEFT JOIN LATERAL (SELECT n.username FROM public.users AS n WHERE n.id = p.user_id OFFSET 0) AS u ON true
    ORDER BY p.place;
END
$$;

COMMENT ON FUNCTION board.archived_rows(integer, bigint, integer) IS
    'A page of a closed season with names, from its archive.';
