-- Closing seasons in steps, and what tells caches of season boundaries.
-- depends: 0020_reads_of_seasons

-- Its result gains columns. The deploy creates it again.
DROP FUNCTION IF EXISTS api.cache_status();

ALTER TABLE public.rankings ADD COLUMN cleared boolean NOT NULL DEFAULT false;

COMMENT ON COLUMN public.rankings.cleared IS 'Whether the leaderboard rows of a closed season have been deleted.';

-- Finds what upkeep has to do.
CREATE INDEX rankings_due_idx ON public.rankings (deadline) WHERE closing_xid IS NULL AND deadline < 'infinity';

CREATE INDEX rankings_closing_idx ON public.rankings (ends_at) WHERE closing_xid IS NOT NULL AND NOT cleared;

-- Find the boundaries before and after a time.
CREATE INDEX rankings_starts_idx ON public.rankings (starts_at);

CREATE INDEX rankings_ends_idx ON public.rankings (ends_at);
