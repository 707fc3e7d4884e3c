-- Purpose:  revokes an API key: within half a second no service accepts it. It stays in the list. Revoking it again
--           changes nothing.
-- Args:     p_id  the key's id: the 12 characters after lb_, never the key itself.
-- Returns:  when it was revoked.
-- Errors:   LB013 if there is no such key.
-- Locks:    the key's row. Writes: api_keys.
CREATE OR REPLACE FUNCTION api.revoke_api_key(p_id text) RETURNS timestamptz
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_revoked_at timestamptz;
BEGIN
    UPDATE public.api_keys AS k SET revoked_at = coalesce(k.revoked_at, now())
    WHERE k.id = p_id
    RETURNING k.revoked_at INTO v_revoked_at;
    IF v_revoked_at IS NULL THEN
        RAISE EXCEPTION 'there is no API key with this id; api.list_api_keys() lists them' USING ERRCODE = 'LB013';
    END IF;
    RETURN v_revoked_at;
END
$$;

COMMENT ON FUNCTION api.revoke_api_key(text) IS 'Revokes an API key.';
