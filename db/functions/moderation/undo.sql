-- Purpose:  undoes an act of moderation: from now on it has never been. An undo can be undone too, which brings the act
--           back to its place among the others.
-- Args:     p_operator, p_reason  checked by moderation.require_author; p_act  the act.
-- Returns:  one row, as api.undo_act.
-- Errors:   LB016 when there is no such act, LB036 when it was undone already or cannot be undone, LB023 when a total
--           would leave its range.
-- Locks:    the boards lock, shared; the deletion lock, exclusive, so that one act is undone at a time; the players by
--           id; see moderation.recount. Writes: moderation; see moderation.decide_sessions and decide_players.
CREATE OR REPLACE FUNCTION moderation.undo(
    p_operator text, p_reason text, p_act bigint,
    OUT act bigint, OUT sessions bigint, OUT players bigint, OUT ranks bigint
)
RETURNS record
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    v_root     public.moderation;
    v_undo     bigint;
    v_user_ids integer[];
BEGIN
    PERFORM internal.lock_boards_shared();
    PERFORM internal.lock_deletion();
    SELECT m.* INTO v_root FROM public.moderation AS m WHERE m.id = p_act;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no act %; api.moderation_log() lists them', coalesce(p_act::text, 'NULL')
            USING ERRCODE = 'LB016';
    ELSIF v_root.action = 'erase' THEN
        RAISE EXCEPTION 'act % erased a player, which cannot be undone', p_act USING ERRCODE = 'LB036';
    ELSIF v_root.action = 'recompute' THEN
        RAISE EXCEPTION 'act % wrote an archive anew, which cannot be undone', p_act
            USING ERRCODE = 'LB036', HINT = 'Undo what it took into account, and recompute the season again.';
    END IF;
    SELECT m.id INTO v_undo FROM public.moderation AS m WHERE m.undoes = p_act;
    IF FOUND THEN
        RAISE EXCEPTION 'act % was undone already, by act %', p_act, v_undo
            USING ERRCODE = 'LB036', HINT = format('Undo act %s to bring it back.', v_undo);
    END IF;
    WHILE v_root.undoes IS NOT NULL LOOP
        SELECT m.* INTO STRICT v_root FROM public.moderation AS m WHERE m.id = v_root.undoes;
    END LOOP;
    -- Plain SQL may have given the sessions to other players.
    v_user_ids := ARRAY(
        SELECT p.user_id FROM public.moderation_players AS p WHERE p.act_id = v_root.id
        UNION
        SELECT g.user_id
        FROM public.moderation_players AS p
        CROSS JOIN LATERAL unnest(p.session_ids) AS s(id)
        JOIN public.game_sessions AS g ON g.id = s.id
        WHERE p.act_id = v_root.id
    );
    PERFORM internal.lock_users(v_user_ids);
    act := moderation.add_act(p_operator, p_reason, 'undo', v_root.user_id, p_undoes => p_act);
    UPDATE public.moderation AS m SET standing = NOT m.standing WHERE m.id = v_root.id;
    sessions := 0;
    IF v_root.action IN ('void', 'restore') THEN
        SELECT d.sessions, d.players, d.ranks INTO sessions, players, ranks
        FROM moderation.decide_sessions(v_root.id, v_user_ids) AS d;
    ELSE
        SELECT d.players, d.ranks INTO players, ranks FROM moderation.decide_players(v_root.id, v_user_ids) AS d;
    END IF;
    UPDATE public.moderation AS m SET sessions = undo.sessions, players = undo.players WHERE m.id = act;
END
$$;

COMMENT ON FUNCTION moderation.undo(text, text, bigint) IS 'Undoes an act of moderation.';
