-- Purpose:  takes the seasons lock if it is free, without waiting: one session at a time closes seasons.
-- Returns:  whether it was free.
-- Locks:    the seasons lock, exclusive, until the transaction ends.
CREATE OR REPLACE FUNCTION internal.try_lock_seasons() RETURNS boolean
LANGUAGE sql VOLATILE
RETURN pg_try_advisory_xact_lock(7201, 6);

COMMENT ON FUNCTION internal.try_lock_seasons() IS 'Takes the seasons lock if it is free.';
