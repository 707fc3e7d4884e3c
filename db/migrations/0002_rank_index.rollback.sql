-- The triggers refuse to let the board overall go; it comes back with the migration, under its id.
ALTER TABLE public.boards DISABLE TRIGGER USER;

DELETE FROM public.boards;

ALTER TABLE public.boards ENABLE TRIGGER USER;

ALTER TABLE public.boards ALTER COLUMN id RESTART;

TRUNCATE public.leaderboard;

DROP TABLE public.rank_state;

DROP TABLE public.rank_delta;

DROP TABLE public.rank_node;
