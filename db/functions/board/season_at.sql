-- Purpose:  the season of a board at a time, whether it has a ranking yet or not.
-- Args:     p_board  a row of boards; p_at.
-- Returns:  its number from 1 and its bounds; starts_at <= p_at < ends_at. No row if there is none: before the board
--           opens, from its end on, between seasons, and on boards without seasons that have no ranking at that time.
-- Note:     seasons that have rankings keep their bounds and numbers, and others adjoin them, even if the time zone's
--           rules have changed since.
CREATE OR REPLACE FUNCTION board.season_at(p_board public.boards, p_at timestamptz)
RETURNS TABLE (number integer, starts_at timestamptz, ends_at timestamptz)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_period record;
    v_before public.rankings;
    v_after  public.rankings;
    v_passed bigint;
BEGIN
    SELECT r.* INTO v_before FROM board.latest_ranking(p_board.id, p_at) AS r;
    IF p_at < v_before.ends_at THEN
        RETURN QUERY SELECT v_before.number, v_before.starts_at, v_before.ends_at;
        RETURN;
    END IF;
    IF p_board.period IS NULL OR p_at < p_board.opens_at OR p_at >= p_board.closes_at OR NOT isfinite(p_at) THEN
        RETURN;
    END IF;
    SELECT r.* INTO v_after
    FROM public.rankings AS r
    WHERE r.board_id = p_board.id AND r.split = '' AND r.starts_at > p_at
    ORDER BY r.starts_at
    LIMIT 1;
    SELECT p.* INTO v_period FROM board.period_at(p_board.period, p_board.anchor, p_board.time_zone, p_at) AS p;
    IF v_before.id IS NULL THEN
        SELECT v_period.k - p.k + 1 INTO number
        FROM board.period_at(p_board.period, p_board.anchor, p_board.time_zone, p_board.opens_at) AS p;
    ELSE
        -- The middle of a season lies in the same period by the old and the new rules.
        SELECT v_period.k - p.k INTO v_passed
        FROM board.period_at(
            p_board.period, p_board.anchor, p_board.time_zone,
            v_before.starts_at + (v_before.ends_at - v_before.starts_at) / 2
        ) AS p;
        IF v_passed < 1 THEN
            v_passed := 1;
            SELECT p.* INTO v_period
            FROM board.period_at(p_board.period, p_board.anchor, p_board.time_zone, v_period.ends_at) AS p;
        END IF;
        number := v_before.number + v_passed;
    END IF;
    IF number >= v_after.number THEN
        number := v_after.number - 1;
        SELECT p.* INTO v_period
        FROM board.period_at(
            p_board.period, p_board.anchor, p_board.time_zone, v_period.starts_at - interval '1 microsecond'
        ) AS p;
    END IF;
    starts_at := CASE v_before.number WHEN number - 1 THEN v_before.ends_at
        ELSE greatest(v_period.starts_at, v_before.ends_at, p_board.opens_at) END;
    ends_at := CASE v_after.number WHEN number + 1 THEN v_after.starts_at
        ELSE least(v_period.ends_at, v_after.starts_at, p_board.closes_at) END;
    RETURN NEXT;
END
$$;

COMMENT ON FUNCTION board.season_at(public.boards, timestamptz) IS
    'The season of a board at a time, whether it has a ranking yet or not.';
