-- Purpose:  takes the deletion lock exclusively: for plain SQL that updates or deletes sessions. It locks sessions before players, and a DELETE
--           of players locks them the other way round.
-- Locks:    the deletion lock, exclusive, until the transaction ends.
CREATE OR REPLACE FUNCTION internal.lock_deletion() RETURNS void
LANGUAGE sql VOLATILE
RETURN pg_advisory_xact_lock(7201, 4);

COMMENT ON FUNCTION internal.lock_deletion() IS 'Takes the deletion lock exclusively, to update or delete sessions.';
