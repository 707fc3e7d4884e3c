-- Which Redis server the processes of the service use: docs/cache.md, "One Redis server for all".
-- depends: 0015_rejections_by_board

ALTER TABLE public.cache_warnings ADD COLUMN server text;

COMMENT ON COLUMN public.cache_warnings.server IS
    'The Redis server that all processes use, and a token that is new at each move to another one. NULL: none yet.';
