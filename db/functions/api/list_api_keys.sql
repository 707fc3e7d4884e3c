-- Purpose:  lists all API keys, without their secrets.
-- Returns:  one row per key, the newest first. status: 'active', 'revoked' or 'expired'. last_used_at is up to half a
--           minute behind; NULL: never.
-- Locks:    none. STABLE.
CREATE OR REPLACE FUNCTION api.list_api_keys()
RETURNS TABLE (
    id text, name text, scopes text[], status text,
    created_at timestamptz, last_used_at timestamptz, expires_at timestamptz, revoked_at timestamptz
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT k.id, k.name, k.scopes,
           CASE
               WHEN k.revoked_at IS NOT NULL THEN 'revoked'
               WHEN k.expires_at <= now() THEN 'expired'
               ELSE 'active'
           END,
           k.created_at, k.last_used_at, k.expires_at, k.revoked_at
    FROM public.api_keys AS k
    ORDER BY k.created_at DESC, k.id;
END
$$;

COMMENT ON FUNCTION api.list_api_keys() IS 'All API keys, what they allow, and whether they are valid.';
