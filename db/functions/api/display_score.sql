-- Purpose:  a total as players read it, by the unit and decimals of its board.
-- Args:     p_total  any integer, or NULL; p_unit  of the board, or NULL; p_decimals  0 to 9.
-- Returns:  unit 'ms': 83456 is '1:23.456', and with hours '1:02:03.456'; 's': 83 is '1:23'. Other units: with 2
--           decimals 1250 is '12.50', and without decimals the result is NULL, for the integer is its own display.
--           Decimals of ms and s are further digits of the seconds. NULL for no total.
-- Errors:   LB001 for decimals out of range.
-- Locks:    none.
CREATE OR REPLACE FUNCTION api.display_score(p_total bigint, p_unit text, p_decimals integer DEFAULT 0) RETURNS text
LANGUAGE plpgsql IMMUTABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF p_decimals IS NULL OR p_decimals NOT BETWEEN 0 AND 9 THEN
        RAISE EXCEPTION 'decimals must be 0 to 9, not %', coalesce(p_decimals::text, 'NULL') USING ERRCODE = 'LB001';
    END IF;
    RETURN internal.display_score(p_total, p_unit, p_decimals);
END
$$;

COMMENT ON FUNCTION api.display_score(bigint, text, integer) IS
    'A total as players read it, such as 1:23.456 for milliseconds; NULL when that is the integer.';
