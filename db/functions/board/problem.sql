-- Purpose:  checks everything that api functions may set of a board.
-- Args:     p_board  the row as it would be.
-- Returns:  NULL when it is valid; otherwise a sentence that says what to change.
CREATE OR REPLACE FUNCTION board.problem(p_board public.boards) RETURNS text
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN CASE
        WHEN p_board.name IS NULL OR char_length(p_board.name) > 50 OR p_board.name !~ '^[A-Za-z0-9][A-Za-z0-9_.-]*$'
            THEN 'the name must be 1 to 50 of A-Z a-z 0-9 _ . - and start with a letter or digit'
        WHEN internal.game_mode_problem(p_board.game_mode) IS NOT NULL
            THEN internal.game_mode_problem(p_board.game_mode) || ' (NULL for any)'
        WHEN p_board.aggregate IS NULL OR p_board.aggregate NOT IN ('sum', 'best', 'last', 'first', 'count')
            THEN 'the aggregate must be sum, best, last, first or count'
        WHEN p_board.min_score IS NULL OR p_board.max_score IS NULL OR p_board.min_score > p_board.max_score
            THEN 'min_score must not be above max_score'
        WHEN p_board.min_score < -9007199254740991 OR p_board.max_score > 9007199254740991
            THEN 'min_score and max_score must lie within -9007199254740991 and 9007199254740991'
        WHEN p_board.max_submissions_per_minute < 1
            THEN 'max_submissions_per_minute must be 1 or more, or 0 for no limit'
        WHEN p_board.max_gain_per_hour NOT BETWEEN 1 AND 9007199254740991
            THEN 'max_gain_per_hour must be 1 to 9007199254740991, or 0 for no limit'
        WHEN p_board.require_ticket IS NULL
            THEN 'require_ticket must be true or false'
        WHEN p_board.min_play_seconds NOT BETWEEN 1 AND 86400 OR p_board.max_play_seconds NOT BETWEEN 1 AND 86400
            THEN 'min_play_seconds and max_play_seconds must be 1 to 86400, or 0 for no limit'
        WHEN p_board.min_play_seconds > p_board.max_play_seconds
            THEN 'min_play_seconds must not be above max_play_seconds'
        WHEN p_board.max_score_per_second NOT BETWEEN 1 AND 9007199254740991
            THEN 'max_score_per_second must be 1 to 9007199254740991, or 0 for no limit'
        ELSE board.option_problem(p_board)
    END;
END
$$;

COMMENT ON FUNCTION board.problem(public.boards) IS 'Why a board is invalid; NULL: it is valid.';
