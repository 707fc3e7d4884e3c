-- Purpose:  rank_index.rows_above for boards with ties = earliest: their order is total_score DESC, tie, user_id.
-- Args:     p_board_id; p_limit  rows at most; p_total, p_tie, p_user_id  the place, excluded.
-- Returns:  the rows, nearest first.
CREATE OR REPLACE FUNCTION rank_index.rows_above_by_tie(
    p_board_id integer, p_limit integer, p_total bigint, p_tie bigint, p_user_id integer
)
RETURNS TABLE (user_id integer, total_score bigint, tie bigint)
LANGUAGE sql STABLE
AS $$
    (SELECT l.user_id, l.total_score, l.tie
     FROM public.leaderboard AS l
     WHERE l.board_id = p_board_id AND l.total_score = p_total AND (l.tie, l.user_id) < (p_tie, p_user_id)
         AND l.tie IS NOT NULL
     ORDER BY l.tie DESC, l.user_id DESC
     LIMIT p_limit)
    UNION ALL
    (SELECT l.user_id, l.total_score, l.tie
     FROM public.leaderboard AS l
     WHERE l.board_id = p_board_id AND l.total_score > p_total AND l.tie IS NOT NULL
     ORDER BY l.total_score, l.tie DESC, l.user_id DESC
     LIMIT p_limit)
    ORDER BY 2, 3 DESC, 1 DESC
    LIMIT p_limit
$$;

COMMENT ON FUNCTION rank_index.rows_above_by_tie(integer, integer, bigint, bigint, integer) IS
    'The players before a place in the order of a board with ties = earliest, nearest first.';
