-- Purpose:  sets what a board takes of a player. Submissions that run meanwhile go by the old rules, later ones by the new.
-- Args:     p_board
--           p_min_score, p_max_score      the bounds of a score; NULL: as they are. Other bounds count other sessions of the past, too, so a
--                                         trigger on boards (board.tg_boards__fill) makes the board anew from the ledger.
--           p_max_submissions_per_minute  how many submissions of a player count in any 60 seconds, at least 1; 0: any; NULL: as it is
--           p_max_gain_per_hour           by how much the total of a player may rise within any hour, at least 1; 0: any; NULL: as it is.
--           For the bounds 0 is a bound, for the others it is "any".
-- Returns:  the rules as they are now; NULL: none. A NOTICE says how many totals other bounds changed, and how to go back.
-- Errors:   LB001 for a bad argument, LB010 when there is no such board, LB023 when a total would leave its range, LB030 when the transaction is not READ COMMITTED.
-- Locks:    the boards lock, exclusive, until the transaction ends.
-- Writes:   boards; with other bounds leaderboard and the rank index.
CREATE OR REPLACE FUNCTION api.set_score_rules(
    p_board text, p_min_score bigint DEFAULT NULL, p_max_score bigint DEFAULT NULL,
    p_max_submissions_per_minute integer DEFAULT NULL, p_max_gain_per_hour bigint DEFAULT NULL
)
RETURNS TABLE (board text, min_score bigint, max_score bigint, max_submissions_per_minute integer, max_gain_per_hour bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_old   public.boards;
    v_new   public.boards;
    v_fault text;
BEGIN
    PERFORM internal.require_read_committed();
    PERFORM internal.lock_boards();
    SELECT b.* INTO v_old FROM public.boards AS b WHERE b.id = board.board_id(p_board);
    v_fault := CASE
        WHEN coalesce(p_min_score, v_old.min_score) > coalesce(p_max_score, v_old.max_score)
            THEN 'min_score must not be above max_score'
        WHEN p_min_score < -9007199254740991 OR p_max_score > 9007199254740991
            THEN 'min_score and max_score must lie within -9007199254740991 and 9007199254740991'
        WHEN p_max_submissions_per_minute < 0
            THEN 'max_submissions_per_minute must be 1 or more, or 0 for no limit'
        WHEN p_max_gain_per_hour NOT BETWEEN 0 AND 9007199254740991
            THEN 'max_gain_per_hour must be 1 to 9007199254740991, or 0 for no limit'
    END;
    IF v_fault IS NOT NULL THEN
        RAISE EXCEPTION '%', v_fault USING ERRCODE = 'LB001';
    END IF;
    UPDATE public.boards AS b
    SET min_score = coalesce(p_min_score, b.min_score), max_score = coalesce(p_max_score, b.max_score),
        max_submissions_per_minute = nullif(coalesce(p_max_submissions_per_minute, b.max_submissions_per_minute), 0),
        max_gain_per_hour = nullif(coalesce(p_max_gain_per_hour, b.max_gain_per_hour), 0)
    WHERE b.id = v_old.id
    RETURNING b.* INTO v_new;
    RETURN QUERY SELECT v_new.name, v_new.min_score, v_new.max_score, v_new.max_submissions_per_minute, v_new.max_gain_per_hour;
END
$$;

COMMENT ON FUNCTION api.set_score_rules(text, bigint, bigint, integer, bigint) IS 'Sets the bounds of a board''s scores and what a player may submit to it.';
