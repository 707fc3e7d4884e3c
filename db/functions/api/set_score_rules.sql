-- Purpose:  sets the rules of a board. Submissions under way follow the old rules, later ones the new ones.
-- Args:     p_board
--           p_min_score, p_max_score      the bounds of a score; NULL: unchanged. New bounds also change which past
--                                         sessions count, so a trigger on boards (board.tg_boards__fill) recounts the
--                                         board from the ledger, as in api.create_board
--           p_max_submissions_per_minute  how many submissions of a player count within 60 seconds, at least 1; NULL:
--                                         unchanged
--           p_max_gain_per_hour           by how much a player's total may rise within an hour, at least 1; NULL:
--                                         unchanged.
--           p_require_ticket              whether a submission needs a play ticket (api.start_play); NULL: unchanged
--           p_min_play_seconds, p_max_play_seconds  how long after its ticket a submission may come, at the earliest
--                                         and at the latest; 1 to 86400; NULL: unchanged
--           p_max_score_per_second        the largest score for each second since the ticket; NULL: unchanged.
--           Pass 0 to remove a limit.
-- Returns:  the rules now in force; NULL: no rule. If the bounds changed, a NOTICE says how many totals changed, and
--           how to go back.
-- Errors:   LB001 for an invalid argument, LB010 when the board does not exist, LB023 when a total would leave its
--           range, LB030 when the transaction is not READ COMMITTED.
-- Locks:    the boards lock, exclusive, until the transaction ends.
-- Writes:   boards; with new bounds leaderboard and the rank index.
CREATE OR REPLACE FUNCTION api.set_score_rules(
    p_board text, p_min_score bigint DEFAULT NULL, p_max_score bigint DEFAULT NULL,
    p_max_submissions_per_minute integer DEFAULT NULL, p_max_gain_per_hour bigint DEFAULT NULL,
    p_require_ticket boolean DEFAULT NULL, p_min_play_seconds integer DEFAULT NULL,
    p_max_play_seconds integer DEFAULT NULL, p_max_score_per_second bigint DEFAULT NULL
)
RETURNS TABLE (
    board text, min_score bigint, max_score bigint, max_submissions_per_minute integer, max_gain_per_hour bigint,
    require_ticket boolean, min_play_seconds integer, max_play_seconds integer, max_score_per_second bigint
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
    v_new := v_old;
    v_new.min_score := coalesce(p_min_score, v_old.min_score);
    v_new.max_score := coalesce(p_max_score, v_old.max_score);
    v_new.max_submissions_per_minute := nullif(
        coalesce(p_max_submissions_per_minute, v_old.max_submissions_per_minute), 0
    );
    v_new.max_gain_per_hour := nullif(coalesce(p_max_gain_per_hour, v_old.max_gain_per_hour), 0);
    v_new.require_ticket := coalesce(p_require_ticket, v_old.require_ticket);
    v_new.min_play_seconds := nullif(coalesce(p_min_play_seconds, v_old.min_play_seconds), 0);
    v_new.max_play_seconds := nullif(coalesce(p_max_play_seconds, v_old.max_play_seconds), 0);
    v_new.max_score_per_second := nullif(coalesce(p_max_score_per_second, v_old.max_score_per_second), 0);
    v_problem := board.problem(v_new);
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'LB001';
    END IF;
    UPDATE public.boards AS b
    SET min_score = v_new.min_score, max_score = v_new.max_score,
        max_submissions_per_minute = v_new.max_submissions_per_minute, max_gain_per_hour = v_new.max_gain_per_hour,
        require_ticket = v_new.require_ticket, min_play_seconds = v_new.min_play_seconds,
        max_play_seconds = v_new.max_play_seconds, max_score_per_second = v_new.max_score_per_second
    WHERE b.id = v_old.id;
    RETURN QUERY
    SELECT v_new.name, v_new.min_score, v_new.max_score, v_new.max_submissions_per_minute, v_new.max_gain_per_hour,
           v_new.require_ticket, v_new.min_play_seconds, v_new.max_play_seconds, v_new.max_score_per_second;
END
$$;

COMMENT ON FUNCTION api.set_score_rules(
    text, bigint, bigint, integer, bigint, boolean, integer, integer, bigint
) IS 'Sets the bounds of a board''s scores and how much a player may submit.';
