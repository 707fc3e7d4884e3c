-- Purpose:  checks that a caller holds an API key that may issue and revoke others. So the role of the service may do
--           neither without such a key, whose text it does not know.
-- Args:     p_key  the whole key: lb_, its id, _, its secret.
-- Errors:   LB001 when it is no valid key with the scope keys.
-- Locks:    none. STABLE.
CREATE OR REPLACE FUNCTION internal.require_own_key(p_key text) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- The secret has 256 random bits, so how long the comparison takes tells nothing of use.
    IF p_key ~ '^lb_[0-9a-f]{12}_[0-9a-f]{64}$' AND EXISTS (
        SELECT FROM public.api_keys AS k
        WHERE k.id = substr(p_key, 4, 12) AND k.secret_hash = sha256(decode(substr(p_key, 17), 'hex'))
            AND 'keys' = ANY (k.scopes) AND k.revoked_at IS NULL AND (k.expires_at > now()) IS NOT FALSE
    ) THEN
        RETURN;
    END IF;
    RAISE EXCEPTION 'the API key of the caller must be valid and have the scope keys' USING ERRCODE = 'LB001';
END
$$;

COMMENT ON FUNCTION internal.require_own_key(text) IS
    'Checks that a caller holds an API key that may issue and revoke others.';
