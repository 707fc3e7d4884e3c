-- Purpose:  trigger function: adds the rankings of a new board and fills them from the ledger, and recounts a board
--           that now counts differently, whether an api function or plain SQL changed it: at once, or in steps if the
--           ledger is large (board.fill). Closed seasons stay as they are. Triggers of one event run in the order of
--           their names, so board.tg_boards__guard (boards_after) comes first.
-- Errors:   LB001 for an option that is invalid or cannot change any more, and when the id of a board would change;
--           LB023 when a total would leave its range, LB030 when the transaction is not READ COMMITTED.
-- Locks:    board.tg_boards__guard has taken the boards lock exclusively, so no submit, no plain SQL on sessions and no
--           DELETE of players is under way. Writes: rankings, rank_state; see board.fill.
CREATE OR REPLACE FUNCTION board.tg_boards__fill() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_row      record;
    v_old      public.boards;
    v_new      public.boards;
    v_problem  text;
    v_rankings integer[] := '{}';
BEGIN
    IF TG_OP = 'INSERT' THEN
        FOR v_new IN SELECT n.* FROM new_boards AS n ORDER BY n.id LOOP
            v_problem := board.option_problem(v_new);
            IF v_problem IS NOT NULL THEN
                RAISE EXCEPTION '%', v_problem USING ERRCODE = 'LB001';
            END IF;
            PERFORM board.add_rankings(v_new);
            v_rankings := v_rankings || ARRAY(SELECT l.id FROM board.live_rankings(v_new.name) AS l ORDER BY l.id);
        END LOOP;
        IF v_rankings <> '{}' AND board.fill(v_rankings) IS NULL THEN
            RAISE NOTICE 'the new board is being filled from the ledger; until then reads of it fail with LB032'
                USING HINT = board.fill_hint();
        END IF;
        RETURN NULL;
    END IF;
    IF EXISTS (SELECT FROM new_boards AS n WHERE NOT EXISTS (SELECT FROM old_boards AS o WHERE o.id = n.id)) THEN
        RAISE EXCEPTION 'the id of a board cannot change, because submissions refer to it'
            USING ERRCODE = 'LB001', HINT = 'Its name can: UPDATE boards SET name = ... WHERE id = ...';
    END IF;
    FOR v_row IN
        SELECT o AS old, n AS new
        FROM new_boards AS n
        JOIN old_boards AS o ON o.id = n.id
        WHERE o *<> n
        ORDER BY n.id
    LOOP
        v_old := v_row.old;
        v_new := v_row.new;
        v_problem := coalesce(board.option_problem(v_new), board.change_problem(v_old, v_new));
        IF v_problem IS NOT NULL THEN
            RAISE EXCEPTION '%', v_problem USING ERRCODE = 'LB001';
        END IF;
        PERFORM board.change_rankings(v_old, v_new);
        PERFORM board.change_splits(v_old, v_new);
        IF board.counts_differently(v_old, v_new) THEN
            PERFORM board.refill(v_old, v_new);
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION board.tg_boards__fill() IS
    'Trigger: adds the rankings of new boards, and fills boards that are new or count differently now.';

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
