-- Purpose:  ends bans: the players are back on every board, with all that they submitted meanwhile.
-- Args:     p_operator  who does it, 1 to 100 characters; p_reason  why, 1 to 500 characters
--           p_user_ids  1 to 100,000 players; those who are not banned stay as they are
--           p_dry_run  only say what it would do. It changes nothing, but locks what it would change for that time.
-- Returns:  one row: act, the id of the act, by which it can be undone, NULL for a dry run or if none was banned;
--           sessions, 0; players, how many were banned; ranks, how many totals come back.
-- Errors:   as api.ban_players; LB023 when a total would leave its range.
-- Locks, writes: as api.ban_players.
CREATE OR REPLACE FUNCTION api.unban_players(
    p_operator text, p_reason text, p_user_ids bigint[], p_dry_run boolean DEFAULT false
)
RETURNS TABLE (act bigint, sessions bigint, players bigint, ranks bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT p.act, p.sessions, p.players, p.ranks
    FROM moderation.perform('unban', p_operator, p_reason, p_dry_run, p_user_ids) AS p;
END
$$;

COMMENT ON FUNCTION api.unban_players(text, text, bigint[], boolean) IS
    'Ends the bans of players, or says what that would change.';
