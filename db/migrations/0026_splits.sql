-- Boards split by an attribute of players: rankings for each of its values, beside the ranking of all players.
-- The tables are small. Submits and reads wait from the first ALTER TABLE to the end of the deploy, which takes tenths
-- of a second. Until all locks are there, they wait for a fifth of a second at a time.
-- depends: 0025_players

-- Their arguments or results change. The deploy creates them again.
DROP FUNCTION IF EXISTS
    api.create_board(
        text, text, text, bigint, bigint, boolean, text, integer, text, timestamptz, timestamptz, text, timestamp, text,
        interval, boolean, integer
    ),
    submission.call_needs(submission.item[], integer);

-- All locks of this deploy, or none: one that is waited for makes others wait.
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
            LOCK TABLE public.boards, public.rankings IN ACCESS EXCLUSIVE MODE;
            LOCK TABLE public.users IN SHARE ROW EXCLUSIVE MODE;  -- the deploy adds a trigger
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

ALTER TABLE public.rankings ADD COLUMN splits_to integer, ADD COLUMN split_by text;

COMMENT ON COLUMN public.rankings.splits_to IS
    'While the splits of a ranking are being filled from it: they may lack players with a higher id. NULL: filled.';

COMMENT ON COLUMN public.rankings.split_by IS
    'Of a split: the attribute, which is boards.split_by unless the split is of a closed season.';

COMMENT ON COLUMN public.rankings.split IS
    'Empty: the ranking of all players. Otherwise it has the same totals, of the players whose attribute'
    ' split_by has this value: board_id, number and starts_at are those of the ranking of all players, ends_at'
    ' and deadline infinity, and it is closed together with that one.';

COMMENT ON COLUMN public.rankings.board_id IS
    'A board. If there is none with that id, the ranking is about to be deleted (board.drop_rankings).';

CREATE INDEX boards_split_idx ON public.boards (id) WHERE split_by IS NOT NULL;

CREATE INDEX rankings_splitting_idx ON public.rankings (id) WHERE splits_to IS NOT NULL;

-- Splits are many. Neither index should return them where the ranking of all players is asked for.
DROP INDEX public.rankings_number_idx;

CREATE INDEX rankings_numbers_idx ON public.rankings (board_id, number, split);

DROP INDEX public.rankings_live_idx;

CREATE INDEX rankings_counting_idx ON public.rankings (board_id) WHERE closing_xid IS NULL AND split = '';
