-- Purpose:  the players after a place in a board's order (total_score DESC, user_id): keyset paging, no offset.
-- Args:     p_board_id; p_limit  rows at most
--           p_total, p_user_id  the place, excluded. Both NULL: from the first place on.
-- Returns:  the rows, in order.
-- Note:     the rest of the tie and what is below it are two index ranges, so it starts within a tie of any size in
--           O(log n).
CREATE OR REPLACE FUNCTION rank_index.rows_below(p_board_id integer, p_limit integer, p_total bigint, p_user_id integer)
RETURNS TABLE (user_id integer, total_score bigint)
LANGUAGE sql STABLE
AS $$
    (SELECT l.user_id, l.total_score
     FROM public.leaderboard AS l
     WHERE p_total IS NULL AND l.board_id = p_board_id
     ORDER BY l.total_score DESC, l.user_id
     LIMIT p_limit)
    UNION ALL
    (SELECT l.user_id, l.total_score
     FROM public.leaderboard AS l
     WHERE l.board_id = p_board_id AND l.total_score = p_total AND l.user_id > p_user_id
     ORDER BY l.user_id
     LIMIT p_limit)
    UNION ALL
    (SELECT l.user_id, l.total_score
     FROM public.leaderboard AS l
     WHERE l.board_id = p_board_id AND l.total_score < p_total
     ORDER BY l.total_score DESC, l.user_id
     LIMIT p_limit)
    ORDER BY 2 DESC, 1
    LIMIT p_limit
$$;

COMMENT ON FUNCTION rank_index.rows_below(integer, integer, bigint, integer) IS
    'The players after a place in the board''s order.';
