-- Purpose:  takes the seasons lock, so that no season is closed meanwhile: waits for a step of upkeep that runs.
-- Locks:    the seasons lock, exclusive, until the transaction ends. It comes before the boards lock.
CREATE OR REPLACE FUNCTION internal.lock_seasons() RETURNS void
LANGUAGE sql VOLATILE
RETURN pg_advisory_xact_lock(7201, 6);

COMMENT ON FUNCTION internal.lock_seasons() IS 'Takes the seasons lock, so that no season is closed meanwhile.';
