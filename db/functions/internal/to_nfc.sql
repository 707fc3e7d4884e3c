-- Purpose:  converts a text to Unicode's normal form C, so that texts that look the same, in different code points, are
--           the same.
-- Args:     p_text.
-- Returns:  the text in normal form C; unchanged in a database that is not UTF8, where PostgreSQL has no normal forms.
-- Locks:    none.
CREATE OR REPLACE FUNCTION internal.to_nfc(p_text text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
BEGIN
    IF p_text !~ '[^ -~]' OR getdatabaseencoding() <> 'UTF8' THEN
        RETURN p_text;
    END IF;
    RETURN normalize(p_text, NFC);
END
$$;

COMMENT ON FUNCTION internal.to_nfc(text) IS 'A text in normal form C.';
