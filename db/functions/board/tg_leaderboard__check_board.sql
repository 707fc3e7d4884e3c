-- Purpose:  trigger function for an UPDATE that moves a leaderboard row to another ranking: that ranking must exist and
--           have a tree. It resets horizons of another cluster, as rank_index.tg_leaderboard__log_deltas does for the
--           ranking that the row leaves.
-- Errors:   LB010.
-- Writes:   rank_state if its horizon comes from another cluster (rank_index.reset_foreign_horizons).
CREATE OR REPLACE FUNCTION board.tg_leaderboard__check_board() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_ahead boolean;
BEGIN
    SELECT s.horizon > pg_current_xact_id() AND pg_current_xact_id() <> ALL (s.in_flight) INTO v_ahead
    FROM public.rank_state AS s
    WHERE s.board_id = NEW.board_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'board id % does not exist', NEW.board_id USING ERRCODE = 'LB010';
    END IF;
    IF v_ahead THEN
        PERFORM rank_index.reset_foreign_horizons();
    END IF;
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION board.tg_leaderboard__check_board() IS
    'Trigger: a leaderboard row may only move to a ranking that exists.';

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
