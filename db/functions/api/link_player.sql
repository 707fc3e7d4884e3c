-- Purpose:  gives a player one more external id: every call that takes player finds them by it.
-- Args:     p_user_id; p_player  1 to 128 printable characters, and not a number that could be a user id.
-- Returns:  whether it is new; false: the player has it already.
-- Errors:   LB008 when the id is invalid, or the player has 100 already; LB011 when there is no such player; LB037 when
--           another player has it: unlink it first.
-- Locks:    the boards lock, shared; the registration lock, since a submission may register the same id at the same
--           moment; the player. Writes: player_ids, rank_delta.
CREATE OR REPLACE FUNCTION api.link_player(p_user_id bigint, p_player text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
    c_max_ids CONSTANT integer := 100;
    v_problem text := CASE WHEN p_player IS NULL
        THEN 'player must be 1 to 128 characters' ELSE internal.player_problem(p_player) END;
    v_id      text := internal.to_nfc(p_player);
    v_player  public.users;
    v_owner   integer;
BEGIN
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'LB008';
    END IF;
    PERFORM internal.lock_boards_shared();
    PERFORM internal.lock_registration();
    v_player := player.lock(p_user_id);
    SELECT i.user_id INTO v_owner FROM public.player_ids AS i WHERE i.external_id = v_id;
    IF v_owner = v_player.id THEN
        RETURN false;
    ELSIF v_owner IS NOT NULL THEN
        RAISE EXCEPTION 'the player id % belongs to player %: unlink it first', v_id, v_owner USING ERRCODE = 'LB037';
    ELSIF (SELECT count(*) FROM public.player_ids AS i WHERE i.user_id = v_player.id) >= c_max_ids THEN
        RAISE EXCEPTION 'player % has % external ids already: unlink one first', v_player.id, c_max_ids
            USING ERRCODE = 'LB008';
    END IF;
    INSERT INTO public.player_ids (external_id, user_id) VALUES (v_id, v_player.id);
    RETURN true;
EXCEPTION
    WHEN unique_violation THEN  -- by plain SQL, a moment ago
        RAISE EXCEPTION 'the player id % belongs to another player: unlink it first', v_id USING ERRCODE = 'LB037';
END
$$;

COMMENT ON FUNCTION api.link_player(bigint, text) IS 'Gives a player one more external id.';
