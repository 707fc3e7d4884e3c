-- Purpose:  trigger function: after plain SQL (INSERT, UPDATE, DELETE, MERGE, COPY) has written game_sessions, the
--           totals of the players concerned are recalculated from the ledger, on every board and in the same
--           transaction; so it does not matter what else the statement did. Seasons that the sessions need are added,
--           and those that are over stay as they are. Submissions add to totals themselves and are skipped:
--           submission.count_submissions sets leaderboard.counted to 'on' while it writes. Players who were deleted,
--           and their sessions with them, are skipped, too.
-- Errors:   LB023 when a total would leave its range, LB030 when the transaction is not READ COMMITTED.
-- Locks:    the boards lock, shared; the users rows of the players, by id; their leaderboard rows; above 10,000 totals
--           the fold lock.
-- Writes:   rankings, rank_state; leaderboard, and by its triggers the rank index.
CREATE OR REPLACE FUNCTION ledger.tg_game_sessions__correct_totals() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_user_ids integer[];
    v_board    public.boards;
    v_from     timestamptz;
    v_at       timestamptz;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(p.user_id) INTO v_user_ids FROM (SELECT DISTINCT n.user_id FROM new_rows AS n) AS p;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(p.user_id) INTO v_user_ids
        FROM (SELECT DISTINCT o.user_id FROM old_rows AS o) AS p
        WHERE EXISTS (SELECT FROM public.users AS u WHERE u.id = p.user_id);
    ELSE
        SELECT array_agg(p.user_id) INTO v_user_ids
        FROM (SELECT o.user_id FROM old_rows AS o UNION SELECT n.user_id FROM new_rows AS n) AS p;
    END IF;
    IF v_user_ids IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM internal.require_read_committed();
    PERFORM internal.lock_boards_shared();
    PERFORM internal.lock_users(v_user_ids);
    IF TG_OP <> 'DELETE' THEN
        -- Each season that still counts and in which a new row was played.
        FOR v_board IN SELECT b.* FROM public.boards AS b WHERE b.period IS NOT NULL ORDER BY b.id LOOP
            v_from := coalesce(
                (SELECT s.starts_at FROM board.season_at(v_board, clock_timestamp() - v_board.grace) AS s),
                v_board.opens_at
            );
            LOOP
                SELECT min(coalesce(n.played_at, n."timestamp")) INTO v_at
                FROM new_rows AS n
                WHERE coalesce(n.played_at, n."timestamp") >= v_from
                    AND coalesce(n.played_at, n."timestamp") < coalesce(v_board.closes_at, 'infinity');
                EXIT WHEN v_at IS NULL;
                PERFORM board.add_seasons(v_board, ARRAY[v_at]);
                SELECT s.ends_at INTO v_from FROM board.season_at(v_board, v_at) AS s;
            END LOOP;
        END LOOP;
    END IF;
    PERFORM FROM ledger.correct_totals(
        ARRAY(SELECT r.id FROM public.rankings AS r WHERE r.closing_xid IS NULL AND r.split = '' ORDER BY r.id),
        v_user_ids
    );
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION ledger.tg_game_sessions__correct_totals() IS
    'Trigger: recalculates totals after plain SQL has written game_sessions.';

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_trigger AS t
        WHERE t.tgrelid = 'public.game_sessions'::regclass AND t.tgname = 'ledger_insert'
    ) THEN
        CREATE TRIGGER ledger_insert AFTER INSERT ON public.game_sessions
            REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT
            WHEN (pg_catalog.current_setting('leaderboard.counted', true) IS DISTINCT FROM 'on')
            EXECUTE FUNCTION ledger.tg_game_sessions__correct_totals();
        CREATE TRIGGER ledger_update AFTER UPDATE ON public.game_sessions
            REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT
            WHEN (pg_catalog.current_setting('leaderboard.counted', true) IS DISTINCT FROM 'on')
            EXECUTE FUNCTION ledger.tg_game_sessions__correct_totals();
        CREATE TRIGGER ledger_delete AFTER DELETE ON public.game_sessions
            REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT
            WHEN (pg_catalog.current_setting('leaderboard.counted', true) IS DISTINCT FROM 'on')
            EXECUTE FUNCTION ledger.tg_game_sessions__correct_totals();
    END IF;
END
$$;
