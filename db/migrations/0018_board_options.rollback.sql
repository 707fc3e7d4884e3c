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

DROP FUNCTION IF EXISTS
    submission.rejected(submission.item, text, text),
    board.counts_in(public.boards, public.rankings, public.game_sessions),
    submission.rankings_with_rules(submission.item[], timestamptz),
    submission.used_allowance(public.boards, public.rankings, integer, bigint, timestamptz),
    ledger.totals_of(public.boards, public.rankings, integer[]);

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
