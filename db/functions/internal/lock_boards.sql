-- Purpose:  takes the boards lock exclusively, for changes of boards: waits for running submits and plain SQL on
--           sessions, and makes new ones wait.
-- Locks:    the boards lock, exclusive, until the transaction ends. It is the first in the order of locks: see
--           docs/rank-index.md.
CREATE OR REPLACE FUNCTION internal.lock_boards() RETURNS void
LANGUAGE sql VOLATILE
RETURN pg_advisory_xact_lock(7201, 1);

COMMENT ON FUNCTION internal.lock_boards() IS 'Takes the boards lock exclusively, to change boards.';
