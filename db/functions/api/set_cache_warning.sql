-- Purpose:  for the service: a process that cannot invalidate its writes in Redis warns the others, or renews its
--           warning.
-- Args:     p_process  the process: 1 to 255 characters
--           p_token    of its current warning; NULL: none.
-- Returns:  token    of the warning from now on
--           renewed  true if the warning p_token was in force until now without a gap; otherwise it begins now.
-- Errors:   LB001 when p_process is not a valid name.
-- Locks:    the row of cache_warnings. Writes: cache_warnings.
CREATE OR REPLACE FUNCTION api.set_cache_warning(p_process text, p_token uuid DEFAULT NULL)
RETURNS TABLE (token uuid, renewed boolean)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    -- Random, not a counter: a restored or promoted database would issue a number twice.
    v_token uuid := gen_random_uuid();
    v_stood boolean;
BEGIN
    IF p_process IS NULL OR char_length(p_process) NOT BETWEEN 1 AND 255 THEN
        RAISE EXCEPTION 'the name of a process must be 1 to 255 characters' USING ERRCODE = 'LB001';
    END IF;
    SELECT w.stand ->> p_process = p_token::text INTO v_stood FROM public.cache_warnings AS w FOR UPDATE;
    INSERT INTO public.cache_warnings AS w (latest, stand) VALUES (v_token, jsonb_build_object(p_process, v_token))
    ON CONFLICT (id) DO UPDATE SET latest = excluded.latest, stand = w.stand || excluded.stand;
    RETURN QUERY SELECT v_token, coalesce(v_stood, false);
END
$$;

COMMENT ON FUNCTION api.set_cache_warning(text, uuid) IS
    'Warns all processes that Redis does not know of the writes of one, or renews that warning.';
