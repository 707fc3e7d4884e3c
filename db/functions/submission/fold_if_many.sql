-- Purpose:  a fold by a submit, in case no service folds: only when more than p_many deltas are pending on a board.
--           About one in 128 submissions calls it, so the check costs next to nothing. A fold that fails does not fail
--           the submit: it is rolled back alone, and a WARNING says why. (A cancelled statement, such as by its
--           timeout, ends as a whole.)
-- Args:     p_many  pending deltas that are too many.
-- Locks:    the fold lock if it is free. Writes: as submission.fold_and_purge.
CREATE OR REPLACE FUNCTION submission.fold_if_many(p_many integer) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF current_setting('transaction_isolation') = 'read committed' AND EXISTS (
        SELECT FROM rank_index.dirty_boards() AS d(id)
        CROSS JOIN LATERAL (
            SELECT s.horizon, s.in_flight FROM public.rank_state AS s WHERE s.board_id = d.id OFFSET 0
        ) AS s
        CROSS JOIN LATERAL (
            SELECT FROM rank_index.pending_deltas(d.id, s.horizon, s.in_flight) OFFSET p_many LIMIT 1
        ) AS one_more
    ) THEN
        BEGIN
            PERFORM submission.fold_and_purge();
        EXCEPTION
            WHEN OTHERS THEN
                RAISE WARNING 'folding rank changes failed (%): %', SQLSTATE, SQLERRM;
        END;
    END IF;
END
$$;

COMMENT ON FUNCTION submission.fold_if_many(integer) IS 'Folds if more than p_many rank deltas are pending on a board.';
