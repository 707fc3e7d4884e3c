-- Purpose:  changes a board. What decides which sessions count, and how (game_mode, aggregate, bounds, lowest_wins,
--           ties, and the window of a board without seasons) also applies to past sessions: triggers on boards recount
--           the board from the ledger as api.create_board does. Closed seasons stay as they were. What decides which
--           seasons there are (period, anchor, time_zone, manual_seasons) cannot change. opens_at of a board with
--           seasons can until it opens, closes_at until it closes.
-- Args:     p_name     name of the board
--           p_changes  JSON object: the keys are the arguments of api.create_board without p_, such as
--                      {"closes_at": "2026-12-31T00:00Z", "max_score": 100}; and the score rules of
--                      api.set_score_rules, where 0 means no limit. null as NULL there.
--           p_dry_run  only say how many totals would change. It writes nothing, and submits do not wait for it.
-- Returns:  JSON: board, its name after the change; totals_changed, how many totals change, appear or go, NULL if they
--           will be recounted in steps; filling, whether they are, so that reads fail with LB032 until that is done,
--           or whether splits are filled in steps, so that reads of a split do;
--           seasons_dropped, how many closed seasons are soon deleted, since keep_seasons keeps no more.
-- Errors:   LB001 for an invalid change, LB010 when the board does not exist, LB012 when the new name is taken, LB023
--           when a total would leave its range, LB030 when the transaction is not READ COMMITTED, LB032 for a dry run
--           while the board is being filled.
-- Locks:    the boards lock, exclusive, until the transaction ends; none for a dry
--           run. Writes: boards, rankings, leaderboard, rank index.
CREATE OR REPLACE FUNCTION api.alter_board(p_name text, p_changes jsonb, p_dry_run boolean DEFAULT false) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_dry_run boolean := coalesce(p_dry_run, false);
    v_old     public.boards;
    v_new     public.boards;
    v_problem text;
    v_few     boolean;
    v_at_once boolean;
    v_totals  bigint := 0;
    v_dropped bigint;
BEGIN
    PERFORM internal.require_key(ARRAY['admin']);
    PERFORM internal.require_read_committed();
    IF NOT v_dry_run THEN
        PERFORM internal.lock_boards();
    END IF;
    SELECT b.* INTO v_old FROM public.boards AS b WHERE b.id = board.board_id(p_name);
    v_new := board.changed(v_old, p_changes);
    v_problem := coalesce(
        CASE WHEN v_old.id = 1 AND v_old.name <> v_new.name
            THEN 'the board ' || v_old.name || ' is the default everywhere and keeps its name' END,
        CASE WHEN v_old.period IS DISTINCT FROM v_new.period THEN board.change_problem(v_old, v_new) END,
        board.problem(v_new), board.change_problem(v_old, v_new)
    );
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'LB001';
    END IF;
    IF EXISTS (SELECT FROM public.boards AS b WHERE b.name = v_new.name AND b.id <> v_old.id) THEN
        RAISE EXCEPTION 'a board named % already exists', quote_literal(v_new.name) USING ERRCODE = 'LB012';
    END IF;
    v_few := board.fills_at_once((SELECT count(*) FROM board.live_rankings(v_old.name))::integer);
    v_at_once := v_few OR NOT board.counts_differently(v_old, v_new);
    IF v_dry_run OR v_at_once THEN
        v_totals := board.totals_changed(v_old, v_new);
    END IF;
    SELECT greatest(0, count(*) - v_new.keep_seasons) INTO v_dropped
    FROM public.rankings AS r
    WHERE r.board_id = v_old.id AND r.split = '' AND r.closed_at IS NOT NULL AND v_new.keep_seasons IS NOT NULL;
    IF NOT v_dry_run THEN
        UPDATE public.boards AS b
        SET name = v_new.name, game_mode = v_new.game_mode, aggregate = v_new.aggregate, min_score = v_new.min_score,
            max_score = v_new.max_score, lowest_wins = v_new.lowest_wins, unit = v_new.unit, decimals = v_new.decimals,
            ties = v_new.ties, opens_at = v_new.opens_at, closes_at = v_new.closes_at, grace = v_new.grace,
            keep_seasons = v_new.keep_seasons, max_submissions_per_minute = v_new.max_submissions_per_minute,
            max_gain_per_hour = v_new.max_gain_per_hour, require_ticket = v_new.require_ticket,
            min_play_seconds = v_new.min_play_seconds, max_play_seconds = v_new.max_play_seconds,
            max_score_per_second = v_new.max_score_per_second, split_by = v_new.split_by
        WHERE b.id = v_old.id AND b *<> v_new;
    END IF;
    RETURN jsonb_build_object(
        'board', v_new.name, 'totals_changed', CASE WHEN v_dry_run OR v_at_once THEN v_totals END,
        'filling', CASE WHEN v_dry_run
            THEN NOT v_at_once
                OR NOT v_few AND v_new.split_by IS NOT NULL AND v_new.split_by IS DISTINCT FROM v_old.split_by
            ELSE EXISTS (
                SELECT FROM public.rankings AS r
                WHERE r.board_id = v_old.id AND r.split = '' AND r.closing_xid IS NULL
                    AND num_nonnulls(r.filled_to, r.splits_to) > 0
            ) END, 'seasons_dropped', v_dropped
    );
END
$$;

COMMENT ON FUNCTION api.alter_board(text, jsonb, boolean) IS
    'Changes a board, or says how many totals would change.';
