-- Purpose:  what is known of a player, apart from scores.
-- Args:     p_user_id.
-- Returns:  one row. players: their external ids, the first linked one first. attributes: NULL when there are none.
--           act, action, until: the act of moderation that banned or hid them, or NULL.
-- Errors:   LB011 when there is no such player.
-- Locks:    none. STABLE.
CREATE OR REPLACE FUNCTION api.player_profile(p_user_id bigint)
RETURNS TABLE (
    user_id integer, username text, join_date timestamptz, players text[], attributes jsonb, act bigint, action text,
    until timestamptz
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
BEGIN
    RETURN QUERY
    SELECT u.id, u.username, u.join_date,
           ARRAY(
               SELECT p.external_id
               FROM public.player_ids AS p
               WHERE p.user_id = u.id
               ORDER BY p.linked_at, p.external_id
           ),
           u.attributes, m.id, m.action, m.until
    FROM public.users AS u
    LEFT JOIN public.moderation AS m ON m.id = u.ban_id
    WHERE u.id = p_user_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no player %', coalesce(p_user_id::text, 'NULL') USING ERRCODE = 'LB011';
    END IF;
END
$$;

COMMENT ON FUNCTION api.player_profile(bigint) IS 'Name, external ids, attributes and ban of a player.';
