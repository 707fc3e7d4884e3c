-- Purpose:  trigger function for TRUNCATE game_sessions: totals must not remain without their sessions.
-- Errors:   LB001 when leaderboard has rows (TRUNCATE of both tables has emptied it by now), LB030 when the transaction
--           is not READ COMMITTED.
CREATE OR REPLACE FUNCTION ledger.tg_game_sessions__refuse_truncate() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM internal.require_read_committed();
    IF EXISTS (SELECT FROM public.leaderboard) THEN
        RAISE EXCEPTION 'leaderboard has totals of these sessions, so game_sessions cannot be emptied alone'
            USING ERRCODE = 'LB001', HINT = 'To empty both, run: TRUNCATE game_sessions, leaderboard';
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION ledger.tg_game_sessions__refuse_truncate() IS
    'Trigger: game_sessions is not truncated without leaderboard.';

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_trigger AS t
        WHERE t.tgrelid = 'public.game_sessions'::regclass AND t.tgname = 'ledger_truncate'
    ) THEN
        CREATE TRIGGER ledger_truncate AFTER TRUNCATE ON public.game_sessions
            FOR EACH STATEMENT EXECUTE FUNCTION ledger.tg_game_sessions__refuse_truncate();
    END IF;
END
$$;
