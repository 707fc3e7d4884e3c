-- Purpose:  creates an API key. Its text is returned here and never again: the database stores a hash of it. Once the
--           first key exists, the service requires one of every caller.
-- Args:     p_name        what it is for, 1 to 100 printable characters
--           p_scopes      what it allows: 'submit', 'read', 'moderate', which includes read, 'play' (submissions with
--                         play tickets only), 'admin', which includes these four, and 'keys'
--           p_expires_at  until when it is valid; NULL: until it is revoked.
-- Returns:  one row: id, by which it is listed and revoked, and api_key, the key itself.
-- Errors:   LB001 for a bad argument, or if 1000 keys are valid already.
-- Locks:    none. Writes: api_keys.
CREATE OR REPLACE FUNCTION api.create_api_key(
    p_name text, p_scopes text[], p_expires_at timestamptz DEFAULT NULL
)
RETURNS TABLE (id text, api_key text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_id      text;
    v_secret  bytea;
    v_problem text;
BEGIN
    v_problem := CASE
        WHEN internal.text_problem(p_name) IS NOT NULL
            THEN 'the name ' || internal.text_problem(p_name)
        WHEN p_name IS NULL OR char_length(p_name) NOT BETWEEN 1 AND 100 OR p_name ~ '^\s|\s$'
            THEN 'the name must be 1 to 100 printable characters without spaces at its ends'
        WHEN coalesce(cardinality(p_scopes), 0) = 0 OR array_ndims(p_scopes) > 1
            OR array_position(p_scopes, NULL) IS NOT NULL
            OR NOT p_scopes <@ ARRAY['submit', 'read', 'moderate', 'play', 'admin', 'keys']
            THEN 'the scopes must be one or more of submit, read, moderate, play, admin and keys'
        WHEN p_expires_at <= now()
            THEN 'expires_at must be in the future, or NULL for a key that does not expire'
        WHEN (
            SELECT count(*) FROM public.api_keys AS k WHERE k.revoked_at IS NULL AND (k.expires_at > now()) IS NOT FALSE
        ) >= 1000
            THEN 'there are 1000 valid keys already: revoke those that are not needed'
    END;
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'LB001';
    END IF;
    -- gen_random_uuid() has 122 bits of PostgreSQL's strong random source. Generated here, the secret is part of no
    -- statement, so it is in no log.
    v_secret := sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
    LOOP
        v_id := left(replace(gen_random_uuid()::text, '-', ''), 12);
        INSERT INTO public.api_keys (id, name, scopes, secret_hash, expires_at)
        SELECT v_id, p_name, array_agg(DISTINCT s.scope ORDER BY s.scope), sha256(v_secret), p_expires_at
        FROM unnest(p_scopes) AS s(scope)
        ON CONFLICT DO NOTHING;
        EXIT WHEN FOUND;
    END LOOP;
    RETURN QUERY SELECT v_id, 'lb_' || v_id || '_' || encode(v_secret, 'hex');
END
$$;

COMMENT ON FUNCTION api.create_api_key(text, text[], timestamptz) IS 'Creates an API key and returns it, once.';
