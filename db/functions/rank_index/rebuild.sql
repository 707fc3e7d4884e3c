-- Purpose:  counts the players of a board into a new tree, beside running submits. The counts and the horizon come from
--           one snapshot: what it shows is counted, what it does not show stays a pending delta. This transaction's own
--           deltas are counted and deleted as well. (Deltas restored from another cluster may have ids that this one
--           has not reached yet: they stay pending, so they are subtracted from the counts.)
-- Args:     p_board_id.
-- Errors:   LB030 when the transaction is not READ COMMITTED.
-- Locks:    the fold lock, for which it waits, until the transaction ends. Writes: rank_node, rank_delta, rank_state.
CREATE OR REPLACE FUNCTION rank_index.rebuild(p_board_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_horizon   xid8;
    v_in_flight xid8[];
    v_totals    bigint[];
    v_changes   integer[];
BEGIN
    PERFORM internal.require_read_committed();
    PERFORM internal.lock_fold();

    -- One statement, one snapshot, taken after the lock was granted.
    WITH moment AS MATERIALIZED (
        SELECT pg_snapshot_xmax(n.snapshot) AS horizon, rank_index.in_flight(n.snapshot) AS in_flight
        FROM (SELECT pg_current_snapshot() AS snapshot) AS n
    )
    SELECT m.horizon, m.in_flight, t.totals, t.changes
    INTO v_horizon, v_in_flight, v_totals, v_changes
    FROM moment AS m
    CROSS JOIN (
        SELECT array_agg(n.total) AS totals, array_agg(n.players) AS changes
        FROM (
            SELECT c.total, sum(c.players)::integer AS players
            FROM (
                SELECT l.total_score AS total, count(*) AS players
                FROM public.leaderboard AS l
                WHERE l.board_id = p_board_id
                GROUP BY l.total_score
                UNION ALL
                SELECT x.total, x.players
                FROM moment AS o
                JOIN public.rank_delta AS d
                    ON d.board_id = p_board_id AND (d.xid >= o.horizon OR d.xid = ANY (o.in_flight))
                CROSS JOIN LATERAL (VALUES (d.new_total, -1), (d.old_total, 1)) AS x(total, players)
                WHERE d.xid IS DISTINCT FROM pg_current_xact_id_if_assigned() AND x.total IS NOT NULL
            ) AS c
            GROUP BY c.total
            HAVING sum(c.players) <> 0
        ) AS n
    ) AS t;

    DELETE FROM public.rank_node AS n WHERE n.board_id = p_board_id;
    DELETE FROM public.rank_delta AS d
    WHERE d.board_id = p_board_id
        AND (d.xid < v_horizon AND d.xid <> ALL (v_in_flight) OR d.xid = pg_current_xact_id_if_assigned());
    UPDATE public.rank_state AS s
    SET players = 0, top_shift = 0, horizon = v_horizon, in_flight = v_in_flight, version = s.version + 1
    WHERE s.board_id = p_board_id;
    PERFORM rank_index.add_to_tree(p_board_id, v_totals, v_changes);
END
$$;

COMMENT ON FUNCTION rank_index.rebuild(integer) IS
    'Rebuilds a board''s rank tree from leaderboard, beside running submits.';
