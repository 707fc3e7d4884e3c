-- Purpose:  sets attributes of a player, such as {"country": "DE", "avatar": null}. Cached answers with the old ones
--           are out of date at the commit.
-- Args:     p_user_id; p_attributes  a JSON object: texts to set, null to remove one. The others stay.
-- Returns:  all attributes of the player; {} when there are none.
-- Errors:   LB011 when there is no such player, LB017 when an attribute is not declared (api.declare_attribute) or its
--           value is not of its kind.
-- Locks:    the boards lock, shared; the player. Writes: users, rank_delta.
CREATE OR REPLACE FUNCTION api.set_attributes(p_user_id bigint, p_attributes jsonb) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
    v_player     public.users;
    v_attributes jsonb;
BEGIN
    IF p_attributes IS NULL OR jsonb_typeof(p_attributes) <> 'object' THEN
        RAISE EXCEPTION 'attributes must be an object such as {"country": "DE"}' USING ERRCODE = 'LB017';
    END IF;
    v_player := player.lock(p_user_id);
    v_attributes := coalesce(v_player.attributes, '{}') || p_attributes;
    IF jsonb_strip_nulls(v_attributes) <> coalesce(v_player.attributes, '{}') THEN
        UPDATE public.users AS u
        SET attributes = v_attributes
        WHERE u.id = v_player.id
        RETURNING u.attributes INTO v_player.attributes;
    END IF;
    RETURN coalesce(v_player.attributes, '{}');
END
$$;

COMMENT ON FUNCTION api.set_attributes(bigint, jsonb) IS 'Sets or removes attributes of a player.';
