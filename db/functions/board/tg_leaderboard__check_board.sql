-- Purpose:  trigger function for an UPDATE that moves a leaderboard row to another board: that board must exist.
-- Errors:   LB010.
CREATE OR REPLACE FUNCTION board.tg_leaderboard__check_board() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.boards AS b WHERE b.id = NEW.board_id) THEN
        RAISE EXCEPTION 'board id % does not exist', NEW.board_id USING ERRCODE = 'LB010';
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION board.tg_leaderboard__check_board() IS
    'Trigger: a leaderboard row may only move to a board that exists.';

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_trigger AS t
        WHERE t.tgrelid = 'public.leaderboard'::regclass AND t.tgname = 'board_exists'
    ) THEN
        CREATE TRIGGER board_exists BEFORE UPDATE OF board_id ON public.leaderboard
            FOR EACH ROW EXECUTE FUNCTION board.tg_leaderboard__check_board();
    END IF;
END
$$;
