-- Purpose:  gives a player another name. Cached answers with the old one are out of date at the commit.
-- Args:     p_user_id; p_username  1 to 255 printable characters, see docs/sql.md.
-- Returns:  the name as it is stored: in Unicode's normal form C.
-- Errors:   LB005 when the name is invalid, LB011 when there is no such player, LB020 when another player has the name
--           and names are unique (api.set_unique_usernames).
-- Locks:    the registration lock, so that two calls cannot wait for each other's names; the boards lock, shared; the
--           player. Writes: users, rank_delta.
CREATE OR REPLACE FUNCTION api.rename_player(p_user_id bigint, p_username text) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
    v_problem text := coalesce(internal.username_problem(p_username), CASE WHEN p_username IS NULL
        THEN 'username must be 1 to 255 characters' END);
    v_name    text := internal.to_nfc(p_username);
    v_player  public.users;
BEGIN
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'LB005';
    END IF;
    -- In the order in which submits take them.
    PERFORM internal.lock_boards_shared();
    PERFORM internal.lock_registration();
    v_player := player.lock(p_user_id);
    IF v_name IS DISTINCT FROM v_player.username THEN
        UPDATE public.users AS u SET username = v_name WHERE u.id = v_player.id;
    END IF;
    RETURN v_name;
EXCEPTION
    WHEN unique_violation THEN
        RAISE EXCEPTION 'the username asked for player % is taken: choose another', p_user_id USING ERRCODE = 'LB020';
END
$$;

COMMENT ON FUNCTION api.rename_player(bigint, text) IS 'Gives a player another name.';
