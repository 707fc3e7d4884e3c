-- Purpose:  makes an API key. Its text is shown here and never again: the database keeps a hash of it. From the first key on, the
--           service asks every caller for one.
-- Args:     p_name        what it is for, 1 to 100 printable characters
--           p_scopes      what it may do: 'submit', 'read' and 'admin', which may do everything
--           p_signed      whether requests have to be signed with it (docs/security.md), so that it is never sent
--           p_expires_at  until when it is good; NULL: until it is revoked.
-- Returns:  one row: id, by which it is listed and revoked, and api_key, the key itself.
-- Errors:   LB001 for a bad argument, or when 1000 keys are usable already.
-- Locks:    none. Writes: api_keys.
CREATE OR REPLACE FUNCTION api.create_api_key(
    p_name text, p_scopes text[], p_signed boolean DEFAULT false, p_expires_at timestamptz DEFAULT NULL
)
RETURNS TABLE (id text, api_key text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_id     text;
    v_secret bytea;
    v_fault  text;
BEGIN
    v_fault := CASE
        WHEN internal.text_problem(p_name) IS NOT NULL
            THEN 'the name ' || internal.text_problem(p_name)
        WHEN p_name IS NULL OR char_length(p_name) NOT BETWEEN 1 AND 100 OR p_name ~ '^\s|\s$'
            THEN 'the name must be 1 to 100 printable characters without blanks around them'
        WHEN coalesce(cardinality(p_scopes), 0) = 0 OR array_ndims(p_scopes) > 1
            OR array_position(p_scopes, NULL) IS NOT NULL OR NOT p_scopes <@ ARRAY['submit', 'read', 'admin']
            THEN 'the scopes must be one or more of submit, read and admin'
        WHEN p_signed IS NULL
            THEN 'signed must be true or false'
        WHEN p_expires_at <= now()
            THEN 'expires_at must lie in the future, or be NULL for a key that does not expire'
        WHEN (
            SELECT count(*) FROM public.api_keys AS k WHERE k.revoked_at IS NULL AND (k.expires_at > now()) IS NOT FALSE
        ) >= 1000
            THEN 'there are 1000 keys in use: revoke those that nobody needs'
    END;
    IF v_fault IS NOT NULL THEN
        RAISE EXCEPTION '%', v_fault USING ERRCODE = 'LB001';
    END IF;
    -- gen_random_uuid() draws 122 bits from PostgreSQL's strong source. Made here, the secret stands in no statement, hence in no log of them.
    v_secret := sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
    LOOP
        v_id := left(replace(gen_random_uuid()::text, '-', ''), 12);
        INSERT INTO public.api_keys (id, name, scopes, signed, secret_hash, expires_at)
        SELECT v_id, p_name, array_agg(DISTINCT s.scope ORDER BY s.scope), p_signed, sha256(v_secret), p_expires_at
        FROM unnest(p_scopes) AS s(scope)
        ON CONFLICT DO NOTHING;
        EXIT WHEN FOUND;
    END LOOP;
    RETURN QUERY SELECT v_id, 'lb_' || v_id || '_' || encode(v_secret, 'hex');
END
$$;

COMMENT ON FUNCTION api.create_api_key(text, text[], boolean, timestamptz) IS 'Makes an API key and shows it, once.';
