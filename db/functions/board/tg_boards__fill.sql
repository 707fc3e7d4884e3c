-- Purpose:  trigger function: fills a new board from the ledger, and recounts one that now counts differently
--           (game_mode, aggregate, min_score, max_score), whether an api function or plain SQL changed it: at once, or
--           in steps if the ledger is large (board.fill). Triggers of one event run in the order of their names, so
--           board.tg_boards__guard (boards_after) has created the ranking of the board before.
-- Errors:   LB001 when the id of a board would change, LB023 when a total would leave its range, LB030 when the
--           transaction is not READ COMMITTED.
-- Locks:    board.tg_boards__guard has taken the boards lock exclusively, so no submit, no plain SQL on sessions and no
--           DELETE of players is under way. Writes: see board.fill.
CREATE OR REPLACE FUNCTION board.tg_boards__fill() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_in_steps CONSTANT text := 'A running service fills it. Without one, run: '
        'DO $x$ BEGIN WHILE api.fill_boards() LOOP COMMIT; END LOOP; END $x$';
    v_board     record;
    v_rankings  integer[];
    v_corrected bigint;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF EXISTS (SELECT FROM new_boards AS n WHERE NOT EXISTS (SELECT FROM old_boards AS o WHERE o.id = n.id)) THEN
            RAISE EXCEPTION 'the id of a board cannot change, because submissions refer to it'
                USING ERRCODE = 'LB001', HINT = 'Its name can: UPDATE boards SET name = ... WHERE id = ...';
        END IF;
        FOR v_board IN
            SELECT n.id, n.name, CASE
                WHEN (n.game_mode, n.aggregate) IS DISTINCT FROM (o.game_mode, o.aggregate) THEN 'differently'
                ELSE format('scores from %s to %s', n.min_score, n.max_score)
            END AS counts, CASE
                WHEN (n.game_mode, n.aggregate) IS DISTINCT FROM (o.game_mode, o.aggregate) THEN ''
                ELSE format('. To undo this, set the bounds %s to %s', o.min_score, o.max_score)
            END AS undo
            FROM new_boards AS n
            JOIN old_boards AS o ON o.id = n.id
            WHERE (n.game_mode, n.aggregate, n.min_score, n.max_score)
                IS DISTINCT FROM (o.game_mode, o.aggregate, o.min_score, o.max_score)
            ORDER BY n.id
        LOOP
            v_rankings := ARRAY(
                SELECT r.id
                FROM public.rankings AS r
                WHERE r.board_id = v_board.id AND r.closed_at IS NULL
                ORDER BY r.id
            );
            v_corrected := board.fill(v_rankings);
            IF v_corrected IS NULL THEN
                RAISE NOTICE 'board % now counts %, past ones included, once they are recounted; until then reads of it'
                    ' fail with LB032%', v_board.name, v_board.counts, v_board.undo USING HINT = c_in_steps;
                CONTINUE;
            END IF;
            PERFORM board.write_ranks(r.id, NULL) FROM unnest(v_rankings) AS r(id);
            RAISE NOTICE 'board % now counts %, past % included: % totals changed%', v_board.name, v_board.counts,
                CASE v_board.undo WHEN '' THEN 'scores' ELSE 'ones' END, v_corrected, v_board.undo;
        END LOOP;
    ELSIF EXISTS (SELECT FROM new_boards) THEN
        v_rankings := ARRAY(
            SELECT r.id FROM new_boards AS n JOIN public.rankings AS r ON r.board_id = n.id ORDER BY r.id
        );
        IF board.fill(v_rankings) IS NULL THEN
            RAISE NOTICE 'the new board is being filled from the ledger; until then reads of it fail with LB032'
                USING HINT = c_in_steps;
        END IF;
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION board.tg_boards__fill() IS
    'Trigger: fills new boards from the ledger, and recounts boards that count differently now.';

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
