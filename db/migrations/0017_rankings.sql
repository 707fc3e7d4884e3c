-- A board says what counts; a ranking is one list of players with a tree of its own. From now on board_id of
-- leaderboard, rank_state, rank_node and rank_delta is the id of a ranking. Each board there is gets one ranking under
-- its own id, so nothing else changes.
-- Submits and reads go on: this only keeps changes of boards waiting. It waits for those that run.
-- depends: 0016_cache_server

-- Finds the boards that count a session without reading the others. It also makes changes of boards wait, before their
-- rankings are added below.
CREATE INDEX boards_counts_idx ON public.boards ((coalesce(game_mode, '')), min_score, max_score);

-- No foreign key on board_id: it would refuse what triggers on boards refuse, with less to say.
CREATE TABLE public.rankings (
    id          integer PRIMARY KEY DEFAULT nextval('public.boards_id_seq'),
    board_id    integer NOT NULL,
    number      integer NOT NULL DEFAULT 1,
    split       text NOT NULL DEFAULT '',
    starts_at   timestamptz NOT NULL DEFAULT '-infinity',
    ends_at     timestamptz NOT NULL DEFAULT 'infinity',
    closing_xid xid8,
    closed_at   timestamptz,
    players     bigint,
    filled_to   integer,
    UNIQUE (board_id, split, starts_at),
    CHECK (starts_at < ends_at)
);

CREATE INDEX rankings_filling_idx ON public.rankings (id) WHERE filled_to IS NOT NULL;

COMMENT ON TABLE public.rankings IS
    'A list of players of a board, with a tree of its own. board_id of leaderboard, rank_state and rank_node is its id.'
    ' A board without periods has one, whose id is that of the board.';

COMMENT ON COLUMN public.rankings.number IS 'Counts the rankings of a board and split, from 1.';

COMMENT ON COLUMN public.rankings.split IS
    'The value of the players'' attribute by which the board is split, or empty.';

COMMENT ON COLUMN public.rankings.starts_at IS 'Sessions count from here on, up to before ends_at.';

COMMENT ON COLUMN public.rankings.filled_to IS
    'While the ranking is being filled from the ledger: players with a higher id may lack past sessions. NULL: filled.';

INSERT INTO public.rankings (id, board_id) SELECT b.id, b.id FROM public.boards AS b;

COMMENT ON COLUMN public.leaderboard.board_id IS 'The id of a ranking.';

COMMENT ON COLUMN public.rank_state.board_id IS 'The id of a ranking.';

COMMENT ON COLUMN public.rank_node.board_id IS 'The id of a ranking.';

COMMENT ON COLUMN public.rank_delta.board_id IS 'The id of a ranking.';
