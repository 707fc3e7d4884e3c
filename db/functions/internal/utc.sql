-- Purpose:  a time as text for messages, in UTC: 2026-01-31T12:00:00Z.
-- Args:     p_time.
-- Returns:  the text; NULL for NULL.
CREATE OR REPLACE FUNCTION internal.utc(p_time timestamptz) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT to_char(p_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
$$;

COMMENT ON FUNCTION internal.utc(timestamptz) IS 'A time as text for messages, in UTC.';
