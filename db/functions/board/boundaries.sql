-- Purpose:  when reads of a board without a season number change by the passing of time alone.
-- Returns:  one row: before and after, the boundaries of rankings before and after the time at which the statement
--           began; NULL: none. As long as both are the same, no boundary has passed. missing: whether a board with
--           periods lacks its season of that time, so its next boundary is unknown.
CREATE OR REPLACE FUNCTION board.boundaries() RETURNS TABLE (before timestamptz, after timestamptz, missing boolean)
LANGUAGE sql STABLE
AS $$
    SELECT nullif(greatest(
               (SELECT max(r.starts_at) FROM public.rankings AS r WHERE r.starts_at <= statement_timestamp()),
               (SELECT max(r.ends_at) FROM public.rankings AS r WHERE r.ends_at <= statement_timestamp())
           ), '-infinity'),
           nullif(least(
               (SELECT min(r.starts_at) FROM public.rankings AS r WHERE r.starts_at > statement_timestamp()),
               (SELECT min(r.ends_at) FROM public.rankings AS r WHERE r.ends_at > statement_timestamp())
           ), 'infinity'),
           EXISTS (
               SELECT FROM public.boards AS b
               WHERE b.period IS NOT NULL AND b.opens_at <= statement_timestamp()
                   AND (b.closes_at > statement_timestamp()) IS NOT FALSE
                   AND coalesce(
                       (SELECT r.ends_at FROM board.latest_ranking(b.id, statement_timestamp()) AS r)
                           <= statement_timestamp(), true
                   )
           )
$$;

COMMENT ON FUNCTION board.boundaries() IS 'The last and the next time at which a season began or ended.';
