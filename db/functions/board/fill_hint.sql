-- Purpose:  how boards get filled, for hints.
-- Returns:  the hint.
CREATE OR REPLACE FUNCTION board.fill_hint() RETURNS text
LANGUAGE sql IMMUTABLE
AS $$
    SELECT 'A running service fills it. Without one, run: '
        || 'DO $x$ BEGIN WHILE api.fill_boards() LOOP COMMIT; END LOOP; END $x$'
$$;

COMMENT ON FUNCTION board.fill_hint() IS 'How boards get filled.';
