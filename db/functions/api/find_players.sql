-- Purpose:  the user ids of players with external ids: api.find_player for many.
-- Args:     p_players  at most 10,000 external ids, compared in Unicode's normal form C.
-- Returns:  one row for each of them that a player has: player, as it is in p_players, and user_id. The others are left
--           out.
-- Errors:   LB001 for NULL or more than 10,000.
-- Locks:    none. STABLE.
CREATE OR REPLACE FUNCTION api.find_players(p_players text[])
RETURNS TABLE (player text, user_id integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
BEGIN
    IF p_players IS NULL OR cardinality(p_players) > 10000 THEN
        RAISE EXCEPTION 'give 0 to 10000 players, not %', coalesce(cardinality(p_players)::text, 'NULL')
            USING ERRCODE = 'LB001';
    END IF;
    RETURN QUERY
    SELECT g.player, i.user_id
    FROM (SELECT DISTINCT u.player FROM unnest(p_players) AS u(player)) AS g
    CROSS JOIN LATERAL (
        SELECT p.user_id FROM public.player_ids AS p WHERE p.external_id = internal.to_nfc(g.player) OFFSET 0
    ) AS i;
END
$$;

COMMENT ON FUNCTION api.find_players(text[]) IS 'The user ids of players with external ids.';
