-- Purpose:  folds every ranking that has pending deltas: merges the deltas of ended transactions into the rank trees.
--           And one whose horizon is far behind, so that it gets past the deltas of rolled-back transactions.
-- Returns:  the number of deltas merged; NULL when another fold is running.
-- Errors:   LB030 when the transaction is not READ COMMITTED.
-- Locks:    the fold lock if it is free (it never waits for it), until the transaction ends. Writes: as
--           rank_index.fold_board.
CREATE OR REPLACE FUNCTION rank_index.fold_all() RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_recent xid8 := greatest(pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 500, 0)::text::xid8;
    v_boards integer[];
BEGIN
    PERFORM internal.require_read_committed();
    IF NOT internal.try_lock_fold() THEN
        RETURN NULL;
    END IF;
    v_boards := ARRAY(SELECT d.id FROM rank_index.dirty_boards() AS d(id));
    v_boards := v_boards || ARRAY(
        SELECT s.board_id
        FROM public.rank_state AS s
        WHERE s.horizon < v_recent AND s.board_id <> ALL (v_boards)
        ORDER BY s.horizon
        LIMIT 1
    );
    RETURN (SELECT coalesce(sum(rank_index.fold_board(b.id)), 0) FROM unnest(v_boards) AS b(id));
END
$$;

COMMENT ON FUNCTION rank_index.fold_all() IS 'Folds every ranking that has pending deltas.';
