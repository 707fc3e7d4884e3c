DROP FUNCTION IF EXISTS api.cache_status();

DROP INDEX public.rankings_due_idx, public.rankings_closing_idx, public.rankings_starts_idx, public.rankings_ends_idx;

ALTER TABLE public.rankings DROP COLUMN cleared;
