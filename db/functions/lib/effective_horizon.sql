-- Purpose:  the transaction id from which a board's deltas must be read.
--           A horizon ahead of the cluster's own ids was dumped in another cluster: nothing may be skipped then.
--           (Every delta that is visible is not folded yet; the horizon only steps over dead rows.)
-- Args:     p_horizon  rank_state.horizon.
-- Returns:  the horizon, or 0 when it comes from another cluster.
CREATE OR REPLACE FUNCTION lib.effective_horizon(p_horizon xid8) RETURNS xid8
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE
    WHEN p_horizon > pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot()) THEN '0'::xid8
    ELSE p_horizon
END;

COMMENT ON FUNCTION lib.effective_horizon(xid8) IS 'The transaction id from which a board''s rank deltas must be read.';
