DROP TABLE public.submission_keys;

DROP TABLE public.leaderboard;

DROP TABLE public.boards;

DROP TABLE public.game_sessions;

DROP TABLE public.users;

DROP SCHEMA api CASCADE;

DROP SCHEMA shard CASCADE;

DROP SCHEMA lib CASCADE;
