-- Purpose:  resets horizons that come from another cluster. In its own cluster every running transaction is at or above
--           a horizon, or among those in flight. A restored dump can bring a horizon that is ahead of this cluster's
--           transaction ids: reads would then miss new deltas, though not the restored ones. So the first write calls
--           this, and reads need no check. (Below a horizon there are only dead rows and the deltas in flight. A
--           horizon saves reading these; lowering it is always correct.)
-- Locks:    the rank_state rows that it changes. Writes: rank_state.
CREATE OR REPLACE FUNCTION rank_index.reset_foreign_horizons() RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE public.rank_state AS s SET horizon = '0', in_flight = '{}'
    WHERE s.horizon > pg_current_xact_id() AND pg_current_xact_id() <> ALL (s.in_flight);
END
$$;

COMMENT ON FUNCTION rank_index.reset_foreign_horizons() IS
    'Resets horizons of rank_state that come from another cluster.';
