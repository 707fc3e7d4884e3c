-- Purpose:  lets the role of the service make certain calls only while there is a valid API key with a scope for them.
--           So a service whose operator has made no such key has no right to, even if an attacker controls it. Other
--           roles have the rights that they were granted.
-- Args:     p_scopes  the scopes: a key with one of them is enough. Give the most usual one first.
-- Errors:   insufficient_privilege (42501).
-- Note:     for functions with SECURITY DEFINER: current_user is their owner.
CREATE OR REPLACE FUNCTION internal.require_key(p_scopes text[]) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_caller text := CASE current_setting('role') WHEN 'none' THEN session_user ELSE current_setting('role') END;
BEGIN
    IF pg_has_role(v_caller, 'leaderboard_service', 'MEMBER') AND NOT pg_has_role(v_caller, current_user, 'MEMBER')
        AND NOT EXISTS (
            SELECT FROM public.api_keys AS k
            WHERE p_scopes && k.scopes AND k.revoked_at IS NULL AND (k.expires_at > now()) IS NOT FALSE
        )
    THEN
        RAISE EXCEPTION 'the role % may do this only while there is an API key with the scope %', v_caller,
            array_to_string(p_scopes, ' or ')
            USING ERRCODE = 'insufficient_privilege',
                HINT = 'The owner creates one: make api-key NAME=... SCOPES=' || p_scopes[1];
    END IF;
END
$$;

COMMENT ON FUNCTION internal.require_key(text[]) IS
    'Lets the role of the service make certain calls only while there is a valid API key with a scope for them.';
