-- Purpose:  bans players: they leave every board. What they submit from then on is kept in the ledger and answered as
--           usual, and counts when the ban ends. A ban replaces an earlier one.
-- Args:     p_operator  who does it, 1 to 100 characters; p_reason  why, 1 to 500 characters
--           p_user_ids  1 to 100,000 players; p_until  when the ban ends by itself, NULL: by a call only; p_hide  do
--           not let the player notice: their own reads and submits do not say hidden
--           p_dry_run  only say what it would do. It changes nothing, but locks what it would change for that time.
-- Returns:  one row: act, the id of the act, by which it can be undone, NULL for a dry run; sessions, 0; players, how
--           many players; ranks, how many totals leave the boards. Closed seasons stay as they are: see
--           api.recompute_season.
-- Errors:   LB001 for no or too many players, a time that is over, or another invalid argument; LB002 for an invalid
--           user id, LB011 when a player does not exist, LB030 when the transaction is not READ COMMITTED; 42501 for
--           the service without a key with the scope moderate or admin.
-- Locks:    the boards lock, shared; the players by id, until the transaction ends: their submits wait.
-- Writes:   moderation, moderation_players, users, leaderboard.
CREATE OR REPLACE FUNCTION api.ban_players(
    p_operator text, p_reason text, p_user_ids bigint[], p_until timestamptz DEFAULT NULL,
    p_hide boolean DEFAULT false, p_dry_run boolean DEFAULT false
)
RETURNS TABLE (act bigint, sessions bigint, players bigint, ranks bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT p.act, p.sessions, p.players, p.ranks
    FROM moderation.perform(
        CASE WHEN p_hide THEN 'hide' ELSE 'ban' END, p_operator, p_reason, p_dry_run, p_user_ids, p_until
    ) AS p;
END
$$;

COMMENT ON FUNCTION api.ban_players(text, text, bigint[], timestamptz, boolean, boolean) IS
    'Bans or hides players, who leave every board, or says what that would change.';
