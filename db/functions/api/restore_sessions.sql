-- Purpose:  lets void sessions count again. To take back all of an act, see api.undo_act.
-- Args:     p_operator  who does it, 1 to 100 characters; p_reason  why, 1 to 500 characters
--           p_user_id, p_session_id, p_from, p_to, p_above, p_board  as in api.void_sessions; p_act  the act that made
--           them void. All that match everything that is given; at least one must be
--           p_dry_run  only say what it would do. It changes nothing, but locks what it would change for that time.
-- Returns:  one row: act, the id of the act, by which it can be undone, NULL for a dry run or if nothing matched;
--           sessions, how many sessions count again; players, how many players that
--           are; ranks, how many totals on boards change, appear or go. Closed seasons stay as they are: see
--           api.recompute_season.
-- Errors:   as api.void_sessions; LB016 when p_act is no act that made sessions void.
-- Locks, writes: as api.void_sessions.
CREATE OR REPLACE FUNCTION api.restore_sessions(
    p_operator text, p_reason text, p_user_id bigint DEFAULT NULL, p_session_id bigint DEFAULT NULL,
    p_from timestamptz DEFAULT NULL, p_to timestamptz DEFAULT NULL, p_above bigint DEFAULT NULL,
    p_board text DEFAULT NULL, p_act bigint DEFAULT NULL, p_dry_run boolean DEFAULT false
)
RETURNS TABLE (act bigint, sessions bigint, players bigint, ranks bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT p.act, p.sessions, p.players, p.ranks
    FROM moderation.perform(
        'restore', p_operator, p_reason, p_dry_run, p_user_id => p_user_id, p_session_id => p_session_id,
        p_from => p_from, p_to => p_to, p_above => p_above, p_board => p_board, p_act => p_act
    ) AS p;
END
$$;

COMMENT ON FUNCTION api.restore_sessions(
    text, text, bigint, bigint, timestamptz, timestamptz, bigint, text, bigint, boolean
) IS 'Lets void sessions count again, or says what that would change.';
