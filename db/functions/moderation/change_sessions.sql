-- Purpose:  makes sessions void, or lets them count again.
-- Args:     p_action  void or restore; p_operator, p_reason  checked by moderation.require_author
--           p_user_id, p_session_id, p_from, p_to, p_above, p_board, p_act  which sessions: all that match everything
--           that is given; see moderation.matching.
-- Returns:  one row, as api.void_sessions.
-- Errors:   LB001 when nothing is given, or a range is empty; LB002 for an invalid user id; LB010, LB014, LB023; LB016
--           when p_act is no act that made sessions void.
-- Locks:    the boards lock, shared; the deletion lock, exclusive; the players by id; see moderation.recount.
-- Writes:   moderation, moderation_players, game_sessions; leaderboard, and by its triggers the rank index.
CREATE OR REPLACE FUNCTION moderation.change_sessions(
    p_action text, p_operator text, p_reason text, p_user_id bigint, p_session_id bigint, p_from timestamptz,
    p_to timestamptz, p_above bigint, p_board text, p_act bigint,
    OUT act bigint, OUT sessions bigint, OUT players bigint, OUT ranks bigint
)
RETURNS record
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    v_filter   jsonb := jsonb_strip_nulls(jsonb_build_object(
        'user_id', p_user_id, 'session_id', p_session_id, 'from', p_from, 'to', p_to, 'above', p_above,
        'board', p_board, 'act', p_act
    ));
    v_user_ids integer[];
BEGIN
    IF v_filter = '{}' THEN
        RAISE EXCEPTION 'say which sessions: a player, a session, a time, a score or a board' USING ERRCODE = 'LB001';
    ELSIF p_user_id NOT BETWEEN 1 AND 2147483647 THEN
        RAISE EXCEPTION 'user_id must be an integer from 1 to 2147483647' USING ERRCODE = 'LB002';
    ELSIF p_from >= p_to THEN
        RAISE EXCEPTION 'the time must begin before it ends' USING ERRCODE = 'LB001';
    ELSIF p_act IS NOT NULL
        AND NOT EXISTS (SELECT FROM public.moderation AS m WHERE m.id = p_act AND m.action = 'void')
    THEN
        RAISE EXCEPTION 'no sessions were made void by an act %', p_act USING ERRCODE = 'LB016';
    END IF;
    PERFORM internal.lock_boards_shared();
    -- Plain SQL on sessions goes from sessions to players, this call the other way.
    PERFORM internal.lock_deletion();
    sessions := 0;
    players := 0;
    ranks := 0;
    v_user_ids := ARRAY(SELECT m.user_id FROM moderation.matching(v_filter, p_action = 'restore', NULL) AS m);
    IF v_user_ids = '{}' THEN
        RETURN;
    END IF;
    PERFORM internal.lock_users(v_user_ids);
    act := moderation.add_act(
        p_operator, p_reason, p_action, CASE WHEN cardinality(v_user_ids) = 1 THEN v_user_ids[1] END,
        nullif(v_filter - 'user_id', '{}')
    );
    -- Looked for again now that the players are locked.
    INSERT INTO public.moderation_players (act_id, user_id, session_ids)
    SELECT act, m.user_id, m.session_ids
    FROM moderation.matching(v_filter, p_action = 'restore', v_user_ids) AS m;
    SELECT d.sessions, d.players, d.ranks INTO sessions, players, ranks
    FROM moderation.decide_sessions(act, v_user_ids) AS d;
    UPDATE public.moderation AS m
    SET sessions = change_sessions.sessions, players = change_sessions.players
    WHERE m.id = act;
END
$$;

COMMENT ON FUNCTION moderation.change_sessions(
    text, text, text, bigint, bigint, timestamptz, timestamptz, bigint, text, bigint
) IS 'Makes sessions void, or lets them count again.';
