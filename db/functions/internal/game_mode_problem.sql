-- Purpose:  checks a game mode. Modes are compared as they are, so one that is not in normal form C is rejected, not
--           changed.
-- Args:     p_game_mode.
-- Returns:  NULL when it is valid; otherwise a sentence that says why not.
-- Locks:    none.
CREATE OR REPLACE FUNCTION internal.game_mode_problem(p_game_mode text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
BEGIN
    RETURN CASE
        WHEN char_length(p_game_mode) NOT BETWEEN 1 AND 50 THEN 'game_mode must be 1 to 50 printable characters'
        WHEN internal.text_problem(p_game_mode) IS NOT NULL THEN 'game_mode ' || internal.text_problem(p_game_mode)
        WHEN internal.to_nfc(p_game_mode) <> p_game_mode THEN 'game_mode must be in Unicode''s normal form C (NFC)'
    END;
END
$$;

COMMENT ON FUNCTION internal.game_mode_problem(text) IS 'Why a game mode is invalid; NULL: it is valid.';
