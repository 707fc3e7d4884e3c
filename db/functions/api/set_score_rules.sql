-- Purpose:  sets the rules of a board. Submissions under way follow the old rules, later ones the new ones.
-- Args:     p_board
--           p_min_score, p_max_score      the bounds of a score; NULL: unchanged. New bounds also change which past
--                                         sessions count, so a trigger on boards (board.tg_boards__fill) recounts the
--                                         board from the ledger, as in api.create_board
--           p_max_submissions_per_minute  how many submissions of a player count within 60 seconds, at least 1; NULL:
--                                         unchanged
--           p_max_gain_per_hour           by how much a player's total may rise within an hour, at least 1; NULL:
--                                         unchanged.
--           Pass 0 to remove either of the last two rules.
-- Returns:  the rules now in force; NULL: no rule. If the bounds changed, a NOTICE says how many totals changed, and
--           how to go back.
-- Errors:   LB001 for an invalid argument, LB010 when the board does not exist, LB023 when a total would leave its
--           range, LB030 when the transaction is not READ COMMITTED.
-- Locks:    the boards lock, exclusive, until the transaction ends.
-- Writes:   boards; with new bounds leaderboard and the rank index.
CREATE OR REPLACE FUNCTION api.set_score_rules(
    p_board text, p_min_score bigint DEFAULT NULL, p_max_score bigint DEFAULT NULL,
    p_max_submissions_per_minute integer DEFAULT NULL, p_max_gain_per_hour bigint DEFAULT NULL
)
RETURNS TABLE (
    board text, min_score bigint, max_score bigint, max_submissions_per_minute integer, max_gain_per_hour bigint
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_old     public.boards;
    v_new     public.boards;
    v_problem text;
BEGIN
    PERFORM internal.require_read_committed();
    PERFORM internal.lock_boards();
    SELECT b.* INTO v_old FROM public.boards AS b WHERE b.id = board.board_id(p_board);
    v_problem := CASE
        WHEN coalesce(p_min_score, v_old.min_score) > coalesce(p_max_score, v_old.max_score)
            THEN 'min_score must not be above max_score'
        WHEN p_min_score < -9007199254740991 OR p_max_score > 9007199254740991
            THEN 'min_score and max_score must lie within -9007199254740991 and 9007199254740991'
        WHEN p_max_submissions_per_minute < 0
            THEN 'max_submissions_per_minute must be 1 or more, or 0 for no limit'
        WHEN p_max_gain_per_hour NOT BETWEEN 0 AND 9007199254740991
            THEN 'max_gain_per_hour must be 1 to 9007199254740991, or 0 for no limit'
    END;
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'LB001';
    END IF;
    UPDATE public.boards AS b
    SET min_score = coalesce(p_min_score, b.min_score), max_score = coalesce(p_max_score, b.max_score),
        max_submissions_per_minute = nullif(coalesce(p_max_submissions_per_minute, b.max_submissions_per_minute), 0),
        max_gain_per_hour = nullif(coalesce(p_max_gain_per_hour, b.max_gain_per_hour), 0)
    WHERE b.id = v_old.id
    RETURNING b.* INTO v_new;
    RETURN QUERY
    SELECT v_new.name, v_new.min_score, v_new.max_score, v_new.max_submissions_per_minute, v_new.max_gain_per_hour;
END
$$;

COMMENT ON FUNCTION api.set_score_rules(text, bigint, bigint, integer, bigint) IS
    'Sets the bounds of a board''s scores and how much a player may submit.';
