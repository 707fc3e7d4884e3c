-- Purpose:  makes sessions void: they stay in the ledger and count nowhere. Exact on every board, beside submissions.
-- Args:     p_operator  who does it, 1 to 100 characters; p_reason  why, 1 to 500 characters
--           p_user_id, p_session_id; p_from, p_to  when they were played, p_to exclusive; p_above  scores above this
--           one, or with p_board better than this one; p_board  what counts on that board, or season such as
--           'daily@12'. All that match everything that is given; at least one must be
--           p_dry_run  only say what it would do. It changes nothing, but locks what it would change for that time.
-- Returns:  one row: act, the id of the act, by which it can be undone, NULL for a dry run or if nothing matched;
--           sessions, how many sessions counted until now; players, how many players that
--           are; ranks, how many totals on boards change, appear or go. Closed seasons stay as they are: see
--           api.recompute_season.
-- Errors:   LB001 when nothing is given, or an argument is invalid; LB002 for an invalid user id; LB010 when the board
--           does not exist, LB014 when the season does not; LB023 when a total would leave its range; LB030 when the
--           transaction is not READ COMMITTED; 42501 for the service without a key with the scope moderate or admin.
-- Locks:    the boards lock, shared; the deletion lock, exclusive; the players by id, until the transaction ends: their
--           submits wait. Writes: moderation, moderation_players, game_sessions, leaderboard.
CREATE OR REPLACE FUNCTION api.void_sessions(
    p_operator text, p_reason text, p_user_id bigint DEFAULT NULL, p_session_id bigint DEFAULT NULL,
    p_from timestamptz DEFAULT NULL, p_to timestamptz DEFAULT NULL, p_above bigint DEFAULT NULL,
    p_board text DEFAULT NULL, p_dry_run boolean DEFAULT false
)
RETURNS TABLE (act bigint, sessions bigint, players bigint, ranks bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT p.act, p.sessions, p.players, p.ranks
    FROM moderation.perform(
        'void', p_operator, p_reason, p_dry_run, p_user_id => p_user_id, p_session_id => p_session_id,
        p_from => p_from, p_to => p_to, p_above => p_above, p_board => p_board
    ) AS p;
END
$$;

COMMENT ON FUNCTION api.void_sessions(
    text, text, bigint, bigint, timestamptz, timestamptz, bigint, text, boolean
) IS 'Makes sessions void, so that they count nowhere, or says what that would change.';
