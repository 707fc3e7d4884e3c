-- Purpose:  locks a player, so that the rest of the transaction can change what belongs to them. FOR UPDATE, since a
--           new name needs it: to ask for more than is held already could be a deadlock with plain SQL on sessions,
--           which does so, too.
-- Args:     p_user_id.
-- Returns:  the player.
-- Errors:   LB011 when there is no such player.
-- Locks:    the boards lock, shared; the users row of the player.
CREATE OR REPLACE FUNCTION player.lock(p_user_id bigint) RETURNS public.users
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    v_player public.users;
BEGIN
    PERFORM internal.lock_boards_shared();
    SELECT u.* INTO v_player FROM public.users AS u WHERE u.id = p_user_id FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no player %', coalesce(p_user_id::text, 'NULL') USING ERRCODE = 'LB011';
    END IF;
    RETURN v_player;
END
$$;

COMMENT ON FUNCTION player.lock(bigint) IS 'Locks a player, to change what belongs to them.';
