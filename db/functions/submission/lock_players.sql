-- Purpose:  locks the players of a call. If the session has set leaderboard.busy_players to 'skip', it leaves out those
--           that another transaction holds; otherwise it waits for them.
-- Args:     p_user_ids  each once.
-- Returns:  locked: the ids of the locked players, ascending; banned: those of them who are banned or hidden, NULL if
--           none is.
-- Errors:   LB031 when it waits and a player does not exist any more.
-- Locks:    users rows by id, until the transaction ends.
CREATE OR REPLACE FUNCTION submission.lock_players(
    p_user_ids integer[], OUT locked integer[], OUT banned integer[]
)
RETURNS record
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    IF current_setting('leaderboard.busy_players', true) = 'skip' THEN
        SELECT coalesce(array_agg(l.id), '{}'), array_agg(l.id) FILTER (WHERE l.ban_id IS NOT NULL) INTO locked, banned
        FROM (
            SELECT u.id, u.ban_id
            FROM public.users AS u
            WHERE u.id = ANY (p_user_ids)
            ORDER BY u.id
            FOR NO KEY UPDATE SKIP LOCKED
        ) AS l;
        RETURN;
    END IF;
    SELECT coalesce(array_agg(l.id), '{}'), array_agg(l.id) FILTER (WHERE l.ban_id IS NOT NULL) INTO locked, banned
    FROM (
        SELECT u.id, u.ban_id FROM public.users AS u WHERE u.id = ANY (p_user_ids) ORDER BY u.id FOR NO KEY UPDATE
    ) AS l;
    IF cardinality(locked) < cardinality(p_user_ids) THEN
        RAISE EXCEPTION 'a player was deleted during the call; nothing was counted, please retry'
            USING ERRCODE = 'LB031';
    END IF;
END
$$;

COMMENT ON FUNCTION submission.lock_players(integer[]) IS 'Locks the players of a call by id.';
