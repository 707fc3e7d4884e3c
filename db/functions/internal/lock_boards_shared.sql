-- Purpose:  takes the boards lock shared, for everything that depends on what the boards count, such as a submit.
-- Locks:    the boards lock, shared, until the transaction ends. It is the first in the order of locks: see
--           docs/rank-index.md.
CREATE OR REPLACE FUNCTION internal.lock_boards_shared() RETURNS void
LANGUAGE sql VOLATILE
RETURN pg_advisory_xact_lock_shared(7201, 1);

COMMENT ON FUNCTION internal.lock_boards_shared() IS
    'Takes the boards lock shared: boards do not change until the transaction ends.';
