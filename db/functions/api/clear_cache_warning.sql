-- Purpose:  for the service: ends a warning: its own, or one whose process is gone, which its token that no longer changes gives away.
-- Args:     p_process, p_token  the warning as api.cache_warnings() showed it; one that was renewed since stays.
-- Returns:  whether it stood.
-- Locks:    the row of cache_warnings. Writes: cache_warnings.
CREATE OR REPLACE FUNCTION api.clear_cache_warning(p_process text, p_token uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE public.cache_warnings AS w SET stand = w.stand - p_process WHERE w.stand ->> p_process = p_token::text;
    RETURN FOUND;
END
$$;

COMMENT ON FUNCTION api.clear_cache_warning(text, uuid) IS 'Ends the warning of a process.';
