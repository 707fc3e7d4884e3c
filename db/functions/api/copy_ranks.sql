-- Purpose:  the upkeep of the daily copies of rankings, by one step: makes those that are missing, for up to 31 days
--           back (splits: 3), the newest first, and deletes those that are too old or whose ranking is gone. A copy of
--           a day that has passed is computed from the ledger. Call it now and then, each time in a transaction of its
--           own, and again at once while it returns true. A running service does so by itself.
-- Args:     p_keep_days  how long copies are kept: 0 to 3660 days; 0: there are none.
-- Returns:  true if it did something and there may be more to do at once; false if not, if another session is at it, or
--           if a transaction that writes stays open: one that has begun before midnight may still add to that day.
-- Errors:   LB001 for p_keep_days out of range, LB030 when the transaction is not READ COMMITTED, or has written
--           something before.
-- Locks:    the copies lock if it is free. Writes: rank_copies, rank_copy_blocks. A copy of a million players takes
--           about a second; nothing waits for it.
CREATE OR REPLACE FUNCTION api.copy_ranks(p_keep_days integer DEFAULT 400) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off
AS $$
DECLARE
    c_budget  CONSTANT interval := interval '200 milliseconds';
    v_now     CONSTANT timestamptz := clock_timestamp();
    v_missing record;
    v_any     boolean := false;
BEGIN
    PERFORM internal.require_read_committed();
    IF pg_current_xact_id_if_assigned() IS NOT NULL THEN
        RAISE EXCEPTION 'api.copy_ranks() needs a transaction of its own' USING ERRCODE = 'LB030';
    END IF;
    IF p_keep_days IS NULL OR p_keep_days NOT BETWEEN 0 AND 3660 THEN
        RAISE EXCEPTION 'copies are kept for 0 to 3660 days, not %', coalesce(p_keep_days::text, 'NULL')
            USING ERRCODE = 'LB001';
    END IF;
    IF NOT internal.try_lock_copies() THEN
        RETURN false;
    END IF;
    IF past.delete_copies(v_now - make_interval(days => p_keep_days)) THEN
        RETURN true;
    END IF;
    FOR v_missing IN
        SELECT m.ranking_id, m.at
        FROM past.missing_copies(v_now, p_keep_days) AS m
        ORDER BY m.at DESC, m.ranking_id
    LOOP
        IF NOT v_any AND NOT past.all_ended() THEN
            RETURN false;
        END IF;
        IF v_any AND clock_timestamp() > v_now + c_budget THEN
            RETURN true;
        END IF;
        v_any := past.add_copy(v_missing.ranking_id, v_missing.at) OR v_any;
    END LOOP;
    RETURN v_any;
END
$$;

COMMENT ON FUNCTION api.copy_ranks(integer) IS
    'Makes and deletes the daily copies of rankings by one step; call it again at once while it returns true.';
