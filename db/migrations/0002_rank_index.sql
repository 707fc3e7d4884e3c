-- The rank index: how many players stand in each range of totals, as a tree of arrays,
-- plus the changes that are not folded into it yet. See docs/rank-index.md.
-- depends: 0001_tables

CREATE TABLE public.rank_node (
    board_id integer NOT NULL,
    shift    smallint NOT NULL,
    parent   bigint NOT NULL,
    players  integer[] NOT NULL CHECK (array_length(players, 1) = 72),
    PRIMARY KEY (board_id, shift, parent)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.1, autovacuum_vacuum_threshold = 2000);

COMMENT ON TABLE public.rank_node IS
    'players[k + 1] counts the players of the board with total_score >> shift = parent * 64 + k (k = 0..63); players[65 + g] is the sum of the eight slots k = 8g .. 8g + 7, so that a read adds up 14 numbers at most.';

-- xid8 is the writing transaction: a fold takes what lies below a horizon under which every transaction has ended.
CREATE TABLE public.rank_delta (
    xid       xid8 NOT NULL,
    board_id  integer NOT NULL,
    old_total bigint,
    new_total bigint
) WITH (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_cost_delay = 0,
    autovacuum_vacuum_insert_threshold = -1, autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 1000000
);

CREATE INDEX rank_delta_xid_idx ON public.rank_delta (board_id, xid);

COMMENT ON TABLE public.rank_delta IS
    'Committed changes of totals that no fold has moved into rank_node yet. NULL: the player was not, or is no longer, on the board.';

CREATE TABLE public.rank_state (
    board_id  integer PRIMARY KEY,
    players   bigint NOT NULL DEFAULT 0,
    top_shift smallint NOT NULL DEFAULT 0,
    horizon   xid8 NOT NULL DEFAULT '0',
    version   bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

COMMENT ON TABLE public.rank_state IS
    'One row a board: the players in its tree, the shift of the top level, the horizon below which every delta is in the tree, and a count of the changes made to the tree other than by folding.';

INSERT INTO public.rank_state (board_id) VALUES (1);

INSERT INTO public.boards (name) VALUES ('overall');  -- id 1: the default of leaderboard.board_id
