-- Purpose:  takes an external id from its player, who keeps scores, user id and other external ids. The next submission
--           with it registers a new player.
-- Args:     p_player.
-- Returns:  the user id of the player who had it.
-- Errors:   LB008 when it cannot be an external id, LB011 when no player has it.
-- Locks:    the boards lock, shared; the registration lock; the player. Writes: player_ids, rank_delta.
CREATE OR REPLACE FUNCTION api.unlink_player(p_player text) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
    v_user_id integer;
BEGIN
    PERFORM internal.lock_boards_shared();
    PERFORM internal.lock_registration();
    v_user_id := api.find_player(p_player);
    PERFORM player.lock(v_user_id);
    DELETE FROM public.player_ids AS i WHERE i.external_id = internal.to_nfc(p_player) AND i.user_id = v_user_id;
    IF NOT FOUND THEN  -- by plain SQL, a moment ago
        RAISE EXCEPTION 'there is no player %', p_player USING ERRCODE = 'LB011';
    END IF;
    RETURN v_user_id;
END
$$;

COMMENT ON FUNCTION api.unlink_player(text) IS 'Takes an external id from its player.';
