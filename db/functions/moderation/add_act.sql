-- Purpose:  stores an act of moderation. What it covers is stored next, then decided.
-- Args:     p_operator, p_reason  checked by moderation.require_author
--           p_action, p_user_id, p_filter, p_until, p_undoes  see the columns of moderation.
-- Returns:  its id. The caller has locked the players, so their acts take effect in the order of their ids.
-- Writes:   moderation.
CREATE OR REPLACE FUNCTION moderation.add_act(
    p_operator text, p_reason text, p_action text, p_user_id integer DEFAULT NULL, p_filter jsonb DEFAULT NULL,
    p_until timestamptz DEFAULT NULL, p_undoes bigint DEFAULT NULL
)
RETURNS bigint
LANGUAGE sql VOLATILE
BEGIN ATOMIC
    INSERT INTO public.moderation (operator, reason, action, user_id, filter, until, undoes)
    VALUES (p_operator, p_reason, p_action, p_user_id, p_filter, p_until, p_undoes)
    RETURNING id;
END;

COMMENT ON FUNCTION moderation.add_act(text, text, text, integer, jsonb, timestamptz, bigint) IS
    'Stores an act of moderation.';
