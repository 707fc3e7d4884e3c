-- Purpose:  the boards on which sessions may count: for one session, those for which board.counts is true.
-- Args:     p_game_mode, and p_lowest, p_highest  score of the sessions.
-- Returns:  the boards that count the game mode and a score in that range.
-- Note:     plain SQL that the planner inlines: one look-up in an index, so that boards of other modes and bounds are
--           not read: they cost a submit nothing. A game mode is never empty.
CREATE OR REPLACE FUNCTION board.matching_boards(p_game_mode text, p_lowest bigint, p_highest bigint)
RETURNS SETOF public.boards
LANGUAGE sql STABLE
AS $$
    SELECT b.*
    FROM public.boards AS b
    WHERE coalesce(b.game_mode, '') = ANY (ARRAY['', p_game_mode])
        AND b.min_score <= p_highest AND b.max_score >= p_lowest
$$;

COMMENT ON FUNCTION board.matching_boards(text, bigint, bigint) IS
    'The boards on which sessions of this game mode and range of scores may count.';
