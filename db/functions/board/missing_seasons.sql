-- Purpose:  the seasons that a board with periods lacks: one that has begun or is about to, and those before it that no
--           session needed, because the service was down.
-- Args:     p_board  a row of boards; p_until  a time: the season at it, or the last one of the board if it is over by
--           then, has to exist.
-- Returns:  a time in each of them, ascending. Of seasons that were missed in a row, the last 1,000.
CREATE OR REPLACE FUNCTION board.missing_seasons(p_board public.boards, p_until timestamptz) RETURNS timestamptz[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_most   CONSTANT integer := 1000;
    c_moment CONSTANT interval := '1 microsecond';
    v_until  timestamptz := least(p_until, p_board.closes_at - c_moment);
    v_at     timestamptz;
    v_starts timestamptz;
    v_before timestamptz;
    v_found  timestamptz[] := '{}';
BEGIN
    IF p_board.period IS NULL OR v_until < p_board.opens_at THEN
        RETURN '{}';
    END IF;
    -- Gaps before that season and before those that count.
    FOR v_starts IN
        SELECT s.starts_at FROM board.season_at(p_board, v_until) AS s
        UNION
        SELECT r.starts_at
        FROM public.rankings AS r
        WHERE r.board_id = p_board.id AND r.split = '' AND r.closing_xid IS NULL AND r.starts_at <= v_until
    LOOP
        SELECT max(r.ends_at) INTO v_before
        FROM public.rankings AS r
        WHERE r.board_id = p_board.id AND r.split = '' AND r.starts_at < v_starts;
        v_before := coalesce(v_before, p_board.opens_at);
        v_at := v_starts - c_moment;
        FOR i IN 1..c_most LOOP
            EXIT WHEN coalesce(v_at < v_before, true);
            v_found := v_found || v_at;
            SELECT s.starts_at - c_moment INTO v_at FROM board.season_at(p_board, v_at) AS s;
        END LOOP;
    END LOOP;
    RETURN ARRAY(
        SELECT f.at
        FROM (SELECT unnest(v_found) UNION SELECT v_until) AS f(at)
        WHERE NOT EXISTS (
            SELECT FROM public.rankings AS r
            WHERE r.board_id = p_board.id AND r.split = '' AND r.starts_at <= f.at AND r.ends_at > f.at
        )
        ORDER BY f.at
    );
END
$$;

COMMENT ON FUNCTION board.missing_seasons(public.boards, timestamptz) IS 'The seasons that a board with periods lacks.';
