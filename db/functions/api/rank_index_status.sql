-- Purpose:  the state of the rank index, cheap enough to be asked twice a second.
-- Returns:  one row: pending  deltas that no fold has moved yet, over all boards
--           horizon_age  transactions begun since the oldest one that still runs; large when a long transaction holds folds back
--           change_marker  a text that differs whenever a change of any board's totals was committed since.
-- Locks:    none. STABLE.
CREATE OR REPLACE FUNCTION api.rank_index_status()
RETURNS TABLE (pending bigint, horizon_age bigint, change_marker text)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
    -- A committed change is a delta more, or, once folded, a higher horizon; bulk changes and rebuilds count the version up.
    RETURN QUERY
    SELECT coalesce(sum(d.pending), 0)::bigint,
           pg_snapshot_xmax(pg_current_snapshot())::text::bigint - pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
           coalesce(string_agg(concat_ws(':', s.board_id, s.horizon, s.version, d.pending, d.newest), ' ' ORDER BY s.board_id), '')
    FROM public.rank_state AS s
    CROSS JOIN LATERAL (
        SELECT count(*) AS pending, max(p.xid::text::bigint) AS newest
        FROM public.rank_delta AS p
        WHERE p.board_id = s.board_id AND p.xid >= s.horizon
    ) AS d;
END
$$;

COMMENT ON FUNCTION api.rank_index_status() IS 'Pending rank changes, age of the horizon, and a marker that differs after every change.';
