-- Purpose:  undoes an act of moderation: everything is as if it had never been, with all later acts in effect. Acts can
--           be undone in any order, and an undo can be undone too.
-- Args:     p_operator  who does it, 1 to 100 characters; p_reason  why, 1 to 500 characters
--           p_act  its id
--           p_dry_run  only say what it would do. It changes nothing, but locks what it would change for that time.
-- Returns:  one row: act, the id of the undo, NULL for a dry run; sessions, how many sessions become void or count
--           again; players, how many players are concerned; ranks, how many totals on boards change, appear or go.
-- Errors:   LB001 for an invalid argument; LB016 when there is no such act; LB036 when it was undone already, or is a
--           recompute; LB023 when a total would leave its range; LB030 when the transaction is not READ COMMITTED;
--           42501 for the service without a key with the scope moderate or admin.
-- Locks:    as api.void_sessions. Writes: as api.void_sessions and api.ban_players.
CREATE OR REPLACE FUNCTION api.undo_act(
    p_operator text, p_reason text, p_act bigint, p_dry_run boolean DEFAULT false
)
RETURNS TABLE (act bigint, sessions bigint, players bigint, ranks bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT p.act, p.sessions, p.players, p.ranks
    FROM moderation.perform('undo', p_operator, p_reason, p_dry_run, p_act => p_act) AS p;
END
$$;

COMMENT ON FUNCTION api.undo_act(text, text, bigint, boolean) IS
    'Undoes an act of moderation, or says what that would change.';
