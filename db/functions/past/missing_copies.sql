-- Purpose:  the daily copies that should be there and are not: of each ranking, at the beginning of each day in its
--           board's time zone, at which it ran.
-- Args:     p_now; p_keep_days  how long copies are kept.
-- Returns:  one row per copy: the ranking, the moment. At most 31 days back, of splits 3, and none before the first
--           session. None of rankings that are being filled, and of seasons at their beginning and end.
-- Note:     a few seconds are left to transactions that have read the clock, but have no id yet (past.all_ended).
CREATE OR REPLACE FUNCTION past.missing_copies(p_now timestamptz, p_keep_days integer)
RETURNS TABLE (ranking_id integer, at timestamptz)
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    c_days       CONSTANT integer := 31;
    c_split_days CONSTANT integer := 3;  -- a board may have hundreds of splits
    c_seconds    CONSTANT interval := interval '5 seconds';
    v_first      timestamptz := (
        -- Of the first ones written, since the oldest one would have to be searched for.
        SELECT min(f."timestamp")
        FROM (SELECT g."timestamp" FROM public.game_sessions AS g ORDER BY g.id LIMIT 100) AS f
    );
BEGIN
    RETURN QUERY
    WITH day AS MATERIALIZED (
        SELECT z.time_zone, d.at
        FROM (SELECT DISTINCT b.time_zone FROM public.boards AS b) AS z
        CROSS JOIN generate_series(0, least(c_days, p_keep_days) - 1) AS n(days)
        CROSS JOIN LATERAL (
            SELECT (date_trunc('day', p_now AT TIME ZONE z.time_zone) - make_interval(days => n.days))
                AT TIME ZONE z.time_zone AS at
        ) AS d
        WHERE d.at > v_first AND d.at <= p_now - c_seconds AND d.at > p_now - make_interval(days => p_keep_days)
    )
    SELECT r.id, d.at
    FROM public.rankings AS a
    JOIN public.boards AS b ON b.id = a.board_id
    JOIN day AS d ON d.time_zone = b.time_zone AND d.at > a.starts_at AND d.at < a.ends_at
    JOIN public.rankings AS r ON r.board_id = a.board_id AND r.number = a.number
        AND (
            r.id = a.id
            OR r.split <> '' AND a.splits_to IS NULL AND d.at > p_now - make_interval(days => c_split_days)
        )
    WHERE a.split = '' AND a.ends_at > p_now - make_interval(days => c_days)
        AND a.filled_to IS NULL AND r.filled_to IS NULL
        AND (a.closing_xid IS NULL OR a.closed_at IS NOT NULL)
        AND NOT EXISTS (
            SELECT
            FROM public.rank_copies AS c
            WHERE c.ranking_id = r.id AND c.at = d.at AND c.counts = past.options_of(b)
        );
END
$$;

COMMENT ON FUNCTION past.missing_copies(timestamptz, integer) IS
    'The daily copies of rankings that should be there and are not.';
