-- How a process of the service that cannot reach Redis tells the others, so that none of them answers with what is out of date.
-- depends: 0005_score_rules

-- One row at most, and none until a first warning is set. No time stands here: expiry is a matter of the processes' own monotonic clocks.
CREATE TABLE public.cache_warnings (
    id     boolean PRIMARY KEY DEFAULT true CHECK (id),
    latest uuid NOT NULL,
    stand  jsonb NOT NULL CHECK (jsonb_typeof(stand) = 'object')
);

COMMENT ON TABLE public.cache_warnings IS
    'Processes of the service whose writes Redis does not know of. While one of them is here, nobody answers from Redis.';

COMMENT ON COLUMN public.cache_warnings.latest IS 'Token of the warning that was set or renewed last: tells who looks too late that there was one.';

COMMENT ON COLUMN public.cache_warnings.stand IS 'The warnings that stand: each process and the token of its warning, another one at each renewal.';
