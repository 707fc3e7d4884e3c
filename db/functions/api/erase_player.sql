-- Purpose:  erases a player: name, external ids, attributes, sessions, totals, submission keys and rejected
--           submissions are deleted, in archived seasons their place is left without a player, and acts of moderation
--           stay without what names them. Ranks of others in closed seasons do not change. Who gets the user id later
--           starts from nothing.
-- Args:     p_user_id
--           p_confirm  the user id again, unless it is a dry run
--           p_dry_run  only count
--           p_operator, p_reason  who erases, and why: 1 to 100 and 1 to 500 characters. The log of moderation keeps
--           them, with the time and the number of sessions, but without who was erased.
-- Returns:  what is or would be erased: sessions, totals on boards, places in closed seasons, external ids, submission
--           keys, rejected submissions, and how many acts of moderation cover the player.
-- Errors:   LB001 for an invalid operator or reason, LB011 when there is no such player, LB030 when the transaction is
--           not READ COMMITTED, LB033 without confirmation; 42501 for the service while there is no key with the scope
--           admin.
-- Locks:    the boards lock and the deletion lock, shared; rejected submissions of the player; the player; acts that
--           name them; seasons in whose archive they are. Writes: every table that has the player.
CREATE OR REPLACE FUNCTION api.erase_player(
    p_user_id bigint, p_confirm bigint DEFAULT NULL, p_dry_run boolean DEFAULT false,
    p_operator text DEFAULT session_user, p_reason text DEFAULT 'asked to be erased'
)
RETURNS TABLE (
    sessions bigint, totals bigint, seasons bigint, external_ids bigint, submission_keys bigint, rejected bigint,
    acts bigint
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
    v_user_id  integer := (SELECT u.id FROM public.users AS u WHERE u.id = p_user_id);
    v_player   public.users;
    v_players  text[];
    v_rejected bigint;
BEGIN
    PERFORM internal.require_key(ARRAY['admin']);
    IF v_user_id IS NULL THEN
        RAISE EXCEPTION 'there is no player %', coalesce(p_user_id::text, 'NULL') USING ERRCODE = 'LB011';
    ELSIF p_dry_run THEN
        RETURN QUERY SELECT k.* FROM player.what_is_kept(v_user_id) AS k;
        RETURN;
    ELSIF p_confirm IS DISTINCT FROM p_user_id THEN
        RAISE EXCEPTION 'erasing player % cannot be undone: give their user id a second time, to confirm it', v_user_id
            USING ERRCODE = 'LB033';
    END IF;
    PERFORM moderation.require_author(p_operator, p_reason);
    PERFORM internal.lock_boards_shared();
    PERFORM internal.lock_deletion_shared();
    -- Before the player is locked: a submit may be purging some of these, and need the player next. The trigger on
    -- users, which passes over locked rows, deletes those that come meanwhile.
    DELETE FROM public.rejected_submissions AS r WHERE r.user_id = v_user_id;
    GET DIAGNOSTICS v_rejected = ROW_COUNT;
    v_player := player.lock(v_user_id);
    SELECT k.* INTO sessions, totals, seasons, external_ids, submission_keys, rejected, acts
    FROM player.what_is_kept(v_user_id) AS k;
    rejected := rejected + v_rejected;
    v_players := ARRAY(SELECT i.external_id FROM public.player_ids AS i WHERE i.user_id = v_user_id);
    INSERT INTO public.moderation (operator, action, user_id, reason, sessions, players)
    VALUES (p_operator, 'erase', v_user_id, p_reason, sessions, 1);
    PERFORM player.erase_from_acts(v_player, v_players);
    DELETE FROM public.users AS u WHERE u.id = v_user_id;
    RETURN NEXT;
END
$$;

COMMENT ON FUNCTION api.erase_player(bigint, bigint, boolean, text, text) IS 'Erases a player.';
