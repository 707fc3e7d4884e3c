-- Purpose:  what the service needs to check its callers: the keys that are good at this moment.
-- Returns:  a row a key: id, name, scopes, signed, and the SHA-256 of its secret. Where keys were made and none is good any more, one row
--           of NULLs; where no key was ever made, no row, which means that everybody is let in.
-- Locks:    none. STABLE.
CREATE OR REPLACE FUNCTION api.usable_api_keys()
RETURNS TABLE (id text, name text, scopes text[], signed boolean, secret_hash bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT k.id, k.name, k.scopes, k.signed, k.secret_hash
    FROM public.api_keys AS k
    WHERE k.revoked_at IS NULL AND (k.expires_at > now()) IS NOT FALSE;
    IF NOT FOUND AND EXISTS (SELECT FROM public.api_keys) THEN
        RETURN QUERY SELECT NULL::text, NULL::text, NULL::text[], NULL::boolean, NULL::bytea;
    END IF;
END
$$;

COMMENT ON FUNCTION api.usable_api_keys() IS 'The keys that are good now, with hashes of their secrets.';
