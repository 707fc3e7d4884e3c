-- Purpose:  the lowest and the highest total of a board: two look-ups in the index of its order.
-- Args:     p_board_id.
-- Returns:  one row; NULLs when the board has no players.
CREATE OR REPLACE FUNCTION rank_index.total_range(p_board_id integer)
RETURNS TABLE (lowest bigint, highest bigint)
LANGUAGE sql STABLE
AS $$
    SELECT (
        SELECT l.total_score FROM public.leaderboard AS l WHERE l.board_id = p_board_id
        ORDER BY l.total_score LIMIT 1
    ), (
        SELECT l.total_score FROM public.leaderboard AS l WHERE l.board_id = p_board_id
        ORDER BY l.total_score DESC LIMIT 1
    )
$$;

COMMENT ON FUNCTION rank_index.total_range(integer) IS 'The lowest and the highest total of a board.';
