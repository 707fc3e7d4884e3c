DROP INDEX public.rankings_live_idx;
