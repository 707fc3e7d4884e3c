-- Purpose:  takes back horizons that come from another cluster. In the cluster that set it, a horizon has every running transaction at or above it,
--           or among those in flight. A restored dump can bring one ahead of this cluster's transaction ids: restored deltas are still found, but
--           those written now would be passed over. So whoever writes the first of them calls this, and reads need not ask.
--           (What lies below a horizon, and is not of a transaction in flight, are dead rows. It saves reading them; to lower it is always right.)
-- Locks:    the rank_state rows it changes, none otherwise. Writes: rank_state.
CREATE OR REPLACE FUNCTION rank_index.reset_foreign_horizons() RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE public.rank_state AS s SET horizon = '0', in_flight = '{}'
    WHERE s.horizon > pg_current_xact_id() AND pg_current_xact_id() <> ALL (s.in_flight);
END
$$;

COMMENT ON FUNCTION rank_index.reset_foreign_horizons() IS 'Takes back horizons of rank_state that come from another cluster.';
