-- Purpose:  the session with the oldest open transaction of the cluster. It keeps vacuum from removing dead rows, and
--           the horizon_age of api.rank_index_status() counts from it.
-- Returns:  one row, or none when no transaction that writes is open: pid, NULL for a prepared transaction; database;
--           username and application_name of the session; state as in pg_stat_activity, such as 'idle in transaction',
--           or 'prepared' for a prepared transaction; seconds since it began. state and seconds are NULL where the
--           owner of this function may not see the sessions of other users (GRANT pg_read_all_stats allows it).
-- Locks:    none. STABLE. Reads the lock table, which costs 0.1 ms: for alerts and people, not for every call.
CREATE OR REPLACE FUNCTION api.horizon_holder()
RETURNS TABLE (pid integer, database text, username text, application_name text, state text, seconds double precision)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
BEGIN
    -- An open transaction holds a lock on its own id. pg_locks has only the lower 32 bits of an id.
    RETURN QUERY
    SELECT l.pid, coalesce(a.datname, x.database)::text, coalesce(a.usename, x.owner)::text, a.application_name,
           CASE WHEN x.gid IS NULL THEN a.state ELSE 'prepared' END,
           extract(epoch FROM clock_timestamp() - coalesce(a.xact_start, x.prepared))::double precision
    FROM pg_locks AS l
    LEFT JOIN pg_stat_activity AS a ON a.pid = l.pid
    LEFT JOIN pg_prepared_xacts AS x ON l.pid IS NULL AND x.transaction = l.transactionid
    WHERE l.locktype = 'transactionid' AND l.granted AND l.mode = 'ExclusiveLock'
        AND l.transactionid
            = ((pg_snapshot_xmin(pg_current_snapshot())::text::numeric % 4294967296)::bigint)::text::xid;
END
$$;

COMMENT ON FUNCTION api.horizon_holder() IS 'The session with the oldest open transaction of the cluster.';
