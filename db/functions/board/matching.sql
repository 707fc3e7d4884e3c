-- Purpose:  the rankings on which sessions count: for one session, those of the boards for which board.counts is true.
-- Args:     p_game_mode, and p_lowest, p_highest  score of the sessions.
-- Returns:  one row per ranking of a board that counts the game mode and a score in that range: its id and filled_to;
--           the id, aggregate and bounds of its board; whether the board has rules beyond its bounds.
-- Note:     plain SQL that the planner inlines. Two ranges of an index instead of board.counts, so that boards of other
--           modes and bounds are not read: they cost a submit nothing.
CREATE OR REPLACE FUNCTION board.matching(p_game_mode text, p_lowest bigint, p_highest bigint)
RETURNS TABLE (
    id integer, filled_to integer, board_id integer, aggregate text, min_score bigint, max_score bigint,
    has_rules boolean
)
LANGUAGE sql STABLE
AS $$
    SELECT r.id, r.filled_to, m.id, m.aggregate, m.min_score, m.max_score,
           m.max_submissions_per_minute IS NOT NULL OR m.max_gain_per_hour IS NOT NULL
    FROM (
        SELECT b.*
        FROM public.boards AS b
        WHERE b.game_mode IS NULL AND b.min_score <= p_highest AND b.max_score >= p_lowest
        UNION ALL
        SELECT b.*
        FROM public.boards AS b
        WHERE b.game_mode = p_game_mode AND b.min_score <= p_highest AND b.max_score >= p_lowest
    ) AS m
    CROSS JOIN LATERAL (
        -- OFFSET 0 keeps this a look-up, however small the table was when the plan was made.
        SELECT l.id, l.filled_to FROM public.rankings AS l WHERE l.board_id = m.id OFFSET 0
    ) AS r
$$;

COMMENT ON FUNCTION board.matching(text, bigint, bigint) IS
    'The rankings on which sessions of this game mode and range of scores count.';
