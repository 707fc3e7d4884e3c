-- Purpose:  trigger function: fills a new board from the ledger, and recalculates one that now counts differently
--           (game_mode, aggregate, min_score, max_score), whether an api function or plain SQL changed it. Triggers of
--           one event run in the order of their names, so board.tg_boards__guard (boards_after) has created the
--           rank_state of the board before.
-- Errors:   LB001 when the id of a board would change, LB023 when a total would leave its range, LB030 when the
--           transaction is not READ COMMITTED.
-- Locks:    board.tg_boards__guard has taken the boards lock exclusively, so no submit, no plain SQL on sessions and no
--           DELETE of players is under way. Tables are locked in the order of TRUNCATE users CASCADE. Writes:
--           leaderboard, and by its triggers the rank index.
CREATE OR REPLACE FUNCTION board.tg_boards__fill() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_board     record;
    v_corrected bigint;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF EXISTS (SELECT FROM new_boards AS n WHERE NOT EXISTS (SELECT FROM old_boards AS o WHERE o.id = n.id)) THEN
            RAISE EXCEPTION 'the id of a board cannot change, because submissions refer to it'
                USING ERRCODE = 'LB001', HINT = 'Its name can: UPDATE boards SET name = ... WHERE id = ...';
        END IF;
        FOR v_board IN
            SELECT n.id, n.name, n.min_score, n.max_score, o.min_score AS old_min_score, o.max_score AS old_max_score,
                   (n.game_mode, n.aggregate) IS NOT DISTINCT FROM (o.game_mode, o.aggregate) AS only_bounds
            FROM new_boards AS n
            JOIN old_boards AS o ON o.id = n.id
            WHERE (n.game_mode, n.aggregate, n.min_score, n.max_score)
                IS DISTINCT FROM (o.game_mode, o.aggregate, o.min_score, o.max_score)
            ORDER BY n.id
        LOOP
            PERFORM internal.require_read_committed();
            LOCK TABLE public.users, public.game_sessions, public.leaderboard IN ROW SHARE MODE;
            SELECT c.corrected INTO v_corrected FROM ledger.correct_totals(ARRAY[v_board.id], NULL) AS c;
            PERFORM board.write_ranks(v_board.id, NULL);
            IF v_board.only_bounds THEN
                RAISE NOTICE 'board % now counts scores from % to %, past ones included: % totals changed. %',
                    v_board.name, v_board.min_score, v_board.max_score, v_corrected,
                    format('To undo this, set the bounds %s to %s', v_board.old_min_score, v_board.old_max_score);
            ELSE
                RAISE NOTICE 'board % now counts differently, past scores included: % totals changed',
                    v_board.name, v_corrected;
            END IF;
        END LOOP;
    ELSIF EXISTS (SELECT FROM new_boards) THEN
        PERFORM internal.require_read_committed();
        LOCK TABLE public.users, public.game_sessions, public.leaderboard IN ROW SHARE MODE;
        PERFORM FROM ledger.correct_totals(ARRAY(SELECT n.id FROM new_boards AS n ORDER BY n.id), NULL);
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION board.tg_boards__fill() IS
    'Trigger: fills new boards from the ledger, and recalculates boards that count differently now.';

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_trigger AS t
        WHERE t.tgrelid = 'public.boards'::regclass AND t.tgname = 'boards_inserted'
    ) THEN
        CREATE TRIGGER boards_inserted AFTER INSERT ON public.boards
            REFERENCING NEW TABLE AS new_boards FOR EACH STATEMENT EXECUTE FUNCTION board.tg_boards__fill();
        CREATE TRIGGER boards_updated AFTER UPDATE ON public.boards
            REFERENCING OLD TABLE AS old_boards NEW TABLE AS new_boards
            FOR EACH STATEMENT EXECUTE FUNCTION board.tg_boards__fill();
    END IF;
END
$$;
