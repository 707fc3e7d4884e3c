-- Purpose:  trigger function: makes every change of boards (api.create_board, or plain SQL) wait for running submits,
--           and new submits wait for the change, so that no submit counts on only some of the boards. Adds the
--           rank_state row of a new board, and deletes the players of a deleted one. board.tg_boards__fill fills the
--           boards.
-- Errors:   LB001 when the board overall would be deleted, and for TRUNCATE.
-- Locks:    the boards lock, exclusive, until the transaction ends. Writes: rank_state; leaderboard for a deleted
--           board.
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
    PERFORM internal.lock_boards();
    IF TG_WHEN = 'BEFORE' THEN
        RETURN NULL;
    END IF;
    IF NOT EXISTS (SELECT FROM public.boards AS b WHERE b.id = 1) THEN
        RAISE EXCEPTION 'the board overall (id 1) is the default everywhere and cannot be deleted'
            USING ERRCODE = 'LB001';
    END IF;
    INSERT INTO public.rank_state (board_id)
    SELECT b.id FROM public.boards AS b
    WHERE NOT EXISTS (SELECT FROM public.rank_state AS s WHERE s.board_id = b.id);
    IF EXISTS (
        SELECT FROM public.rank_state AS s
        WHERE NOT EXISTS (SELECT FROM public.boards AS b WHERE b.id = s.board_id)
    ) THEN
        DELETE FROM public.leaderboard AS l
        WHERE NOT EXISTS (SELECT FROM public.boards AS b WHERE b.id = l.board_id);
        PERFORM internal.lock_fold();
        DELETE FROM public.rank_node AS n WHERE NOT EXISTS (SELECT FROM public.boards AS b WHERE b.id = n.board_id);
        DELETE FROM public.rank_delta AS d WHERE NOT EXISTS (SELECT FROM public.boards AS b WHERE b.id = d.board_id);
        DELETE FROM public.rank_state AS s WHERE NOT EXISTS (SELECT FROM public.boards AS b WHERE b.id = s.board_id);
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION board.tg_boards__guard() IS
    'Trigger: makes changes of boards and submits wait for each other and keeps rank_state in step.';

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
