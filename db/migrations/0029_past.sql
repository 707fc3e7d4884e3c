-- The past: copies of the rankings, one a day, for the course of a player's rank. Nothing waits.
-- depends: 0028_key_scopes

CREATE SCHEMA past;

COMMENT ON SCHEMA past IS 'Windows of time, ranks at past moments, and daily copies of rankings. No grants.';

-- No foreign key on ranking_id: to add a copy would wait for a season that is being archived. Copies of rankings that
-- are gone are deleted later.
CREATE TABLE public.rank_copies (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ranking_id integer NOT NULL,
    at         timestamptz NOT NULL,
    counts     text NOT NULL,
    players    bigint NOT NULL CHECK (players >= 0),
    same_as    bigint NOT NULL,
    UNIQUE (ranking_id, at, counts)
);

CREATE INDEX rank_copies_at_idx ON public.rank_copies (at);

CREATE INDEX rank_copies_same_idx ON public.rank_copies (same_as);

COMMENT ON TABLE public.rank_copies IS 'How the totals of a ranking were distributed at the beginning of a day.';

COMMENT ON COLUMN public.rank_copies.counts IS
    'What the board counted when the copy was made (past.options_of). A board that counts otherwise does not use it.';

COMMENT ON COLUMN public.rank_copies.players IS 'How many players were on the ranking.';

COMMENT ON COLUMN public.rank_copies.same_as IS
    'The copy that has the blocks: itself, or another one with the same totals, which may be deleted by now.';

CREATE TABLE public.rank_copy_blocks (
    copy_id bigint NOT NULL,
    lowest  bigint NOT NULL,
    above   bigint NOT NULL,
    totals  bigint[] NOT NULL,
    players integer[] NOT NULL,
    PRIMARY KEY (copy_id, lowest)
);

COMMENT ON TABLE public.rank_copy_blocks IS 'Some consecutive totals of a copy, and how many players had each.';

COMMENT ON COLUMN public.rank_copy_blocks.copy_id IS 'rank_copies.same_as.';

COMMENT ON COLUMN public.rank_copy_blocks.lowest IS 'The lowest of totals.';

COMMENT ON COLUMN public.rank_copy_blocks.above IS 'How many players had a higher total than the highest of totals.';

COMMENT ON COLUMN public.rank_copy_blocks.totals IS 'Ascending, as leaderboard held them: negated if the lowest wins.';

COMMENT ON COLUMN public.rank_copy_blocks.players IS 'How many players had each of totals.';
