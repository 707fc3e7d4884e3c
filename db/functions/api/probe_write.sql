-- Purpose:  for the service: whether the server can write. Fails as a submission would: the server is a standby or
--           read-only (25006), or its disk is full (53100).
-- Returns:  true.
-- Locks:    none. Writes: rejected_submissions, and rolls that back. Leaves two dead pages there (a later vacuum frees
--           them), so call it only after a failure.
CREATE OR REPLACE FUNCTION api.probe_write() RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- More than a page, and not compressible, so that the table's file must grow.
    INSERT INTO public.rejected_submissions (user_id, score, game_mode, board, error, reason)
    SELECT 1, 0, 'solo', 'overall', 'ZZ000', string_agg(md5(i.number::text), '')
    FROM generate_series(1, 600) AS i(number);
    RAISE EXCEPTION 'rolled back' USING ERRCODE = 'ZZ000';
EXCEPTION
    WHEN SQLSTATE 'ZZ000' THEN
        RETURN true;
END
$$;

COMMENT ON FUNCTION api.probe_write() IS
    'Writes something, rolls it back and returns true; fails if the server cannot write.';
