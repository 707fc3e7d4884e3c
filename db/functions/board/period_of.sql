-- Purpose:  the period that a text names.
-- Args:     p_period  'daily', 'weekly', 'monthly', or an interval such as '2 weeks' or '12 hours'; NULL.
-- Returns:  the interval; NULL for NULL. board.problem says which intervals a board may have.
-- Errors:   LB001 when it is none of these.
CREATE OR REPLACE FUNCTION board.period_of(p_period text) RETURNS interval
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp SET intervalstyle = postgres
AS $$
BEGIN
    RETURN CASE p_period
        WHEN 'daily' THEN interval '1 day'
        WHEN 'weekly' THEN interval '7 days'
        WHEN 'monthly' THEN interval '1 month'
        ELSE p_period::interval
    END;
EXCEPTION
    WHEN data_exception THEN
        RAISE EXCEPTION 'period must be daily, weekly, monthly or an interval such as 2 weeks or 12 hours, not %',
            quote_literal(left(p_period, 60))
            USING ERRCODE = 'LB001';
END
$$;

COMMENT ON FUNCTION board.period_of(text) IS 'The period that a text names: daily, weekly, monthly or an interval.';
