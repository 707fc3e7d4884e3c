-- Purpose:  the state of the rank index, cheap enough for two calls a second.
-- Returns:  one row:
--           pending        deltas that no fold has merged yet, over all boards
--           horizon_age    transactions begun since the oldest one that is still open; large when a long transaction
--                          holds vacuum back
--           change_marker  a text that differs after every commit that changes what reads of a board return: totals,
--                          names of players, boards and their options, seasons, which boards are filled.
-- Locks:    none. STABLE.
CREATE OR REPLACE FUNCTION api.rank_index_status()
RETURNS TABLE (pending bigint, horizon_age bigint, change_marker text)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
    v_pending bigint;
BEGIN
    SELECT coalesce(sum(p.number), 0) INTO v_pending
    FROM rank_index.dirty_boards() AS d(id)
    CROSS JOIN LATERAL (
        SELECT s.horizon, s.in_flight FROM public.rank_state AS s WHERE s.board_id = d.id OFFSET 0
    ) AS s
    CROSS JOIN LATERAL (
        SELECT count(*) AS number FROM rank_index.pending_deltas(d.id, s.horizon, s.in_flight)
    ) AS p;
    -- Every committed change adds a pending delta. Everything that removes deltas (folds, rebuilds), or changes a tree
    -- without them, increments a version. So while the versions add up to the same, there were only more deltas. A
    -- change of names, which reads return too, is a delta without totals. Boards and seasons that come and go change
    -- which rankings have a tree.
    RETURN QUERY
    SELECT v_pending,
           pg_snapshot_xmax(pg_current_snapshot())::text::bigint
               - pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
           concat_ws(
               ':', v_pending,
               (SELECT concat(sum(s.version), ':', sum(hashint4extended(s.board_id, 1))) FROM public.rank_state AS s),
               (SELECT sum(hash_record_extended(b, 1)) FROM public.boards AS b),
               (SELECT sum(r.filled_to::bigint + 1) FROM public.rankings AS r WHERE r.filled_to IS NOT NULL)
           );
END
$$;

COMMENT ON FUNCTION api.rank_index_status() IS
    'Pending rank changes, age of the horizon, and a marker that differs after every change.';
