-- Purpose:  what a play ticket has of its game mode: a name has up to 50 characters, a digest always the same length.
-- Args:     p_game_mode.
-- Returns:  the first 8 bytes of its SHA-256.
CREATE OR REPLACE FUNCTION submission.mode_digest(p_game_mode text) RETURNS bytea
LANGUAGE sql STABLE
RETURN substr(sha256(convert_to(p_game_mode, 'UTF8')), 1, 8);

COMMENT ON FUNCTION submission.mode_digest(text) IS 'What a play ticket has of its game mode.';
