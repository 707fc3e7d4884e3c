-- Purpose:  the user ids of players with external ids, as api.find_player for several.
-- Args:     p_players  up to 1000.
-- Returns:  one row for each that a player has: player as given, user_id. The others are left out.
-- Errors:   LB001 for NULL or more than 1000.
-- Locks:    none. STABLE.
CREATE OR REPLACE FUNCTION api.find_players(p_players text[])
RETURNS TABLE (player text, user_id integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
BEGIN
    IF p_players IS NULL OR cardinality(p_players) > 1000 THEN
        RAISE EXCEPTION 'give 0 to 1000 players, not %', coalesce(cardinality(p_players)::text, 'NULL')
            USING ERRCODE = 'LB001';
    END IF;
    RETURN QUERY
    SELECT g.player, i.user_id
    FROM (SELECT DISTINCT p.player FROM unnest(p_players) AS p(player)) AS g
    CROSS JOIN LATERAL (
        SELECT k.user_id FROM public.player_ids AS k WHERE k.external_id = internal.to_nfc(g.player) OFFSET 0
    ) AS i;
END
$$;

COMMENT ON FUNCTION api.find_players(text[]) IS 'The user ids of players with external ids.';
