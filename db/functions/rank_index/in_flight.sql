-- Purpose:  the transactions below the end of a snapshot whose changes do not count as done: those that were running
--           when it was taken, and this one.
-- Args:     p_snapshot  of this transaction.
-- Returns:  their ids; empty when there are none. (A transaction without an id gets one beyond the end of the snapshot,
--           should it write.)
CREATE OR REPLACE FUNCTION rank_index.in_flight(p_snapshot pg_snapshot) RETURNS xid8[]
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(array_agg(r.xid), '{}')
    FROM (
        SELECT pg_snapshot_xip(p_snapshot) AS xid
        UNION
        SELECT pg_current_xact_id_if_assigned()
    ) AS r
    WHERE r.xid < pg_snapshot_xmax(p_snapshot)
$$;

COMMENT ON FUNCTION rank_index.in_flight(pg_snapshot) IS
    'The transactions that a snapshot does not show as ended, and this one.';
