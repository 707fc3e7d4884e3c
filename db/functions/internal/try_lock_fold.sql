-- Purpose:  takes the fold lock if it is free, without waiting.
-- Returns:  whether it was free.
-- Locks:    the fold lock, exclusive, until the transaction ends.
CREATE OR REPLACE FUNCTION internal.try_lock_fold() RETURNS boolean
LANGUAGE sql VOLATILE
RETURN pg_try_advisory_xact_lock(7201, 2);

COMMENT ON FUNCTION internal.try_lock_fold() IS 'Takes the fold lock if it is free.';
