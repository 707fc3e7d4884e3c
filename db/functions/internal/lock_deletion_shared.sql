-- Purpose:  takes the deletion lock shared, for a DELETE of players. Such deletes run side by side.
-- Locks:    the deletion lock, shared, until the transaction ends.
CREATE OR REPLACE FUNCTION internal.lock_deletion_shared() RETURNS void
LANGUAGE sql VOLATILE
RETURN pg_advisory_xact_lock_shared(7201, 4);

COMMENT ON FUNCTION internal.lock_deletion_shared() IS 'Takes the deletion lock shared, to delete players.';
