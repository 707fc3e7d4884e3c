-- Purpose:  begins to fill rankings from the ledger: at once if players and sessions are few, otherwise in steps that
--           follow later (board.fill_step), since submits wait for the caller's transaction.
-- Args:     p_ranking_ids  of boards that are new or count differently now.
-- Returns:  how many totals changed; NULL if the rankings will be filled in steps.
-- Errors:   LB023 when a total would leave its range, LB030 when the transaction is not READ COMMITTED.
-- Locks:    the caller holds the boards lock exclusively. Tables are locked in the order of TRUNCATE users CASCADE.
--           Writes: rankings; leaderboard, and by its triggers the rank index.
CREATE OR REPLACE FUNCTION board.fill(p_ranking_ids integer[]) RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM internal.require_read_committed();
    LOCK TABLE public.users, public.game_sessions, public.leaderboard IN ROW SHARE MODE;
    IF NOT board.fills_at_once(cardinality(p_ranking_ids)) THEN
        UPDATE public.rankings AS r SET filled_to = 0 WHERE r.id = ANY (p_ranking_ids);
        RETURN NULL;
    END IF;
    UPDATE public.rankings AS r SET filled_to = NULL WHERE r.id = ANY (p_ranking_ids) AND r.filled_to IS NOT NULL;
    RETURN (SELECT sum(c.corrected) FROM ledger.correct_totals(p_ranking_ids, NULL) AS c);
END
$$;

COMMENT ON FUNCTION board.fill(integer[]) IS 'Fills rankings from the ledger, or marks them to be filled in steps.';
