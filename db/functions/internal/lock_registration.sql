-- Purpose:  takes the registration lock exclusively, for a call that registers several players with names they chose:
--           two such calls could otherwise wait for each other's names.
-- Locks:    the registration lock, exclusive, until the transaction ends.
CREATE OR REPLACE FUNCTION internal.lock_registration() RETURNS void
LANGUAGE sql VOLATILE
RETURN pg_advisory_xact_lock(7201, 3);

COMMENT ON FUNCTION internal.lock_registration() IS
    'Takes the registration lock exclusively, to register several players with chosen names.';
