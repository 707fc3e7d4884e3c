-- Purpose:  a season of a board, or the one ranking of a board without seasons.
-- Args:     p_board   a row of boards
--           p_season  'current' or NULL, 'previous' or a number. The current season is the one that runs; before the
--                     board opens it is the first, and after it has closed the last.
-- Returns:  the ranking. If the current season has no players yet, it may have no row: then id is NULL.
-- Errors:   LB014 when there is no such season, or it had no players.
-- Note:     look-ups, unless the current season has no row: that costs a calculation of the calendar (board.season_at).
CREATE OR REPLACE FUNCTION board.season_of(p_board public.boards, p_season text) RETURNS public.rankings
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    v_now     timestamptz := statement_timestamp();
    v_current public.rankings;
    v_found   public.rankings;
    v_season  record;
    v_problem text;
BEGIN
    IF p_board.period IS NULL AND NOT p_board.manual_seasons THEN
        IF p_season IS NOT NULL THEN
            RAISE EXCEPTION 'board % has no seasons', p_board.name USING ERRCODE = 'LB014';
        END IF;
        SELECT r.* INTO v_found FROM public.rankings AS r WHERE r.id = p_board.id;
        RETURN v_found;
    END IF;

    SELECT r.* INTO v_current FROM board.latest_ranking(p_board.id, v_now) AS r;
    IF p_board.manual_seasons AND v_current.id IS NULL THEN
        v_current.number := 1;
        v_current.starts_at := coalesce(p_board.opens_at, '-infinity');
        v_current.ends_at := coalesce(p_board.closes_at, 'infinity');
    ELSIF p_board.period IS NOT NULL AND (v_current.id IS NULL OR v_current.ends_at <= v_now) THEN
        SELECT s.* INTO v_season
        FROM board.season_at(
            p_board, greatest(least(v_now, p_board.closes_at - interval '1 microsecond'), p_board.opens_at)
        ) AS s;
        IF v_current.starts_at IS DISTINCT FROM v_season.starts_at THEN
            v_current := NULL;
            v_current.number := v_season.number;
            v_current.starts_at := v_season.starts_at;
            v_current.ends_at := v_season.ends_at;
        END IF;
    END IF;
    IF v_current.id IS NULL THEN  -- it may have a row already if it has not begun
        SELECT r.* INTO v_found
        FROM public.rankings AS r
        WHERE r.board_id = p_board.id AND r.split = '' AND r.starts_at = v_current.starts_at;
        IF FOUND THEN
            v_current := v_found;
        END IF;
    END IF;

    IF p_season IS NULL OR p_season = 'current' OR p_season = v_current.number::text THEN
        RETURN v_current;
    ELSIF p_season = 'previous' THEN
        SELECT r.* INTO v_found
        FROM public.rankings AS r
        WHERE r.board_id = p_board.id AND r.split = '' AND r.starts_at < v_current.starts_at
        ORDER BY r.starts_at DESC
        LIMIT 1;
        IF v_found.ends_at = v_current.starts_at THEN
            RETURN v_found;
        END IF;
        v_problem := CASE v_current.number
            WHEN 1 THEN format('board %s is in its first season', p_board.name)
            ELSE format('the previous season of board %s had no players', p_board.name)
        END;
    ELSIF char_length(p_season) <= 9 AND p_season ~ '^[1-9][0-9]*$' THEN
        SELECT r.* INTO v_found
        FROM public.rankings AS r
        WHERE r.board_id = p_board.id AND r.split = '' AND r.number = p_season::integer
            AND r.starts_at < v_current.starts_at;
        IF FOUND THEN
            RETURN v_found;
        END IF;
        v_problem := CASE
            WHEN p_season::integer > v_current.number
                THEN format('board %s is in its season %s; there is no season %s yet', p_board.name, v_current.number,
                    p_season)
            ELSE format('season %s of board %s had no players, or is not kept any more', p_season, p_board.name)
        END;
    ELSE
        v_problem := format('a season is current, previous or a number from 1, not %s',
            quote_literal(left(p_season, 60)));
    END IF;
    RAISE EXCEPTION '%', v_problem
        USING ERRCODE = 'LB014', HINT = format('SELECT * FROM api.list_seasons(%L)', p_board.name);
END
$$;

COMMENT ON FUNCTION board.season_of(public.boards, text) IS
    'The current season of a board, or the one asked for; LB014 when there is none.';
