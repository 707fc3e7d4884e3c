-- Purpose:  the split in which a player is: the only definition of that.
-- Args:     p_split_by  boards.split_by; p_attributes  users.attributes.
-- Returns:  the value of the attribute; NULL if the player has none, or one that is not a text of 1 to 100 characters.
-- Note:     the planner inlines it; see board.counts.
CREATE OR REPLACE FUNCTION board.split_of(p_split_by text, p_attributes jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN jsonb_typeof(p_attributes -> p_split_by) = 'string'
        AND char_length(p_attributes ->> p_split_by) BETWEEN 1 AND 100
        THEN p_attributes ->> p_split_by
END;

COMMENT ON FUNCTION board.split_of(text, jsonb) IS 'The split in which a player is: the value of an attribute.';
