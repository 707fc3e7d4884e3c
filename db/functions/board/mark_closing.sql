-- Purpose:  stops the counting of seasons past their deadlines, in two steps. In the first, closing_xid becomes 0: what
--           sees that counts nothing on them, except submissions that got their time before the deadline
--           (board.still_counts). In a later transaction it becomes the id of that transaction: such submissions, and
--           what did not see the first step, have a lower one, because whatever adds to totals gets its id before it
--           looks, and a submission before it gets its time.
--           (pg_snapshot_xmax would not do: a transaction that runs may have a higher id.)
--           Splits are not marked: nothing counts on them but by the ranking of all players (board.close_season).
-- Returns:  how many rankings it marked.
-- Locks:    the caller holds the seasons lock, and had no transaction id before that.
-- Writes:   rankings.closing_xid.
CREATE OR REPLACE FUNCTION board.mark_closing() RETURNS integer
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_now    CONSTANT timestamptz := clock_timestamp();
    v_second integer;
    v_first  integer;
BEGIN
    -- Marked by a transaction before, or, with a higher id, in another cluster, from which a dump was restored.
    UPDATE public.rankings AS r
    SET closing_xid = pg_current_xact_id()
    WHERE NOT r.cleared AND r.closed_at IS NULL
        AND (r.closing_xid = '0' OR r.closing_xid > pg_current_xact_id());
    GET DIAGNOSTICS v_second = ROW_COUNT;
    UPDATE public.rankings AS r
    SET closing_xid = '0'
    FROM public.boards AS b
    WHERE r.closing_xid IS NULL AND r.deadline <= c_now AND r.deadline < 'infinity'
        AND b.id = r.board_id AND (b.period IS NOT NULL OR b.manual_seasons);
    GET DIAGNOSTICS v_first = ROW_COUNT;
    RETURN v_first + v_second;
END
$$;

COMMENT ON FUNCTION board.mark_closing() IS 'Stops the counting of seasons past their deadlines.';
