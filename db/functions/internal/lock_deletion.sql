-- Purpose:  takes the deletion lock exclusively, for plain SQL that updates or deletes sessions: it locks sessions
--           before their players, and a DELETE of players does the opposite.
-- Locks:    the deletion lock, exclusive, until the transaction ends.
CREATE OR REPLACE FUNCTION internal.lock_deletion() RETURNS void
LANGUAGE sql VOLATILE
RETURN pg_advisory_xact_lock(7201, 4);

COMMENT ON FUNCTION internal.lock_deletion() IS 'Takes the deletion lock exclusively, to update or delete sessions.';
