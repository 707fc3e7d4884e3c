-- Purpose:  the totals of players.
-- Args:     p_board_id; p_user_ids.
-- Returns:  one row per player who is on the board; tie as in leaderboard.
CREATE OR REPLACE FUNCTION rank_index.player_totals(p_board_id integer, p_user_ids integer[])
RETURNS TABLE (user_id integer, username text, total_score bigint, tie bigint)
LANGUAGE sql STABLE
AS $$
    SELECT l.user_id, u.username, l.total_score, l.tie
    FROM public.leaderboard AS l
    CROSS JOIN LATERAL (
        -- OFFSET 0 keeps this one look-up per player, however small users was when the plan was made.
        SELECT n.username FROM public.users AS n WHERE n.id = l.user_id OFFSET 0
    ) AS u
    WHERE l.board_id = p_board_id AND l.user_id = ANY (p_user_ids)
$$;

COMMENT ON FUNCTION rank_index.player_totals(integer, integer[]) IS 'The totals of the players who are on the board.';
