-- Purpose:  whether a change of a board applies to past sessions, so that its rankings must be filled again.
-- Args:     p_old, p_new  the row before and after.
-- Returns:  true if it may change which sessions count, or how. Of a board with seasons, only the times of those that
--           are not over can change: no session is that late yet.
CREATE OR REPLACE FUNCTION board.counts_differently(p_old public.boards, p_new public.boards) RETURNS boolean
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    -- No session is later than that, even if the clock went back a little.
    v_newest timestamptz := clock_timestamp() + interval '1 hour';
BEGIN
    RETURN (p_old.game_mode, p_old.aggregate, p_old.min_score, p_old.max_score, p_old.lowest_wins, p_old.ties)
        IS DISTINCT FROM
        (p_new.game_mode, p_new.aggregate, p_new.min_score, p_new.max_score, p_new.lowest_wins, p_new.ties)
        OR p_new.period IS NULL AND NOT p_new.manual_seasons AND (
            least(coalesce(p_old.opens_at, '-infinity'), v_newest)
                <> least(coalesce(p_new.opens_at, '-infinity'), v_newest)
            OR least(p_old.closes_at, v_newest) <> least(p_new.closes_at, v_newest)
            OR p_new.closes_at < v_newest AND p_old.grace <> p_new.grace
        );
END
$$;

COMMENT ON FUNCTION board.counts_differently(public.boards, public.boards) IS
    'Whether a change of a board applies to past sessions.';
