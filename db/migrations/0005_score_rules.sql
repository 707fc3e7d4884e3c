-- What a player may do on a board, as data, and a record of what was refused.
-- depends: 0004_api_keys

ALTER TABLE public.boards
    ADD COLUMN max_submissions_per_minute integer CHECK (max_submissions_per_minute >= 1),
    ADD COLUMN max_gain_per_hour bigint CHECK (max_gain_per_hour BETWEEN 1 AND 9007199254740991);

COMMENT ON COLUMN public.boards.max_submissions_per_minute IS 'Submissions of a player that the board counts in any 60 seconds; NULL: no limit.';

COMMENT ON COLUMN public.boards.max_gain_per_hour IS
    'By how much a player''s total may rise within any hour; NULL: no limit. For aggregate sum: the sum of his positive scores.';

-- No foreign keys: the player of a refused submission need not be known, and a board may go.
CREATE TABLE public.rejected_submissions (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    rejected_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    user_id        integer NOT NULL,
    score          bigint NOT NULL,
    game_mode      text NOT NULL,
    board          text NOT NULL,
    submission_key text,
    error          text NOT NULL,
    reason         text NOT NULL
);

CREATE INDEX rejected_submissions_user_idx ON public.rejected_submissions (user_id, id);

CREATE INDEX rejected_submissions_time_idx ON public.rejected_submissions (rejected_at);

COMMENT ON TABLE public.rejected_submissions IS
    'Submissions that a score rule refused: nothing of them was counted. Kept for lib.rejection_lifetime(); they go with their player.';
