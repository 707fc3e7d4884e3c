-- The older release would show other totals or ranks on boards with these options.
DO $$
DECLARE
    v_boards text;
BEGIN
    SELECT string_agg(b.name, ', ' ORDER BY b.id) INTO v_boards
    FROM public.boards AS b
    WHERE b.lowest_wins OR b.aggregate IN ('first', 'count') OR b.ties <> 'shared' OR b.opens_at IS NOT NULL
        OR b.closes_at IS NOT NULL OR b.period IS NOT NULL OR b.manual_seasons;
    IF v_boards IS NOT NULL THEN
        RAISE EXCEPTION 'boards have options or seasons that the older release does not know: %', v_boards
            USING HINT = 'Delete these boards (api.delete_board), and roll back then.';
    END IF;
END
$$;

-- What is new or has other arguments or results. The older release creates its own again.
DROP FUNCTION IF EXISTS
    submission.rejected(submission.item, text, text),
    api.alter_board(text, jsonb, boolean), api.close_seasons(),
    api.create_board(
        text, text, text, bigint, bigint, boolean, text, integer, text, timestamptz, timestamptz, text, timestamp, text,
        interval, boolean, integer
    ),
    api.delete_board(text, text), api.end_season(text), api.fill_boards(), api.list_seasons(text, integer, integer),
    api.next_boundary(), api.player_seasons(bigint, text, integer, integer),
    api.submit_score(bigint, bigint, text, text, text, text, boolean, timestamptz, boolean),
    api.submit_scores(bigint[], bigint[], text[], text[], text[], text, boolean, timestamptz[], boolean),
    board.add_missing_seasons(), board.add_rankings(public.boards),
    board.add_seasons(public.boards, timestamptz[], timestamptz), board.board_with_season(text), board.boundaries(),
    board.change_problem(public.boards, public.boards), board.change_rankings(public.boards, public.boards),
    board.changed(public.boards, jsonb), board.clear_season(), board.close_season(),
    board.counts_differently(public.boards, public.boards),
    board.counts_in(public.boards, public.rankings, public.game_sessions), board.drop_old_seasons(),
    board.drop_rankings(), board.drop_step(), board.fill_hint(), board.fills_at_once(integer),
    board.grace_of(interval), board.latest_ranking(integer, timestamptz), board.live_rankings(text),
    board.mark_closing(),
    board.matching(text, bigint, bigint, timestamptz, timestamptz), board.matching_boards(text, bigint, bigint),
    board.missing_seasons(public.boards, timestamptz), board.option_problem(public.boards),
    board.period_at(interval, timestamp, text, timestamptz), board.period_of(text),
    board.period_start(interval, timestamp, text, bigint), board.problem(public.boards),
    board.refill(public.boards, public.boards), board.season_at(public.boards, timestamptz),
    board.still_counts(xid8, integer), board.totals_changed(public.boards, public.boards),
    internal.require_admin_key(), internal.try_lock_seasons(), internal.utc(timestamptz),
    ledger.total_differences(integer, integer[]), ledger.totals(integer, integer[]),
    ledger.totals_of(public.boards, public.rankings, integer[]), submission.add_boards(submission.outcome[], boolean),
    submission.add_seasons(submission.item[], timestamptz),
    submission.add_standings(submission.outcome[], public.boards, integer[], integer[], bigint[]),
    submission.apply_score_rules(submission.item[], timestamptz),
    submission.count_items(submission.item[], public.boards, timestamptz, boolean, boolean, boolean, boolean),
    submission.count_submissions(submission.item[], public.boards, text, boolean, boolean),
    submission.fill_players(submission.item[], timestamptz),
    submission.insert_sessions(submission.item[], public.boards, timestamptz),
    submission.out_of_season(submission.item[], public.boards, text, timestamptz),
    submission.prepare_times(submission.item[], timestamptz, boolean),
    submission.raise_best_totals(submission.outcome[]), submission.rankings_with_rules(submission.item[], timestamptz),
    submission.ranks_in(integer[], integer[]), submission.record_out_of_bounds(submission.outcome[], text),
    submission.running_totals(submission.outcome[], text),
    submission.seasons_of_board(submission.item[], public.boards, text, timestamptz),
    submission.set_first_totals(submission.outcome[]), submission.totals_in_range(submission.item[], timestamptz),
    submission.used_allowance(public.boards, public.rankings, integer, bigint, timestamptz);

DROP INDEX public.leaderboard_tie_idx;

ALTER TABLE public.leaderboard DROP COLUMN tie;

ALTER TABLE public.rankings DROP COLUMN deadline;

ALTER TABLE public.game_sessions DROP COLUMN played_at;

ALTER TABLE public.boards
    DROP COLUMN lowest_wins, DROP COLUMN unit, DROP COLUMN decimals, DROP COLUMN ties, DROP COLUMN opens_at,
    DROP COLUMN closes_at, DROP COLUMN period, DROP COLUMN anchor, DROP COLUMN time_zone, DROP COLUMN manual_seasons,
    DROP COLUMN grace, DROP COLUMN keep_seasons, DROP CONSTRAINT boards_aggregate_check,
    ADD CONSTRAINT boards_aggregate_check CHECK (aggregate IN ('sum', 'best', 'last'));

COMMENT ON COLUMN public.boards.aggregate IS
    'total_score is the sum of the counted scores, the best one, or the last one (by timestamp, then id).';

ALTER TYPE submission.item DROP ATTRIBUTE played_at, DROP ATTRIBUTE counted_at, DROP ATTRIBUTE ranking_id;

ALTER TYPE submission.outcome
    DROP ATTRIBUTE played_at, DROP ATTRIBUTE counted_at, DROP ATTRIBUTE ranking_id, DROP ATTRIBUTE boards;
