-- Purpose:  counts to a bound every minute, over all sessions at once: what others have not committed yet counts too, nobody waits for anybody,
--           and a rollback gives nothing back. Where two sessions begin a minute together it may count a little anew, up to twice the bound.
-- Args:     p_sequence  holds minute * 1000000 + count; p_most  the bound, below 1000000.
-- Returns:  whether there was one left.
-- Locks:    none. Writes: the sequence.
CREATE OR REPLACE FUNCTION internal.acquire_minute_quota(p_sequence regclass, p_most integer) RETURNS boolean
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_minute bigint := floor(extract(epoch FROM clock_timestamp()) / 60);
    v_count  bigint := nextval(p_sequence);
BEGIN
    IF v_count / 1000000 <> v_minute THEN  -- a new minute, or a clock that went back
        v_count := setval(p_sequence, v_minute * 1000000 + 1);
    END IF;
    RETURN v_count % 1000000 BETWEEN 1 AND p_most;
END
$$;

COMMENT ON FUNCTION internal.acquire_minute_quota(regclass, integer) IS 'Counts to a bound every minute, over all sessions.';
