-- Purpose:  the sessions of a player, newest first, page by page.
-- Args:     p_user_id
--           p_limit    1 to 1000
--           p_before   only sessions before this one, the last of the previous page; NULL: from the newest on
--           p_with_voided  also those that do not count.
-- Returns:  one row per session. at: when it was counted; played_at: when it was played, NULL if the game did not say.
--           void_id and reason: the act of moderation that made it void, and why; NULL: it counts.
-- Errors:   LB001 for an invalid limit, or a p_before that is no session of the player; LB011 when there is no such
--           player.
-- Locks:    none. STABLE.
CREATE OR REPLACE FUNCTION api.player_sessions(
    p_user_id bigint, p_limit integer DEFAULT 100, p_before bigint DEFAULT NULL, p_with_voided boolean DEFAULT false
)
RETURNS TABLE (
    id bigint, at timestamptz, played_at timestamptz, score bigint, game_mode text, metadata jsonb, void_id bigint,
    reason text
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
    v_user_id integer := (SELECT u.id FROM public.users AS u WHERE u.id = p_user_id);
    v_before  timestamptz := 'infinity';
BEGIN
    IF p_limit IS NULL OR p_limit NOT BETWEEN 1 AND 1000 THEN
        RAISE EXCEPTION 'limit must be 1 to 1000, not %', coalesce(p_limit::text, 'NULL') USING ERRCODE = 'LB001';
    END IF;
    IF v_user_id IS NULL THEN
        RAISE EXCEPTION 'there is no player %', coalesce(p_user_id::text, 'NULL') USING ERRCODE = 'LB011';
    END IF;
    IF p_before IS NOT NULL THEN
        SELECT s."timestamp" INTO v_before
        FROM public.game_sessions AS s
        WHERE s.id = p_before AND s.user_id = v_user_id;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'player % has no session %', v_user_id, p_before USING ERRCODE = 'LB001';
        END IF;
    END IF;
    RETURN QUERY
    SELECT s.id, s."timestamp", s.played_at, s.score, s.game_mode, s.metadata, s.void_id, m.reason
    FROM (
        SELECT g.*
        FROM public.game_sessions AS g
        WHERE g.user_id = v_user_id AND (g."timestamp", g.id) < (v_before, coalesce(p_before, 9223372036854775807))
            AND (p_with_voided OR g.void_id IS NULL)
        ORDER BY g."timestamp" DESC, g.id DESC
        LIMIT p_limit
    ) AS s
    LEFT JOIN public.moderation AS m ON m.id = s.void_id
    ORDER BY s."timestamp" DESC, s.id DESC;
END
$$;

COMMENT ON FUNCTION api.player_sessions(bigint, integer, bigint, boolean) IS 'The sessions of a player, newest first.';
