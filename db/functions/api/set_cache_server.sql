-- Purpose:  for the service: moves all of its processes to another Redis server. If there was one before, the process
--           that calls this warns the others by the same statement, as with api.set_cache_warning().
-- Args:     p_process  the process: 1 to 255 characters
--           p_known    the server as api.cache_status() returned it; NULL: none
--           p_server   what tells the server from all others: 1 to 255 characters without a space.
-- Returns:  whether it was changed: false if p_known is no longer the server. api.cache_status() then shows p_server,
--           a space and a new token.
-- Errors:   LB001 when p_process or p_server is not valid.
-- Locks:    the row of cache_warnings. Writes: cache_warnings.
CREATE OR REPLACE FUNCTION api.set_cache_server(p_process text, p_known text, p_server text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    -- Random, as in api.set_cache_warning().
    v_token uuid := gen_random_uuid();
BEGIN
    IF p_process IS NULL OR char_length(p_process) NOT BETWEEN 1 AND 255 THEN
        RAISE EXCEPTION 'the name of a process must be 1 to 255 characters' USING ERRCODE = 'LB001';
    END IF;
    IF p_server IS NULL OR char_length(p_server) NOT BETWEEN 1 AND 255 OR strpos(p_server, ' ') > 0 THEN
        RAISE EXCEPTION 'the name of a server must be 1 to 255 characters, none of them a space'
            USING ERRCODE = 'LB001';
    END IF;
    INSERT INTO public.cache_warnings (latest, stand) VALUES (v_token, '{}') ON CONFLICT (id) DO NOTHING;
    UPDATE public.cache_warnings AS w
    SET latest = v_token, server = p_server || ' ' || v_token,
        stand = CASE WHEN w.server IS NULL THEN w.stand ELSE w.stand || jsonb_build_object(p_process, v_token) END
    WHERE w.server IS NOT DISTINCT FROM p_known;
    RETURN FOUND;
END
$$;

COMMENT ON FUNCTION api.set_cache_server(text, text, text) IS
    'Moves all processes of the service to another Redis server.';
