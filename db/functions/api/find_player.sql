-- Purpose:  the user id of a player with an external id, for the other functions: SELECT * FROM
--           api.player_rank(api.find_player('steam:76561198000000000')).
-- Args:     p_player  an external id, compared in Unicode's normal form C.
-- Returns:  the user id.
-- Errors:   LB008 when it cannot be an external id, LB011 when no player has it.
-- Locks:    none. STABLE.
CREATE OR REPLACE FUNCTION api.find_player(p_player text) RETURNS integer
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
    v_user_id integer := (
        SELECT i.user_id FROM public.player_ids AS i WHERE i.external_id = internal.to_nfc(p_player)
    );
BEGIN
    IF v_user_id IS NOT NULL THEN
        RETURN v_user_id;
    END IF;
    IF p_player IS NULL OR internal.player_problem(p_player) IS NOT NULL THEN
        RAISE EXCEPTION '%', coalesce(internal.player_problem(p_player), 'player must be 1 to 128 characters')
            USING ERRCODE = 'LB008';
    END IF;
    RAISE EXCEPTION 'there is no player %', p_player USING ERRCODE = 'LB011';
END
$$;

COMMENT ON FUNCTION api.find_player(text) IS 'The user id of a player with an external id.';
