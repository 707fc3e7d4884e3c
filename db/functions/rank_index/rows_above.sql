-- Purpose:  the nearest players before a place in a board's order (total_score DESC, user_id).
-- Args:     p_board_id; p_limit  rows at most; p_total, p_user_id  the place, excluded.
-- Returns:  the rows, nearest first.
CREATE OR REPLACE FUNCTION rank_index.rows_above(p_board_id integer, p_limit integer, p_total bigint, p_user_id integer)
RETURNS TABLE (user_id integer, total_score bigint)
LANGUAGE sql STABLE
AS $$
    (SELECT l.user_id, l.total_score
     FROM public.leaderboard AS l
     WHERE l.board_id = p_board_id AND l.total_score = p_total AND l.user_id < p_user_id
     ORDER BY l.user_id DESC
     LIMIT p_limit)
    UNION ALL
    (SELECT l.user_id, l.total_score
     FROM public.leaderboard AS l
     WHERE l.board_id = p_board_id AND l.total_score > p_total
     ORDER BY l.total_score, l.user_id DESC
     LIMIT p_limit)
    ORDER BY 2, 1 DESC
    LIMIT p_limit
$$;

COMMENT ON FUNCTION rank_index.rows_above(integer, integer, bigint, integer) IS
    'The players before a place in the board''s order, nearest first.';
