-- Purpose:  for the service: ends a warning: its own, or that of a process that has ended, which shows in a token that
--           no longer changes.
-- Args:     p_process, p_token  the warning as api.cache_warnings() returned it; one that was renewed since then stays.
-- Returns:  whether the warning was still there.
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
