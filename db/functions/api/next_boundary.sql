-- Purpose:  for programs that keep answers: how long what a read without a season number returns stays the same, unless
--           something is written.
-- Returns:  milliseconds until the next season begins or ends, at most those of an hour; 0 while the next season of a
--           board is about to be added; NULL: there is no such time.
-- Locks:    none. STABLE.
CREATE OR REPLACE FUNCTION api.next_boundary() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
BEGIN
    RETURN (
        SELECT CASE
            WHEN b.missing THEN 0
            WHEN b.after IS NOT NULL
                THEN greatest(0, least(3600000, floor(extract(epoch FROM b.after - clock_timestamp()) * 1000)))
        END
        FROM board.boundaries() AS b
    );
END
$$;

COMMENT ON FUNCTION api.next_boundary() IS 'Milliseconds until a season begins or ends; NULL: none will.';
