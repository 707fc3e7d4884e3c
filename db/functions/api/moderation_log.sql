-- Purpose:  the acts of moderation, newest first, page by page.
-- Args:     p_limit    1 to 1000
--           p_before   only those before this id, the last one of the previous page; NULL: from the newest on
--           p_user_id  only those that concern this player; NULL: all.
-- Returns:  one row per act. user_id: the player, if it is one; filter: which sessions, as a JSON object of the
--           arguments of the call; sessions and players: how many it changed; until: of a ban; undoes: the act that it
--           undoes; undone_by: the act that undid it. After a player was deleted, user_id is NULL.
-- Errors:   LB001 for an invalid limit, LB002 for an invalid user id; 42501 for the service without a key with the
--           scope moderate or admin.
-- Locks:    none. STABLE.
CREATE OR REPLACE FUNCTION api.moderation_log(
    p_limit integer DEFAULT 100, p_before bigint DEFAULT NULL, p_user_id bigint DEFAULT NULL
)
RETURNS TABLE (
    id bigint, at timestamptz, operator text, action text, user_id integer, reason text, filter jsonb, sessions bigint,
    players bigint, until timestamptz, undoes bigint, undone_by bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off
AS $$
BEGIN
    PERFORM internal.require_key(ARRAY['moderate', 'admin']);
    IF p_limit IS NULL OR p_limit NOT BETWEEN 1 AND 1000 THEN
        RAISE EXCEPTION 'the limit must be 1 to 1000' USING ERRCODE = 'LB001';
    END IF;
    IF p_user_id NOT BETWEEN 1 AND 2147483647 THEN
        RAISE EXCEPTION 'user_id must be an integer from 1 to 2147483647' USING ERRCODE = 'LB002';
    END IF;
    RETURN QUERY
    SELECT m.id, m.at, m.operator, m.action, m.user_id, m.reason, m.filter, m.sessions, m.players, m.until, m.undoes,
           u.id
    FROM public.moderation AS m
    LEFT JOIN public.moderation AS u ON u.undoes = m.id
    WHERE (p_before IS NULL OR m.id < p_before)
        AND (p_user_id IS NULL OR m.id IN (
            WITH RECURSIVE concerned AS (
                SELECT p.act_id AS id FROM public.moderation_players AS p WHERE p.user_id = p_user_id::integer
                UNION
                SELECT d.id FROM concerned AS c JOIN public.moderation AS d ON d.undoes = c.id
            )
            SELECT c.id FROM concerned AS c
        ))
    ORDER BY m.id DESC
    LIMIT p_limit;
END
$$;

COMMENT ON FUNCTION api.moderation_log(integer, bigint, bigint) IS 'The acts of moderation, newest first.';
