-- Purpose:  checks an external id of a player.
-- Args:     p_player.
-- Returns:  NULL when it is valid (NULL is valid, too); otherwise a sentence that says what to change.
CREATE OR REPLACE FUNCTION internal.player_problem(p_player text) RETURNS text
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN CASE
        WHEN char_length(p_player) NOT BETWEEN 1 AND 128
            THEN 'player must be 1 to 128 characters'
        WHEN internal.text_problem(p_player) IS NOT NULL
            THEN 'player ' || internal.text_problem(p_player)
        WHEN p_player ~ '^\s|\s$'
            THEN 'player must not begin or end with a space'
        WHEN p_player ~ '^[0-9]+$' AND p_player::numeric BETWEEN 0 AND 2147483647
            THEN 'player ' || p_player || ' is a number that is a user_id: send it as user_id, or put a prefix before'
                ' it, such as id:' || p_player
    END;
END
$$;

COMMENT ON FUNCTION internal.player_problem(text) IS 'Why an external id of a player is invalid; NULL: it is valid.';
