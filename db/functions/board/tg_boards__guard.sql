-- Purpose:  trigger function: makes every change of boards (api.create_board, or plain SQL) wait for running submits,
--           and new submits wait for the change, so that no submit counts on only some of the boards. Deletes the
--           rankings of a deleted board (board.drop_rankings). board.tg_boards__fill adds those of a new one.
-- Errors:   LB001 when the board overall would be deleted, for TRUNCATE, and for an id that a ranking has already.
-- Locks:    for a DELETE the seasons lock; the boards lock, exclusive, until the transaction ends. Writes: see
--           board.drop_rankings.
CREATE OR REPLACE FUNCTION board.tg_boards__guard() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        RAISE EXCEPTION 'the board overall (id 1) is the default everywhere, so boards cannot be emptied'
            USING ERRCODE = 'LB001', HINT = 'To delete all other boards, run: DELETE FROM boards WHERE id > 1';
    END IF;
    IF TG_OP = 'DELETE' AND TG_WHEN = 'BEFORE' THEN
        -- An archive that is being written locks its ranking for seconds. Submits go on while this waits for it.
        PERFORM internal.lock_seasons();
    END IF;
    PERFORM internal.lock_boards();
    IF TG_WHEN = 'BEFORE' THEN
        RETURN NULL;
    END IF;
    IF NOT EXISTS (SELECT FROM public.boards AS b WHERE b.id = 1) THEN
        RAISE EXCEPTION 'the board overall (id 1) is the default everywhere and cannot be deleted'
            USING ERRCODE = 'LB001';
    END IF;
    IF TG_OP = 'DELETE' THEN
        PERFORM board.drop_rankings();
        RETURN NULL;
    END IF;
    IF EXISTS (SELECT FROM public.boards AS b JOIN public.rankings AS r ON r.id = b.id WHERE r.board_id <> b.id) THEN
        RAISE EXCEPTION 'the id of a new board is that of a ranking of another board'
            USING ERRCODE = 'LB001', HINT = 'Leave the id to its default';
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION board.tg_boards__guard() IS
    'Trigger: makes changes of boards and submits wait for each other and drops the rankings of deleted boards.';

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_trigger AS t
        WHERE t.tgrelid = 'public.boards'::regclass AND t.tgname = 'boards_before'
    ) THEN
        CREATE TRIGGER boards_before BEFORE INSERT OR UPDATE OR DELETE ON public.boards
            FOR EACH STATEMENT EXECUTE FUNCTION board.tg_boards__guard();
        CREATE TRIGGER boards_after AFTER INSERT OR UPDATE OR DELETE ON public.boards
            FOR EACH STATEMENT EXECUTE FUNCTION board.tg_boards__guard();
    END IF;
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_trigger AS t
        WHERE t.tgrelid = 'public.boards'::regclass AND t.tgname = 'boards_truncate'
    ) THEN
        CREATE TRIGGER boards_truncate BEFORE TRUNCATE ON public.boards
            FOR EACH STATEMENT EXECUTE FUNCTION board.tg_boards__guard();
    END IF;
END
$$;
