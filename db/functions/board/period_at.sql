-- Purpose:  the period of a board at a time: the only definition of when periods begin and end.
-- Args:     p_period  whole months, whole days, or a time
--           p_anchor  the local time of p_time_zone at which period 0 begins; p_at.
-- Returns:  one row, or none if an argument is NULL: the number of the period, which may be negative, and its bounds,
--           starts_at <= p_at < ends_at. Periods follow each other without gaps. One that is empty, because the clocks
--           skip its days, is never returned, so its number is missing.
-- Errors:   LB001 when p_period is not positive, or mixes months, days and a time, and when p_at is infinite.
CREATE OR REPLACE FUNCTION board.period_at(
    p_period interval, p_anchor timestamp, p_time_zone text, p_at timestamptz
)
RETURNS TABLE (k bigint, starts_at timestamptz, ends_at timestamptz)
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_months CONSTANT bigint := extract(year FROM p_period) * 12 + extract(month FROM p_period);
    c_days   CONSTANT bigint := extract(day FROM p_period);
    c_time   CONSTANT numeric := extract(epoch FROM p_period - make_interval(
        months => c_months::integer, days => c_days::integer
    ));
    v_local  timestamp := p_at AT TIME ZONE p_time_zone;
BEGIN
    IF least(c_months, c_days, c_time) < 0
        OR (c_months > 0)::integer + (c_days > 0)::integer + (c_time > 0)::integer <> 1
    THEN
        RAISE EXCEPTION 'a period must be whole months, whole days, or a time such as 12 hours, not %', p_period
            USING ERRCODE = 'LB001';
    END IF;
    IF NOT isfinite(p_at) THEN
        RAISE EXCEPTION 'no period is at %', p_at USING ERRCODE = 'LB001';
    END IF;
    IF c_months > 0 THEN
        k := floor((
            (extract(year FROM v_local) - extract(year FROM p_anchor)) * 12
            + extract(month FROM v_local) - extract(month FROM p_anchor)
        ) / c_months);
    ELSIF c_days > 0 THEN
        k := floor(extract(epoch FROM v_local - p_anchor) / (c_days * 86400));
    ELSE
        k := floor(
            extract(epoch FROM p_at - board.period_start(p_period, p_anchor, p_time_zone, 0)) / c_time
        );
    END IF;
    -- It may be the neighbour: months differ in length, and where clocks change local times do not follow each other.
    LOOP
        starts_at := board.period_start(p_period, p_anchor, p_time_zone, k);
        EXIT WHEN starts_at <= p_at;
        k := k - 1;
    END LOOP;
    LOOP
        ends_at := board.period_start(p_period, p_anchor, p_time_zone, k + 1);
        EXIT WHEN p_at < ends_at;
        k := k + 1;
        starts_at := ends_at;
    END LOOP;
    RETURN NEXT;
END
$$;

COMMENT ON FUNCTION board.period_at(interval, timestamp, text, timestamptz) IS 'The period of a board at a time.';
