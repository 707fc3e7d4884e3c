-- Purpose:  what of a board cannot change any more: seasons that are closed, or have begun, stay as they are.
-- Args:     p_old, p_new  the row before and after.
-- Returns:  NULL when it can change; otherwise a sentence that says why not, and what to do instead.
CREATE OR REPLACE FUNCTION board.change_problem(p_old public.boards, p_new public.boards) RETURNS text
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    c_instead CONSTANT text := 'create another board with the new options and with opens_at, which is filled from the'
        ' ledger, and delete this one';
    v_now     timestamptz := clock_timestamp();
    v_seasons boolean := p_old.period IS NOT NULL OR p_old.manual_seasons;
BEGIN
    RETURN CASE
        WHEN (p_old.period::text, p_old.anchor, p_old.time_zone, p_old.manual_seasons)
            IS DISTINCT FROM (p_new.period::text, p_new.anchor, p_new.time_zone, p_new.manual_seasons)
            THEN 'period, anchor, time_zone and manual_seasons decide which seasons a board has and cannot change: '
                || c_instead
        WHEN NOT v_seasons THEN NULL
        WHEN p_old.opens_at IS DISTINCT FROM p_new.opens_at
            AND (coalesce(p_old.opens_at <= v_now, true) OR coalesce(p_new.opens_at <= v_now, true))
            THEN 'opens_at of a board with seasons can only change before it opens, to a later time than now: '
                || c_instead
        WHEN p_old.closes_at IS DISTINCT FROM p_new.closes_at AND p_old.closes_at <= v_now
            THEN 'the board has closed, and its seasons with it: ' || c_instead
        WHEN p_old.closes_at IS DISTINCT FROM p_new.closes_at AND p_new.closes_at <= v_now
            THEN 'closes_at of a board with seasons must be later than now'
        WHEN p_old.lowest_wins <> p_new.lowest_wins AND EXISTS (
            SELECT FROM public.rankings AS r WHERE r.board_id = p_old.id AND r.closing_xid IS NOT NULL
        )
            THEN 'the board has closed seasons, whose ranks are final, so lowest_wins cannot change: ' || c_instead
    END;
END
$$;

COMMENT ON FUNCTION board.change_problem(public.boards, public.boards) IS
    'Why a board cannot change in this way; NULL: it can.';
