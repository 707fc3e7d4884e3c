-- Options of boards, and seasons: columns of boards; when a session was played; the order within a tie; the season of
-- a ranking that closes. Each has a default that changes nothing, so no row is written.
-- Submits and reads wait from the first ALTER TABLE to the end of the deploy, which takes tenths of a second. Until all
-- locks are there, they wait for a fifth of a second at a time.
-- depends: 0017_rankings

-- Their results gain columns, or their arguments change. The deploy creates them again.
DROP FUNCTION IF EXISTS
    api.create_board(text, text, text, bigint, bigint), api.list_boards(),
    api.submit_score(bigint, bigint, text, text, text, text, boolean),
    api.submit_scores(bigint[], bigint[], text[], text[], text[], text, boolean),
    api.top_players(integer, bigint, integer, text), api.player_rank(bigint, text), api.player_ranks(bigint[], text),
    api.players_around(bigint, integer, text), board.matching(text, bigint, bigint), board.ranking_id(text),
    rank_index.rows_above(integer, integer, bigint, integer), rank_index.rows_below(integer, integer, bigint, integer),
    submission.add_standings(submission.outcome[], public.boards, integer[], bigint[]),
    submission.apply_score_rules(submission.item[]), submission.count_one(integer, bigint, text, text, integer),
    submission.count_submissions(submission.item[], public.boards, boolean),
    submission.fill_players(submission.item[]), submission.insert_sessions(submission.item[], integer),
    submission.raise_best_totals(submission.item[]),
    submission.register_new_players(submission.item[], boolean), submission.running_totals(submission.outcome[]),
    submission.set_last_totals(submission.outcome[]), submission.totals_in_range(submission.item[]),
    submission.used_allowance(public.boards, integer, bigint, timestamptz),
    ledger.totals(integer, integer[]), ledger.total_differences(integer, integer[]);

-- All locks of this deploy, or none: one that is waited for makes others wait. Submissions take the boards lock first,
-- a plain INSERT of sessions last, so waiting for game_sessions would be a deadlock with one of them: it is only tried,
-- and often.
DO $$
DECLARE
    c_deadline     CONSTANT timestamptz := clock_timestamp() + interval '30 seconds';
    c_lock_timeout CONSTANT text := current_setting('lock_timeout');
    v_began        timestamptz;
BEGIN
    LOOP
        v_began := clock_timestamp();
        BEGIN
            PERFORM set_config('lock_timeout', '200ms', true);
            PERFORM pg_advisory_xact_lock(7201, 1);  -- the boards lock
            LOCK TABLE public.game_sessions IN ACCESS EXCLUSIVE MODE NOWAIT;
            LOCK TABLE public.boards, public.rankings, public.leaderboard IN ACCESS EXCLUSIVE MODE;
            LOCK TABLE public.users IN SHARE ROW EXCLUSIVE MODE;
            PERFORM set_config('lock_timeout', c_lock_timeout, true);
            EXIT;
        EXCEPTION
            WHEN lock_not_available OR deadlock_detected THEN
                IF clock_timestamp() > c_deadline THEN
                    RAISE;
                END IF;
        END;
        -- As long as others have waited, so that they get on.
        PERFORM pg_sleep((0.002 + extract(epoch FROM clock_timestamp() - v_began)) * (0.5 + random()));
    END LOOP;
END
$$;

ALTER TABLE public.boards
    DROP CONSTRAINT boards_aggregate_check,
    ADD CONSTRAINT boards_aggregate_check CHECK (aggregate IN ('sum', 'best', 'last', 'first', 'count')),
    ADD COLUMN lowest_wins    boolean NOT NULL DEFAULT false,
    ADD COLUMN unit           text CHECK (char_length(unit) BETWEEN 1 AND 20),
    ADD COLUMN decimals       smallint NOT NULL DEFAULT 0 CHECK (decimals BETWEEN 0 AND 9),
    ADD COLUMN ties           text NOT NULL DEFAULT 'shared' CHECK (ties IN ('shared', 'earliest')),
    ADD COLUMN opens_at       timestamptz,
    ADD COLUMN closes_at      timestamptz,
    ADD COLUMN period         interval CHECK (period > '0'),
    ADD COLUMN anchor         timestamp,
    ADD COLUMN time_zone      text NOT NULL DEFAULT 'UTC',
    ADD COLUMN manual_seasons boolean NOT NULL DEFAULT false,
    ADD COLUMN grace          interval NOT NULL DEFAULT '0' CHECK (grace >= '0'),
    ADD COLUMN keep_seasons   integer CHECK (keep_seasons >= 1),
    ADD CHECK (opens_at < closes_at),
    ADD CHECK (period IS NULL OR opens_at IS NOT NULL AND anchor IS NOT NULL AND NOT manual_seasons);

