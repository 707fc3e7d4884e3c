-- Purpose:  revokes an API key, for a caller who holds one with the scope keys: api.revoke_api_key for others than the
--           owner of the database.
-- Args:     p_key  the caller's own key, the whole text
--           p_id   the id of the key to revoke, which may be the caller's own.
-- Returns:  when it was revoked.
-- Errors:   LB001 when p_key is no valid key with the scope keys, LB013 if there is no key with that id.
-- Locks:    the key's row. Writes: api_keys.
CREATE OR REPLACE FUNCTION api.withdraw_api_key(p_key text, p_id text) RETURNS timestamptz
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM internal.require_own_key(p_key);
    RETURN api.revoke_api_key(p_id);
END
$$;

COMMENT ON FUNCTION api.withdraw_api_key(text, text) IS
    'Revokes an API key, for a caller who holds one with the scope keys.';
