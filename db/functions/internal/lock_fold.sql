-- Purpose:  takes the fold lock, which every writer of rank_node holds.
-- Locks:    the fold lock, exclusive, until the transaction ends. It is the last in the order of locks: see
--           docs/rank-index.md.
CREATE OR REPLACE FUNCTION internal.lock_fold() RETURNS void
LANGUAGE sql VOLATILE
RETURN pg_advisory_xact_lock(7201, 2);

COMMENT ON FUNCTION internal.lock_fold() IS 'Takes the fold lock, to write the rank trees.';
