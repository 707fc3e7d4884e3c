-- Purpose:  takes the bans lock if it is free, without waiting: one session at a time ends bans whose time is over.
-- Returns:  whether it was free.
-- Locks:    the bans lock, exclusive, until the transaction ends.
CREATE OR REPLACE FUNCTION internal.try_lock_bans() RETURNS boolean
LANGUAGE sql VOLATILE
RETURN pg_try_advisory_xact_lock(7201, 7);

COMMENT ON FUNCTION internal.try_lock_bans() IS 'Takes the bans lock if it is free.';
