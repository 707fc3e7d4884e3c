-- Purpose:  merges the deltas of ended transactions into the rank trees, and deletes expired submission keys and
--           rejections. Ranks are exact with or without it; it keeps reads fast. It may be called at any time.
-- Returns:  the number of deltas merged, at most about 200,000 per board; 0 when another fold is running or there is
--           nothing to do.
-- Errors:   LB030 when the transaction is not READ COMMITTED.
-- Locks:    the fold lock if it is free (it never waits for it), until the transaction ends.
-- Writes:   rank_delta, rank_node, rank_state, submission_keys, rejected_submissions.
CREATE OR REPLACE FUNCTION api.fold_ranks() RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
BEGIN
    RETURN submission.fold_and_purge();
END
$$;

COMMENT ON FUNCTION api.fold_ranks() IS
    'Merges pending rank changes into the rank index and returns how many. Never waits.';