COMMENT ON COLUMN public.boards.aggregate IS
    'total_score is the sum of the counted scores, the best, last or first one (by timestamp, then id), or their'
    ' number.';

COMMENT ON COLUMN public.boards.lowest_wins IS
    'Whether the lowest total is best. Then leaderboard and the rank index hold the totals negated; api functions turn'
    ' the sign.';

COMMENT ON COLUMN public.boards.unit IS 'What scores count, such as points or ms. It only describes.';

COMMENT ON COLUMN public.boards.decimals IS
    'How many of the digits of a score are decimals, for its display. Scores are integers.';

COMMENT ON COLUMN public.boards.ties IS
    'Equal totals share a rank. earliest: within a tie, the player who got there first comes first; shared: by'
    ' user_id.';

COMMENT ON COLUMN public.boards.opens_at IS
    'Sessions count from here on. Of a board with periods: when the first begins.';

COMMENT ON COLUMN public.boards.closes_at IS 'Sessions count up to before this time.';

COMMENT ON COLUMN public.boards.period IS
    'How long a season lasts: whole months, whole days (both by the calendar of time_zone), or a time. NULL: no'
    ' periods.';

COMMENT ON COLUMN public.boards.anchor IS 'The local time of time_zone at which some period begins.';

COMMENT ON COLUMN public.boards.manual_seasons IS 'Whether seasons end by a call of api.end_season.';

COMMENT ON COLUMN public.boards.grace IS
    'How long after its end a season still counts sessions that were played in it.';

COMMENT ON COLUMN public.boards.keep_seasons IS 'How many closed seasons are kept. NULL: all.';

-- Finds the boards that need a season added.
CREATE INDEX boards_period_idx ON public.boards (id) WHERE period IS NOT NULL;

ALTER TABLE public.game_sessions ADD COLUMN played_at timestamptz;

COMMENT ON COLUMN public.game_sessions.played_at IS
    'When it was played, if the client said so: it decides the season. timestamp is when it was counted.';

ALTER TABLE public.leaderboard ADD COLUMN tie bigint;

COMMENT ON COLUMN public.leaderboard.tie IS
    'On boards with ties = earliest: the id of the session that made the total. NULL on others.';

CREATE INDEX leaderboard_tie_idx ON public.leaderboard (board_id, total_score DESC, tie, user_id) WHERE tie IS NOT NULL;

ALTER TABLE public.rankings ADD COLUMN deadline timestamptz NOT NULL DEFAULT 'infinity';

COMMENT ON COLUMN public.rankings.deadline IS
    'ends_at and the grace of the board: what is counted from here on does not count, whenever it was played.';

COMMENT ON COLUMN public.rankings.closing_xid IS
    'Not NULL: the ranking counts nothing any more. 0: that was just decided. Otherwise submissions that may not know'
    ' have lower transaction ids.';

COMMENT ON COLUMN public.rankings.closed_at IS
    'When its final ranks were archived. Its leaderboard rows and tree are gone then.';

COMMENT ON COLUMN public.rankings.players IS 'The number of players of a closed season.';

-- counted_at: the time of the ledger, if it is not that of the call. ranking_id: the season of the board of the call.
ALTER TYPE submission.item
    ADD ATTRIBUTE played_at timestamptz, ADD ATTRIBUTE counted_at timestamptz, ADD ATTRIBUTE ranking_id integer;

ALTER TYPE submission.outcome
    ADD ATTRIBUTE played_at timestamptz, ADD ATTRIBUTE counted_at timestamptz, ADD ATTRIBUTE ranking_id integer,
    ADD ATTRIBUTE boards jsonb;
