-- Purpose:  whether this transaction may add to the totals of a ranking: the only definition of what closing a season
--           stops. Its deadline is another matter: a session that was counted before it counts, so a transaction that
--           runs while the season begins to close goes on, and the archive waits for it.
-- Args:     p_closing_xid, p_filled_to  of the ranking.
-- Returns:  true unless the ranking has begun to close before this transaction did, or is archived from the ledger.
-- Note:     the caller must have a transaction id already. The planner inlines it; see board.counts.
CREATE OR REPLACE FUNCTION board.still_counts(p_closing_xid xid8, p_filled_to integer) RETURNS boolean
LANGUAGE sql STABLE
RETURN p_closing_xid IS NULL
    OR p_filled_to IS NULL AND (p_closing_xid = '0' OR p_closing_xid > pg_current_xact_id());

COMMENT ON FUNCTION board.still_counts(xid8, integer) IS
    'Whether this transaction may add to the totals of a ranking that may be closing.';
