-- Purpose:  a total as players read it, by the unit and decimals of its board.
-- Args:     p_total; p_unit  'ms' and 's' are shown as a time; p_decimals  how many of the digits are decimals.
-- Returns:  '1:23.456' or '1:02:03.456' for ms, '1:23' for s, '12.50' for 1250 with two decimals; for other units
--           without decimals, NULL.
-- Note:     a bounded power of ten would not do: totals have any number of digits, so it splits their text.
CREATE OR REPLACE FUNCTION internal.display_score(p_total bigint, p_unit text, p_decimals integer) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    v_is_time  boolean := coalesce(p_unit IN ('ms', 's'), false);
    v_decimals integer := p_decimals + CASE WHEN p_unit = 'ms' THEN 3 ELSE 0 END;
    v_digits   text := ltrim(p_total::text, '-');
    v_whole    text;
    v_seconds  bigint;
BEGIN
    IF p_total IS NULL OR NOT v_is_time AND v_decimals = 0 THEN
        RETURN NULL;
    END IF;
    v_digits := lpad(v_digits, greatest(char_length(v_digits), v_decimals + 1), '0');
    v_whole := left(v_digits, char_length(v_digits) - v_decimals);
    IF v_is_time THEN
        v_seconds := v_whole;
        v_whole := CASE WHEN v_seconds >= 3600 THEN v_seconds / 3600 || ':' || lpad((v_seconds / 60 % 60)::text, 2, '0')
            ELSE (v_seconds / 60)::text END || ':' || lpad((v_seconds % 60)::text, 2, '0');
    END IF;
    RETURN CASE WHEN p_total < 0 THEN '-' ELSE '' END || v_whole
        || CASE WHEN v_decimals > 0 THEN '.' || right(v_digits, v_decimals) ELSE '' END;
END
$$;

COMMENT ON FUNCTION internal.display_score(bigint, text, integer) IS
    'A total as players read it, by the unit and decimals of its board; NULL when that is the integer.';
