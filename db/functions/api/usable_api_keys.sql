-- Purpose:  what the service needs to check its callers: the keys that are valid now.
-- Returns:  one row per key: id, name, scopes, signed, and the SHA-256 of its secret. One row of NULLs if keys exist
--           but none is valid; no row if none was ever created, which means that no key is needed. signed is always
--           false: signed requests were removed, but services of the release before read the column.
-- Locks:    none. STABLE.
CREATE OR REPLACE FUNCTION api.usable_api_keys()
RETURNS TABLE (id text, name text, scopes text[], signed boolean, secret_hash bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT k.id, k.name, k.scopes, false, k.secret_hash
    FROM public.api_keys AS k
    WHERE k.revoked_at IS NULL AND (k.expires_at > now()) IS NOT FALSE;
    IF NOT FOUND AND EXISTS (SELECT FROM public.api_keys) THEN
        RETURN QUERY SELECT NULL::text, NULL::text, NULL::text[], NULL::boolean, NULL::bytea;
    END IF;
END
$$;

COMMENT ON FUNCTION api.usable_api_keys() IS 'The keys that are valid now, with hashes of their secrets.';
