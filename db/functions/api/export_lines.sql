-- Purpose:  everything that is kept of a player, as the lines of one JSON document: psql -Atc "SELECT line FROM
--           api.export_lines(42)" > player-42.json. However many sessions there are, it needs little memory.
-- Args:     p_user_id.
-- Returns:  the lines in order: user_id, username, join_date, players (external ids), attributes, boards (totals and
--           ranks, of closed seasons the final ones), moderation (acts that cover the player), submission_keys,
--           rejected (submissions that score rules refused), sessions. Totals are integers of the board's unit.
-- Errors:   LB011 when there is no such player; 42501 for the service while there is no key with the scope admin.
-- Locks:    none. STABLE: one snapshot for all lines.
CREATE OR REPLACE FUNCTION api.export_lines(p_user_id bigint) RETURNS TABLE (line text)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
    v_player  public.users;
    v_section text;
BEGIN
    PERFORM internal.require_key(ARRAY['admin']);
    SELECT u.* INTO v_player FROM public.users AS u WHERE u.id = p_user_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no player %', coalesce(p_user_id::text, 'NULL') USING ERRCODE = 'LB011';
    END IF;
    line := format(
        E'{"user_id": %s,\n"username": %s,\n"join_date": %s,\n"players": %s,\n"attributes": %s,\n"boards": [',
        v_player.id, to_json(v_player.username), to_json(v_player.join_date),
        to_json(ARRAY(
            SELECT p.external_id
            FROM public.player_ids AS p
            WHERE p.user_id = v_player.id
            ORDER BY p.linked_at, p.external_id
        )),
        coalesce(v_player.attributes, '{}')
    );
    RETURN NEXT;
    RETURN QUERY
    SELECT CASE WHEN row_number() OVER () > 1 THEN ',' ELSE '' END || e.item
    FROM player.export_boards(v_player.id) AS e;
    FOREACH v_section IN ARRAY ARRAY['moderation', 'submission_keys', 'rejected'] LOOP
        line := format(E'],\n%s: [', to_json(v_section));
        RETURN NEXT;
        RETURN QUERY
        SELECT CASE WHEN row_number() OVER () > 1 THEN ',' ELSE '' END || e.item
        FROM player.export_kept(v_player.id, v_section) AS e;
    END LOOP;
    line := E'],\n"sessions": [';
    RETURN NEXT;
    RETURN QUERY
    SELECT CASE WHEN row_number() OVER () > 1 THEN ',' ELSE '' END || json_build_object(
        'id', s.id, 'at', s."timestamp", 'played_at', s.played_at, 'score', s.score, 'game_mode', s.game_mode,
        'metadata', s.metadata, 'void_id', s.void_id
    )
    FROM (
        SELECT g.*
        FROM public.game_sessions AS g
        WHERE g.user_id = v_player.id
        ORDER BY g."timestamp", g.id
    ) AS s;
    line := ']}';
    RETURN NEXT;
END
$$;

COMMENT ON FUNCTION api.export_lines(bigint) IS 'Everything that is kept of a player, as the lines of a JSON document.';
