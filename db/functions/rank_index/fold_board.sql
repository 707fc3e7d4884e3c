-- Purpose:  merges a board's deltas into its tree: those that one snapshot shows, except this transaction's own, and of
--           these the oldest 200,000 or so, so that a backlog is merged in steps that fit into a statement timeout. A
--           transaction that stays open delays only its own deltas.
-- Args:     p_board_id.
-- Returns:  the number of deltas merged.
-- Locks:    the caller holds the fold lock and is READ COMMITTED. Writes: rank_delta, rank_node, rank_state.
CREATE OR REPLACE FUNCTION rank_index.fold_board(p_board_id integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_from      xid8;
    v_waited    xid8[];  -- below v_from, but not in the tree when that was set
    v_horizon   xid8;    -- the new one: transactions from here on began after the snapshot
    v_in_flight xid8[];  -- below v_horizon and running, this transaction included: it may write more
    v_oldest    xid8;
    v_bound     xid8;
    v_moved     bigint;
    v_totals    bigint[];
    v_changes   integer[];
BEGIN
    -- One statement, one snapshot. Later statements see everything that it shows. The two stored values identify what
    -- it does not show, so a read finds each delta either in the tree or among the pending ones.
    SELECT s.horizon, s.in_flight, pg_snapshot_xmax(n.snapshot), pg_snapshot_xmin(n.snapshot),
           rank_index.in_flight(n.snapshot)
    INTO STRICT v_from, v_waited, v_horizon, v_oldest, v_in_flight
    FROM public.rank_state AS s
    CROSS JOIN (SELECT pg_current_snapshot() AS snapshot) AS n
    WHERE s.board_id = p_board_id;

    -- While an old transaction keeps vacuum from removing dead rows, each fold leaves dead versions of this board's
    -- state and upper nodes, which every later read has to skip. So folds are fewer then.
    IF v_horizon::text::bigint - v_oldest::text::bigint > 10000 AND NOT EXISTS (
        SELECT FROM rank_index.pending_deltas(p_board_id, v_from, v_waited) OFFSET 2000 LIMIT 1
    ) THEN
        RETURN 0;
    END IF;

    SELECT d.xid INTO v_bound
    FROM public.rank_delta AS d
    WHERE d.board_id = p_board_id AND d.xid >= v_from AND d.xid < v_horizon
    ORDER BY d.board_id, d.xid
    OFFSET 200000 LIMIT 1;
    IF v_bound IS NOT NULL THEN
        -- The deltas of a transaction are merged together, however many there are.
        SELECT d.xid INTO v_oldest
        FROM public.rank_delta AS d
        WHERE d.board_id = p_board_id AND d.xid >= v_from
        ORDER BY d.board_id, d.xid
        LIMIT 1;
        v_horizon := CASE WHEN v_bound > v_oldest THEN v_bound ELSE (v_oldest::text::bigint + 1)::text::xid8 END;
        SELECT coalesce(array_agg(f.xid), '{}') INTO v_in_flight
        FROM unnest(v_in_flight) AS f(xid)
        WHERE f.xid < v_horizon;
    END IF;

    WITH began_later AS (
        DELETE FROM public.rank_delta AS d
        WHERE d.board_id = p_board_id AND d.xid >= v_from AND d.xid < v_horizon AND d.xid <> ALL (v_in_flight)
        RETURNING d.old_total, d.new_total
    ), ended_since AS (
        DELETE FROM public.rank_delta AS d
        WHERE d.ctid = ANY (ARRAY(  -- look-ups, as in rank_index.pending_deltas
            SELECT w.place
            FROM (SELECT unnest(v_waited) AS xid) AS f
            CROSS JOIN LATERAL (
                SELECT r.ctid AS place FROM public.rank_delta AS r WHERE r.board_id = p_board_id AND r.xid = f.xid
                OFFSET 0
            ) AS w
            WHERE f.xid <> ALL (v_in_flight)
        ))
        RETURNING d.old_total, d.new_total
    ), moved AS (
        SELECT b.old_total, b.new_total FROM began_later AS b
        UNION ALL
        SELECT e.old_total, e.new_total FROM ended_since AS e
    ), change AS (
        SELECT c.total, sum(c.players)::integer AS players
        FROM (
            SELECT moved.new_total AS total, 1 AS players FROM moved WHERE moved.new_total IS NOT NULL
            UNION ALL
            SELECT moved.old_total, -1 FROM moved WHERE moved.old_total IS NOT NULL
        ) AS c
        GROUP BY c.total
    )
    SELECT (SELECT count(*) FROM moved),
           array_agg(change.total) FILTER (WHERE change.players <> 0),
           array_agg(change.players) FILTER (WHERE change.players <> 0)
    INTO v_moved, v_totals, v_changes
    FROM change;

    IF v_moved > 0 THEN
        PERFORM rank_index.add_to_tree(p_board_id, v_totals, v_changes);
    END IF;
    -- With nothing to merge the horizon still advances now and then, past the deltas of rolled-back transactions.
    IF v_moved > 0 OR v_horizon::text::bigint - v_from::text::bigint > 500 THEN
        UPDATE public.rank_state AS s
        SET horizon = v_horizon, in_flight = v_in_flight, version = s.version + (v_moved > 0)::integer
        WHERE s.board_id = p_board_id;
    END IF;
    RETURN v_moved;
END
$$;

COMMENT ON FUNCTION rank_index.fold_board(integer) IS
    'Merges a board''s deltas into its rank tree, as one snapshot shows them.';
