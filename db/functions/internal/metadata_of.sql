-- Purpose:  reads the metadata of a score.
-- Args:     p_text  JSON.
-- Returns:  the object; NULL when it is none, when its text has more than 1,024 bytes, or when PostgreSQL cannot store
--           it (numbers without end, the character U+0000).
CREATE OR REPLACE FUNCTION internal.metadata_of(p_text text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_object jsonb;
BEGIN
    IF octet_length(p_text) > 8192 THEN  -- spaces may go, escapes become shorter
        RETURN NULL;
    END IF;
    v_object := p_text;
    RETURN CASE WHEN jsonb_typeof(v_object) = 'object' AND octet_length(v_object::text) <= 1024 THEN v_object END;
EXCEPTION
    WHEN data_exception OR statement_too_complex OR character_not_in_repertoire THEN
        RETURN NULL;
END
$$;

COMMENT ON FUNCTION internal.metadata_of(text) IS 'The metadata of a score as JSON; NULL: it is invalid.';
