-- Purpose:  takes the fill lock if it is free, without waiting: one session at a time fills boards in steps.
-- Returns:  whether it was free.
-- Locks:    the fill lock, exclusive, until the transaction ends.
CREATE OR REPLACE FUNCTION internal.try_lock_fill() RETURNS boolean
LANGUAGE sql VOLATILE
RETURN pg_try_advisory_xact_lock(7201, 5);

COMMENT ON FUNCTION internal.try_lock_fill() IS 'Takes the fill lock if it is free.';
