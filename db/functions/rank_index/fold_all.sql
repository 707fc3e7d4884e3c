-- Purpose:  folds every ranking that has pending deltas: merges the deltas of ended transactions into the rank trees.
--           And one whose horizon is far behind, so that it gets past the deltas of rolled-back transactions. Of splits
--           with few deltas only some at a time, the one folded longest ago first: a board may have hundreds, and each
--           fold costs a quarter of a millisecond, but a read hardly notices a few hundred deltas.
-- Returns:  the number of deltas merged; NULL when another fold is running.
-- Errors:   LB030 when the transaction is not READ COMMITTED.
-- Locks:    the fold lock if it is free (it never waits for it), until the transaction ends. Writes: as
--           rank_index.fold_board.
CREATE OR REPLACE FUNCTION rank_index.fold_all() RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_many   CONSTANT integer := 300;
    c_splits CONSTANT integer := 10;
    v_recent xid8 := greatest(pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 500, 0)::text::xid8;
    v_boards integer[];
BEGIN
    PERFORM internal.require_read_committed();
    IF NOT internal.try_lock_fold() THEN
        RETURN NULL;
    END IF;
    v_boards := ARRAY(
        WITH dirty AS MATERIALIZED (
            SELECT d.id, s.horizon, r.split > '' AND NOT EXISTS (
                SELECT FROM rank_index.pending_deltas(d.id, s.horizon, s.in_flight) OFFSET c_many LIMIT 1
            ) AS may_wait
            FROM rank_index.dirty_boards() AS d(id)
            CROSS JOIN LATERAL (
                SELECT o.horizon, o.in_flight FROM public.rank_state AS o WHERE o.board_id = d.id OFFSET 0
            ) AS s
            LEFT JOIN LATERAL (SELECT o.split FROM public.rankings AS o WHERE o.id = d.id OFFSET 0) AS r ON true
        )
        SELECT d.id FROM dirty AS d WHERE d.may_wait IS NOT TRUE
        UNION ALL
        (SELECT d.id
         FROM dirty AS d
         WHERE d.may_wait
         ORDER BY d.horizon, d.id
         LIMIT (SELECT greatest(c_splits, count(*) / 20) FROM dirty))
    );
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
