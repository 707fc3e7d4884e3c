-- The archives of closed seasons: who came where, in blocks of consecutive places, and where a player came, in blocks
-- of consecutive user ids. A block is a row. Arrays take a tenth of the space that a row for each player takes.
-- Only writes to rankings wait, from the first CREATE TABLE to the end of the deploy.
-- depends: 0018_board_options

CREATE SCHEMA archive;

COMMENT ON SCHEMA archive IS 'The final ranks of closed seasons: writing, reading and dropping them. No grants.';

CREATE TABLE public.season_places (
    ranking_id  integer NOT NULL REFERENCES public.rankings ON DELETE CASCADE,
    first_place integer NOT NULL,
    first_rank  integer NOT NULL,
    first_total bigint NOT NULL,
    user_ids    integer[] NOT NULL,
    totals      bigint[] NOT NULL,
    PRIMARY KEY (ranking_id, first_place)
);

-- PLAIN: read without unpacking. MAIN: compressed, since neighbours have similar totals, but never in another table.
ALTER TABLE public.season_places
    ALTER COLUMN user_ids SET STORAGE PLAIN,
    ALTER COLUMN totals SET STORAGE MAIN;

CREATE INDEX season_places_total_idx ON public.season_places (ranking_id, first_total DESC, first_place);

COMMENT ON TABLE public.season_places IS
    'Some consecutive places of a closed season, in the board''s order. The rank of the first one, and their totals,'
    ' determine their ranks.';

COMMENT ON COLUMN public.season_places.user_ids IS 'The players, in order of their places. 0: deleted since.';

COMMENT ON COLUMN public.season_places.totals IS 'Their totals, as leaderboard held them: negated if the lowest wins.';

CREATE TABLE public.season_players (
    ranking_id    integer NOT NULL REFERENCES public.rankings ON DELETE CASCADE,
    first_user_id integer NOT NULL,
    user_ids      integer[] NOT NULL,
    places        integer[] NOT NULL,
    PRIMARY KEY (ranking_id, first_user_id)
);

ALTER TABLE public.season_players
    ALTER COLUMN user_ids SET STORAGE PLAIN,
    ALTER COLUMN places SET STORAGE PLAIN;

COMMENT ON TABLE public.season_players IS 'The places of some players of a closed season, consecutive by user id.';

COMMENT ON COLUMN public.season_players.places IS 'Where each of user_ids is in season_places.';
