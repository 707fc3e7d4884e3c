-- Purpose:  when a period of a board begins.
-- Args:     p_period  whole months, whole days, or a time
--           p_anchor  the local time of p_time_zone at which period 0 begins
--           p_number  the period, which may be negative.
-- Returns:  the time. Months and days are added to the local time, so a period of one day lasts 23 to 25 hours where
--           clocks change. Months of fewer days begin on their last one: 31 January, 28 February, 31 March. A local
--           time that the clocks skip is as much later as they jump; one that comes twice is the first of both.
-- Note:     the session's time zone does not matter: only times are added to a timestamptz.
CREATE OR REPLACE FUNCTION board.period_start(
    p_period interval, p_anchor timestamp, p_time_zone text, p_number bigint
)
RETURNS timestamptz
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_months CONSTANT bigint := extract(year FROM p_period) * 12 + extract(month FROM p_period);
    c_days   CONSTANT bigint := extract(day FROM p_period);
    v_local  timestamp := p_anchor + make_interval(
        months => (c_months * p_number)::integer, days => (c_days * p_number)::integer
    );
    -- PostgreSQL takes the second one of two equal local times. The first has the offset of the day before.
    v_at     timestamptz := v_local AT TIME ZONE p_time_zone;
    v_first  timestamptz := v_at + (
        v_local - (v_at - interval '24 hours') AT TIME ZONE p_time_zone - interval '24 hours'
    );
    v_us     bigint;
BEGIN
    IF v_first < v_at AND v_first AT TIME ZONE p_time_zone = v_local THEN
        v_at := v_first;
    END IF;
    IF c_months > 0 OR c_days > 0 THEN
        RETURN v_at;
    END IF;
    -- Whole numbers: an interval times a number would lose microseconds far from the anchor.
    v_us := extract(epoch FROM p_period) * 1000000 * p_number;
    RETURN v_at + make_interval(hours => (v_us / 3600000000)::integer, secs => (v_us % 3600000000) / 1000000.0);
END
$$;

COMMENT ON FUNCTION board.period_start(interval, timestamp, text, bigint) IS 'When a period of a board begins.';
