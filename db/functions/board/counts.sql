-- Purpose:  whether a board counts a session: the only definition of what counts where.
-- Args:     p_board  a row of boards; p_game_mode, p_score  of the session.
-- Returns:  true when the board counts this game mode, or any, and the score is within its bounds.
-- Note:     the planner inlines it, so it costs no call; that needs no SET, no SECURITY DEFINER and not STRICT. It
--           needs no pinned search_path, because its body is parsed when it is created.
CREATE OR REPLACE FUNCTION board.counts(p_board public.boards, p_game_mode text, p_score bigint) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (p_board.game_mode IS NULL OR p_board.game_mode = p_game_mode)
    AND p_score BETWEEN p_board.min_score AND p_board.max_score;

COMMENT ON FUNCTION board.counts(public.boards, text, bigint) IS
    'Whether a board counts a session of this game mode and score.';
