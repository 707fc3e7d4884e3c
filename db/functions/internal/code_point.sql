-- Purpose:  names a character by its number, as in U+200B.
-- Args:     p_text  whose first character is named.
-- Returns:  U+ and at least four hex digits.
CREATE OR REPLACE FUNCTION internal.code_point(p_text text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN 'U+' || lpad(upper(to_hex(ascii(p_text))), greatest(4, length(to_hex(ascii(p_text)))), '0');

COMMENT ON FUNCTION internal.code_point(text) IS 'The number of the first character of a text, as in U+200B.';
