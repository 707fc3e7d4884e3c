-- Purpose:  folds every board: merges the deltas of ended transactions into the rank trees.
-- Returns:  the number of deltas merged; NULL when another fold is running.
-- Errors:   LB030 when the transaction is not READ COMMITTED.
-- Locks:    the fold lock if it is free (it never waits for it), until the transaction ends. Writes: as
--           rank_index.fold_board.
CREATE OR REPLACE FUNCTION rank_index.fold_all() RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM internal.require_read_committed();
    IF NOT internal.try_lock_fold() THEN
        RETURN NULL;
    END IF;
    RETURN (SELECT coalesce(sum(rank_index.fold_board(s.board_id)), 0) FROM public.rank_state AS s);
END
$$;

COMMENT ON FUNCTION rank_index.fold_all() IS
    'Folds every board and returns the number of deltas merged; NULL when another fold is running.';
