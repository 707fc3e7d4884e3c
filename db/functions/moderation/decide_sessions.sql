-- Purpose:  gives the sessions that an act covers the state that they should have: the last act in effect that covers a
--           session decides whether it is void; without one it counts. So an act, and undoing it, are the same step,
--           and the order in which acts are undone does not matter.
-- Args:     p_act  of the acts void and restore, stored, with the sessions it covers
--           p_user_ids  all players who have these sessions, and all for whom the act stores them; locked.
-- Returns:  one row: how many sessions became void or count again, of how many players, and how many totals changed.
-- Errors:   LB023 when a total would leave its range.
-- Locks:    the caller holds the boards lock, shared, the deletion lock, exclusive, and the players; see
--           moderation.recount. Writes: game_sessions; leaderboard.
CREATE OR REPLACE FUNCTION moderation.decide_sessions(
    p_act bigint, p_user_ids integer[], OUT sessions bigint, OUT players bigint, OUT ranks bigint
)
RETURNS record
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    v_ids      bigint[];
    v_voids    bigint[];
    v_changed  bigint[];
    v_user_ids integer[];
    v_counted  text := coalesce(current_setting('leaderboard.counted', true), '');
BEGIN
    SELECT array_agg(g.id), array_agg(d.void_id),
           array_agg(g.id) FILTER (WHERE (g.void_id IS NULL) <> (d.void_id IS NULL)),
           array_agg(DISTINCT g.user_id) FILTER (WHERE (g.void_id IS NULL) <> (d.void_id IS NULL))
    INTO v_ids, v_voids, v_changed, v_user_ids
    FROM (
        SELECT DISTINCT ON (c.session_id) c.session_id, CASE m.action WHEN 'void' THEN m.id END AS void_id
        FROM (
            SELECT p.act_id, unnest(p.session_ids) AS session_id
            FROM public.moderation_players AS p
            WHERE p.user_id = ANY (p_user_ids)
        ) AS c
        -- Of an act that is not in effect only the sessions are wanted: it comes last.
        LEFT JOIN public.moderation AS m ON m.id = c.act_id AND m.standing
        WHERE c.session_id = ANY (ARRAY(
            SELECT unnest(p.session_ids) FROM public.moderation_players AS p WHERE p.act_id = p_act
        ))
        ORDER BY c.session_id, m.id DESC NULLS LAST
    ) AS d
    JOIN public.game_sessions AS g ON g.id = d.session_id
    WHERE g.void_id IS DISTINCT FROM d.void_id;
    sessions := coalesce(cardinality(v_changed), 0);
    players := coalesce(cardinality(v_user_ids), 0);
    IF v_ids IS NOT NULL THEN
        -- Tells the triggers of game_sessions that these sessions are recounted here.
        PERFORM set_config('leaderboard.counted', 'on', true);
        UPDATE public.game_sessions AS g
        SET void_id = d.void_id
        FROM unnest(v_ids, v_voids) AS d(id, void_id)
        WHERE g.id = d.id;
        PERFORM set_config('leaderboard.counted', v_counted, true);
    END IF;
    ranks := moderation.recount(v_user_ids, coalesce(v_changed, '{}'));
    PERFORM rank_index.log_change();
END
$$;

COMMENT ON FUNCTION moderation.decide_sessions(bigint, integer[]) IS
    'Gives the sessions that an act covers the state that they should have.';
