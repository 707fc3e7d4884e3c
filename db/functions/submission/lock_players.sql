-- Purpose:  locks the players of a call. If the session has set leaderboard.busy_players to 'skip', it leaves out those
--           that another transaction holds; otherwise it waits for them.
-- Args:     p_user_ids  each once.
-- Returns:  the ids of the locked players, ascending.
-- Errors:   LB031 when it waits and a player does not exist any more.
-- Locks:    users rows by id, until the transaction ends.
CREATE OR REPLACE FUNCTION submission.lock_players(p_user_ids integer[]) RETURNS integer[]
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    v_locked integer[];
BEGIN
    IF current_setting('leaderboard.busy_players', true) = 'skip' THEN
        RETURN ARRAY(
            SELECT u.id FROM public.users AS u WHERE u.id = ANY (p_user_ids) ORDER BY u.id FOR NO KEY UPDATE SKIP LOCKED
        );
    END IF;
    v_locked := ARRAY(
        SELECT u.id FROM public.users AS u WHERE u.id = ANY (p_user_ids) ORDER BY u.id FOR NO KEY UPDATE
    );
    IF cardinality(v_locked) < cardinality(p_user_ids) THEN
        RAISE EXCEPTION 'a player was deleted during the call; nothing was counted, please retry'
            USING ERRCODE = 'LB031';
    END IF;
    RETURN v_locked;
END
$$;

COMMENT ON FUNCTION submission.lock_players(integer[]) IS 'Locks the players of a call by id.';
