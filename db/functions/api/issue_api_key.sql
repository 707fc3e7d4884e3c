-- Purpose:  issues an API key, for a caller who holds one with the scope keys: api.create_api_key for others than the
--           owner of the database.
-- Args:     p_key  the caller's own key, the whole text
--           p_name, p_scopes, p_expires_at  of the new key, as in api.create_api_key; any scopes but keys.
-- Returns:  one row: id, by which it is listed and revoked, and api_key, the key itself.
-- Errors:   LB001 when p_key is no valid key with the scope keys, for a bad argument, or if 1000 keys are valid
--           already.
-- Locks:    none. Writes: api_keys.
CREATE OR REPLACE FUNCTION api.issue_api_key(
    p_key text, p_name text, p_scopes text[], p_expires_at timestamptz DEFAULT NULL
)
RETURNS TABLE (id text, api_key text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM internal.require_own_key(p_key);
    IF 'keys' = ANY (p_scopes) THEN
        RAISE EXCEPTION 'only the owner of the database gives a key the scope keys: make api-key'
            USING ERRCODE = 'LB001';
    END IF;
    RETURN QUERY SELECT k.id, k.api_key FROM api.create_api_key(p_name, p_scopes, p_expires_at) AS k;
END
$$;

COMMENT ON FUNCTION api.issue_api_key(text, text, text[], timestamptz) IS
    'Issues an API key, for a caller who holds one with the scope keys.';
