-- Purpose:  takes the seasons lock, before the boards lock, for changes of boards: if a season is being archived, which
--           takes seconds, the change waits here, and submissions do not wait behind it.
-- Locks:    the seasons lock, exclusive, until the transaction ends.
CREATE OR REPLACE FUNCTION internal.lock_seasons() RETURNS void
LANGUAGE sql VOLATILE
RETURN pg_advisory_xact_lock(7201, 6);

COMMENT ON FUNCTION internal.lock_seasons() IS 'Takes the seasons lock, before a change of boards.';
