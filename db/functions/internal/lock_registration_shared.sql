-- Purpose:  takes the registration lock shared, for a call that registers one player, or several with default names.
-- Locks:    the registration lock, shared, until the transaction ends.
CREATE OR REPLACE FUNCTION internal.lock_registration_shared() RETURNS void
LANGUAGE sql VOLATILE
RETURN pg_advisory_xact_lock_shared(7201, 3);

COMMENT ON FUNCTION internal.lock_registration_shared() IS 'Takes the registration lock shared, to register players.';
