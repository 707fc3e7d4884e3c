-- Purpose:  a time of grace in hours: a day of it is 24 hours, since a day of a calendar would depend on the time zone
--           of the session that reads it.
-- Args:     p_grace.
-- Returns:  it without days; as it is with months, which board.problem refuses.
CREATE OR REPLACE FUNCTION board.grace_of(p_grace interval) RETURNS interval
LANGUAGE plpgsql IMMUTABLE
AS $$
BEGIN
    IF NOT isfinite(p_grace) OR extract(year FROM p_grace) <> 0 OR extract(month FROM p_grace) <> 0 THEN
        RETURN p_grace;
    END IF;
    RETURN make_interval(secs => extract(epoch FROM p_grace)::double precision);
END
$$;

COMMENT ON FUNCTION board.grace_of(interval) IS 'A time of grace in hours.';
