-- Purpose:  ends a ban whose time is over, for the next 500 of its players.
-- Args:     p_act  the ban.
-- Errors:   LB023 when a total would leave its range.
-- Locks:    the caller holds the boards lock, shared, and the bans lock. The players by id, then the act, as a DELETE
--           of players does. Writes: moderation, moderation_players, users, leaderboard.
CREATE OR REPLACE FUNCTION moderation.lift_step(p_act bigint) RETURNS void
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    c_players CONSTANT integer := 500;
    v_user_ids integer[];
    v_act      bigint;
BEGIN
    v_user_ids := ARRAY(
        SELECT u.id
        FROM public.moderation_players AS p
        JOIN public.users AS u ON u.id = p.user_id AND u.ban_id = p_act
        WHERE p.act_id = p_act
        ORDER BY u.id
        LIMIT c_players
    );
    PERFORM internal.lock_users(v_user_ids);
    -- A moderator may have changed something while this waited.
    v_user_ids := ARRAY(
        SELECT u.id FROM public.users AS u WHERE u.id = ANY (v_user_ids) AND u.ban_id = p_act ORDER BY u.id
    );
    IF v_user_ids = '{}' THEN
        UPDATE public.moderation AS m
        SET lifted = true
        WHERE m.id = p_act AND NOT EXISTS (
            SELECT FROM public.moderation_players AS p
            JOIN public.users AS u ON u.id = p.user_id AND u.ban_id = p_act
            WHERE p.act_id = p_act
        );
        RETURN;
    END IF;
    v_act := moderation.add_act(
        'leaderboard', format('the ban of act %s is over', p_act), 'unban',
        CASE WHEN cardinality(v_user_ids) = 1 THEN v_user_ids[1] END
    );
    INSERT INTO public.moderation_players (act_id, user_id) SELECT v_act, i.id FROM unnest(v_user_ids) AS i(id);
    UPDATE public.moderation AS m
    SET players = (SELECT d.players FROM moderation.decide_players(v_act, v_user_ids) AS d)
    WHERE m.id = v_act;
END
$$;

COMMENT ON FUNCTION moderation.lift_step(bigint) IS 'Ends a ban whose time is over, for the next 500 of its players.';
