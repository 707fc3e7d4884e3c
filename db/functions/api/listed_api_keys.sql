-- Purpose:  lists the API keys, for a caller who holds one with the scope keys.
-- Args:     p_key  the caller's own key, the whole text.
-- Returns:  as api.list_api_keys.
-- Errors:   LB001 when p_key is no valid key with the scope keys.
-- Locks:    none. STABLE.
CREATE OR REPLACE FUNCTION api.listed_api_keys(p_key text)
RETURNS TABLE (
    id text, name text, scopes text[], status text,
    created_at timestamptz, last_used_at timestamptz, expires_at timestamptz, revoked_at timestamptz
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM internal.require_own_key(p_key);
    RETURN QUERY SELECT k.* FROM api.list_api_keys() AS k;
END
$$;

COMMENT ON FUNCTION api.listed_api_keys(text) IS
    'All API keys, for a caller who holds one with the scope keys.';
