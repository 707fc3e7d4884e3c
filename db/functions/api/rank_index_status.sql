-- Purpose:  the state of the rank index, cheap enough for two calls a second.
-- Returns:  one row:
--           pending        deltas that no fold has merged yet, over all boards
--           horizon_age    transactions begun since the oldest one that is still open; large when a long transaction
--                          holds vacuum back
--           change_marker  a text that differs after every commit that changes what reads of a board return: totals,
--                          names of players, names of boards.
-- Locks:    none. STABLE.
CREATE OR REPLACE FUNCTION api.rank_index_status()
RETURNS TABLE (pending bigint, horizon_age bigint, change_marker text)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
BEGIN
    -- Every committed change adds a pending delta. Everything that removes deltas (folds, rebuilds), or changes a tree
    -- without them, increments the version. A change of names, which reads return too, is a delta without totals.
    RETURN QUERY
    SELECT coalesce(sum(d.pending), 0)::bigint,
           pg_snapshot_xmax(pg_current_snapshot())::text::bigint
               - pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
           coalesce(string_agg(
               concat_ws(':', s.board_id, b.name, s.version, s.horizon, d.pending), ' ' ORDER BY s.board_id
           ), '')
    FROM public.rank_state AS s
    LEFT JOIN public.boards AS b ON b.id = s.board_id
    CROSS JOIN LATERAL (
        SELECT count(*) AS pending FROM rank_index.pending_deltas(s.board_id, s.horizon, s.in_flight)
    ) AS d;
END
$$;

COMMENT ON FUNCTION api.rank_index_status() IS
    'Pending rank changes, age of the horizon, and a marker that differs after every change.';
