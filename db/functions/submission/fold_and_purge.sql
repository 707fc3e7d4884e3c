-- Purpose:  folds every board, and deletes expired submission keys and rejections: more of them than the folded submits
--           can have added.
-- Returns:  the number of deltas merged; 0 when another fold is running or there is nothing to do.
-- Errors:   LB030 when the transaction is not READ COMMITTED.
-- Locks:    the fold lock if it is free (it never waits for it), until the transaction ends.
-- Writes:   rank_delta, rank_node, rank_state, submission_keys, rejected_submissions.
CREATE OR REPLACE FUNCTION submission.fold_and_purge() RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_moved bigint := rank_index.fold_all();
BEGIN
    IF v_moved IS NULL THEN
        RETURN 0;
    END IF;
    PERFORM submission.purge_keys((1000 + 2 * v_moved)::integer);
    PERFORM submission.purge_rejections((1000 + 2 * v_moved)::integer);
    RETURN v_moved;
END
$$;

COMMENT ON FUNCTION submission.fold_and_purge() IS
    'Folds every board and deletes expired submission keys and rejections.';
