-- Purpose:  fills boards that are new or count differently now, by one step: 500 players or fewer of one board. Then
--           fills splits, 1,000 players a step, and deletes the totals of deleted boards and splits, 2,000 a step. Call
--           it, each time in a transaction of its own, until it returns false. The service does so by itself. If calls
--           stop half-way, later ones go on from there.
-- Returns:  true if there was something to do; false if not, or if another session is at it.
-- Errors:   LB023 when a total of a board would leave its range and no other board is left: change the board's bounds,
--           or delete it. LB030 when the transaction is not READ COMMITTED.
-- Locks:    the boards lock, shared; the fill lock if it is free; see board.fill_step, board.fill_splits_step and
--           board.drop_step.
CREATE OR REPLACE FUNCTION api.fill_boards() RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_ranking_id integer;
    v_problem    text;
BEGIN
    PERFORM internal.require_read_committed();
    IF NOT EXISTS (SELECT FROM public.rankings AS r WHERE r.filled_to IS NOT NULL)
        AND NOT EXISTS (SELECT FROM public.rankings AS r WHERE r.splits_to IS NOT NULL)
    THEN
        RETURN false;
    END IF;
    PERFORM internal.lock_boards_shared();
    IF NOT internal.try_lock_fill() THEN
        RETURN false;
    END IF;
    -- Past seasons are computed when they are archived.
    FOR v_ranking_id IN
        SELECT r.id FROM public.rankings AS r WHERE r.filled_to IS NOT NULL AND r.closing_xid IS NULL ORDER BY r.id
    LOOP
        BEGIN
            PERFORM board.fill_step(v_ranking_id);
            RETURN true;
        EXCEPTION
            WHEN SQLSTATE 'LB023' THEN
                v_problem := SQLERRM;
        END;
    END LOOP;
    SELECT r.id INTO v_ranking_id
    FROM public.rankings AS r
    WHERE r.splits_to IS NOT NULL AND r.closing_xid IS NULL
    ORDER BY r.id
    LIMIT 1;
    IF FOUND THEN
        PERFORM board.fill_splits_step(v_ranking_id);
        RETURN true;
    END IF;
    IF board.drop_step() THEN
        RETURN true;
    END IF;
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%, so it cannot be filled', v_problem
            USING ERRCODE = 'LB023', HINT = 'Change its bounds (api.set_score_rules), or delete it';
    END IF;
    RETURN false;
END
$$;

COMMENT ON FUNCTION api.fill_boards() IS
    'Fills boards from the ledger by one step; call it again until it returns false.';
