-- Purpose:  for the service: whether this process may use its Redis server, and whether and for how long what that
--           holds can be trusted. Cheap enough for ten calls a second.
-- Returns:  one row: latest and stand as api.cache_warnings() returns them; server, what api.set_cache_server() stored
--           last, NULL if it never did; boundaries, a text that differs once a season has begun or ended; and
--           boundary_ms, as api.next_boundary() returns it.
-- Locks:    none. STABLE.
CREATE OR REPLACE FUNCTION api.cache_status()
RETURNS TABLE (latest uuid, stand jsonb, server text, boundaries text, boundary_ms bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
BEGIN
    RETURN QUERY
    SELECT w.latest, coalesce(w.stand, '{}'), w.server,
           concat_ws(' ', extract(epoch FROM b.before), extract(epoch FROM b.after)),
           CASE WHEN b.missing THEN 0 ELSE
               floor(extract(epoch FROM b.after - clock_timestamp()) * 1000)::bigint
           END
    FROM board.boundaries() AS b
    LEFT JOIN public.cache_warnings AS w ON true;
END
$$;

COMMENT ON FUNCTION api.cache_status() IS
    'The processes whose writes Redis does not know of, the Redis server that all use, and the next season boundary.';
