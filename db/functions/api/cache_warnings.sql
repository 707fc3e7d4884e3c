-- Purpose:  for the service: whether what Redis holds can be trusted. Cheap enough for ten calls a second.
-- Returns:  one row: latest, the token of the warning that was set or renewed last, NULL if there never was one (while
--           it stays the same, no other warning was set); and stand, the current warnings as a JSON object: process ->
--           token.
-- Locks:    none. STABLE.
CREATE OR REPLACE FUNCTION api.cache_warnings()
RETURNS TABLE (latest uuid, stand jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY SELECT w.latest, w.stand FROM public.cache_warnings AS w;
    IF NOT FOUND THEN
        RETURN QUERY SELECT NULL::uuid, '{}'::jsonb;
    END IF;
END
$$;

COMMENT ON FUNCTION api.cache_warnings() IS
    'The processes whose writes Redis does not know of, and a token that changes with every warning.';
