-- Purpose:  the upkeep of seasons, by one step: adds seasons that begin or were missed; closes those past their
--           deadlines and archives their final ranks; deletes what is not needed any more. Submissions and reads go on.
--           Call it every second, each time in a transaction of its own, and again at once while it returns true. A
--           running service does so by itself. If calls stop half-way, later ones go on from there.
-- Returns:  true if it did something and there may be more to do at once; false if not, or if another session is at it.
-- Errors:   LB023 when a total of a past season would leave its range, LB030 when the transaction is not READ
--           COMMITTED, or has written something before.
-- Locks:    the seasons lock if it is free; see board.add_missing_seasons, board.mark_closing, board.close_season,
--           board.clear_season and board.drop_old_seasons. An archive of a million players takes seconds.
CREATE OR REPLACE FUNCTION api.close_seasons() RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM internal.require_read_committed();
    IF pg_current_xact_id_if_assigned() IS NOT NULL THEN
        RAISE EXCEPTION 'api.close_seasons() needs a transaction of its own' USING ERRCODE = 'LB030';
    END IF;
    IF NOT EXISTS (SELECT FROM public.boards AS b WHERE b.period IS NOT NULL OR b.manual_seasons)
        OR NOT internal.try_lock_seasons()
    THEN
        RETURN false;
    END IF;
    -- These are short. They are committed before the next one, which may be long.
    IF board.add_missing_seasons() + board.mark_closing() > 0 THEN
        RETURN true;
    END IF;
    RETURN board.close_season() OR board.clear_season() OR board.drop_old_seasons();
END
$$;

COMMENT ON FUNCTION api.close_seasons() IS
    'Adds, closes and archives seasons by one step; call it again at once while it returns true.';
