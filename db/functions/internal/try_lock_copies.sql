-- Purpose:  takes the copies lock if it is free, without waiting: one session at a time makes daily copies of rankings.
-- Returns:  whether it was free.
-- Locks:    the copies lock, exclusive, until the transaction ends.
CREATE OR REPLACE FUNCTION internal.try_lock_copies() RETURNS boolean
LANGUAGE sql VOLATILE
RETURN pg_try_advisory_xact_lock(7201, 8);

COMMENT ON FUNCTION internal.try_lock_copies() IS 'Takes the copies lock if it is free.';
