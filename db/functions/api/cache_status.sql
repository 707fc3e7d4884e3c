-- Purpose:  for the service: whether this process may use its Redis server, and whether what that holds can be
--           trusted. Cheap enough for ten calls a second.
-- Returns:  one row: latest and stand as api.cache_warnings() returns them; and server, what api.set_cache_server()
--           stored last, NULL if it never did.
-- Locks:    none. STABLE.
CREATE OR REPLACE FUNCTION api.cache_status()
RETURNS TABLE (latest uuid, stand jsonb, server text)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY SELECT w.latest, w.stand, w.server FROM public.cache_warnings AS w;
    IF NOT FOUND THEN
        RETURN QUERY SELECT NULL::uuid, '{}'::jsonb, NULL::text;
    END IF;
END
$$;

COMMENT ON FUNCTION api.cache_status() IS
    'The processes whose writes Redis does not know of, and the Redis server that all processes use.';
