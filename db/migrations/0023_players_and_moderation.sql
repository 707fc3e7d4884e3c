-- Players have ids of their games' own, attributes, and bans; sessions can be void and have metadata; boards can demand
-- play tickets, and be split by an attribute. Each column has a default that changes nothing, so no row is written.
-- Submits and reads wait from the first ALTER TABLE to the end of the deploy, which takes tenths of a second. Until all
-- locks are there, they wait for a fifth of a second at a time.
-- depends: 0022_live_rankings

-- Their arguments or results change. The deploy creates them again.
DROP FUNCTION IF EXISTS
    api.list_boards(text), api.set_score_rules(text, bigint, bigint, integer, bigint),
    api.submit_score(bigint, bigint, text, text, text, text, boolean, timestamptz, boolean),
    api.submit_scores(bigint[], bigint[], text[], text[], text[], text, boolean, timestamptz[], boolean),
    submission.lock_players(integer[]), submission.register_new_players(submission.item[], boolean);

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
            LOCK TABLE public.boards, public.users IN ACCESS EXCLUSIVE MODE;
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
    ADD COLUMN split_by             text,
    ADD COLUMN require_ticket       boolean NOT NULL DEFAULT false,
    ADD COLUMN min_play_seconds     integer CHECK (min_play_seconds BETWEEN 1 AND 86400),
    ADD COLUMN max_play_seconds     integer CHECK (max_play_seconds BETWEEN 1 AND 86400),
    ADD COLUMN max_score_per_second bigint CHECK (max_score_per_second BETWEEN 1 AND 9007199254740991),
    ADD CHECK (min_play_seconds <= max_play_seconds);

COMMENT ON COLUMN public.boards.split_by IS
    'An attribute of players. Each of its values has rankings of its own, with the players who have it. NULL: none.';

COMMENT ON COLUMN public.boards.require_ticket IS 'Whether a submission needs a play ticket (api.start_play).';

COMMENT ON COLUMN public.boards.min_play_seconds IS
    'How long after its ticket a submission may come at the earliest; NULL: no limit.';

COMMENT ON COLUMN public.boards.max_play_seconds IS
    'How long after its ticket a submission may come at the latest; NULL: a day, as long as tickets are valid.';

COMMENT ON COLUMN public.boards.max_score_per_second IS
    'The largest score for each second since the ticket; NULL: no limit.';

ALTER TABLE public.game_sessions
    ADD COLUMN void_id  bigint,
    ADD COLUMN metadata jsonb;

-- NOT VALID: every row has NULL, so they need not be read.
ALTER TABLE public.game_sessions
    ADD CONSTRAINT game_sessions_metadata_check
        CHECK (jsonb_typeof(metadata) = 'object' AND octet_length(metadata::text) <= 1024) NOT VALID;

COMMENT ON COLUMN public.game_sessions.void_id IS
    'The act of moderation that made the session void: it does not count. NULL: it counts.';

COMMENT ON COLUMN public.game_sessions.metadata IS 'What the game keeps with the score: a JSON object.';

ALTER TABLE public.users
    ADD COLUMN ban_id     bigint,
    ADD COLUMN attributes jsonb;

COMMENT ON COLUMN public.users.ban_id IS
    'The act of moderation that banned or hid the player: their sessions count on no board. NULL: none.';

COMMENT ON COLUMN public.users.attributes IS
    'What the game says of the player, such as {"country": "DE"}. NULL: nothing.';

-- "C": compared byte by byte.
CREATE TABLE public.player_ids (
    external_id text COLLATE "C" PRIMARY KEY CHECK (char_length(external_id) BETWEEN 1 AND 128),
    user_id     integer NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    linked_at   timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX player_ids_user_idx ON public.player_ids (user_id, linked_at);

COMMENT ON TABLE public.player_ids IS
    'Ids of players that are not numbers of ours, such as steam:76561198000000000. A player may have several.';

-- One row: the inner and the outer pad of HMAC-SHA-256. Who reads them can make tickets.
CREATE TABLE public.ticket_key (
    only_one  boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    inner_pad bytea NOT NULL CHECK (octet_length(inner_pad) = 64),
    outer_pad bytea NOT NULL CHECK (octet_length(outer_pad) = 64)
);

COMMENT ON TABLE public.ticket_key IS
    'The key that signs play tickets, made at random by the database: its bytes XOR those of the pads of HMAC.';

ALTER TYPE submission.item ADD ATTRIBUTE player text, ADD ATTRIBUTE metadata jsonb;

ALTER TYPE submission.outcome ADD ATTRIBUTE hidden boolean;
