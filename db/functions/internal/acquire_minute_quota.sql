-- Purpose:  counts up to a limit per minute, over all sessions. Uncommitted calls count too, no session waits for
--           another, and a rollback returns nothing. If two sessions start a new minute at the same time, up to twice
--           the limit may pass.
-- Args:     p_sequence  holds minute * 1000000 + count; p_limit  per minute, below 1000000.
-- Returns:  whether the call is within the limit.
-- Locks:    none. Writes: the sequence.
CREATE OR REPLACE FUNCTION internal.acquire_minute_quota(p_sequence regclass, p_limit integer) RETURNS boolean
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_minute bigint := floor(extract(epoch FROM clock_timestamp()) / 60);
    v_count  bigint := nextval(p_sequence);
BEGIN
    IF v_count / 1000000 <> v_minute THEN  -- a new minute, or the clock was set back
        v_count := setval(p_sequence, v_minute * 1000000 + 1);
    END IF;
    RETURN v_count % 1000000 BETWEEN 1 AND p_limit;
END
$$;

COMMENT ON FUNCTION internal.acquire_minute_quota(regclass, integer) IS
    'Counts up to a limit per minute, over all sessions.';
