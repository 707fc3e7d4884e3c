-- Purpose:  moves a board's deltas of ended transactions into its tree, the oldest 200,000 or so: after a long transaction held folds
--           back, the backlog goes in steps that fit into a statement timeout.
-- Args:     p_board_id.
-- Returns:  the number of deltas moved.
-- Locks:    the caller holds the fold lock and is READ COMMITTED. Writes: rank_delta, rank_node, rank_state.
CREATE OR REPLACE FUNCTION lib.fold_board(p_board_id integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_from    xid8;
    v_horizon xid8;
    v_first   xid8;
    v_bound   xid8;
    v_moved   bigint;
    v_totals  bigint[];
    v_changes integer[];
BEGIN
    -- Every transaction below xmin has ended, so no delta below it can appear later. A later snapshot sees the same deltas below it.
    SELECT s.horizon, pg_snapshot_xmin(pg_current_snapshot())
    INTO STRICT v_from, v_horizon
    FROM public.rank_state AS s
    WHERE s.board_id = p_board_id;

    SELECT d.xid INTO v_bound
    FROM public.rank_delta AS d
    WHERE d.board_id = p_board_id AND d.xid >= v_from AND d.xid < v_horizon
    ORDER BY d.board_id, d.xid
    OFFSET 200000 LIMIT 1;
    IF v_bound IS NOT NULL THEN
        -- A transaction's deltas are moved together, however many they are.
        SELECT min(d.xid::text::bigint)::text::xid8 INTO v_first
        FROM public.rank_delta AS d
        WHERE d.board_id = p_board_id AND d.xid >= v_from AND d.xid < v_horizon;
        v_horizon := CASE WHEN v_bound > v_first THEN v_bound ELSE (v_first::text::bigint + 1)::text::xid8 END;
    END IF;

    WITH moved AS (
        DELETE FROM public.rank_delta AS d
        WHERE d.board_id = p_board_id AND d.xid >= v_from AND d.xid < v_horizon
        RETURNING d.old_total, d.new_total
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
        PERFORM lib.add_players(p_board_id, v_totals, v_changes);
    END IF;
    -- Also with nothing to move the horizon follows now and then: it steps over the deltas of transactions that rolled back.
    IF v_moved > 0 OR v_horizon::text::bigint - v_from::text::bigint > 500 THEN
        UPDATE public.rank_state AS s SET horizon = v_horizon WHERE s.board_id = p_board_id;
    END IF;
    RETURN v_moved;
END
$$;

COMMENT ON FUNCTION lib.fold_board(integer) IS 'Moves a board''s deltas of ended transactions into its rank tree.';
