-- Purpose:  fills a ranking by one more step: recounts the next players by id from the ledger. Submits go on: those of
--           the players of the step wait for its transaction, which takes some tens of milliseconds.
-- Args:     p_ranking_id  a ranking that is not filled.
-- Errors:   LB023 when a total would leave its range, LB030 when the transaction is not READ COMMITTED.
-- Locks:    the caller holds the boards lock, shared, and the fill lock. Players by id. It waits for the first one
--           only, and for at most a second: then the step does nothing. Writes: rankings; leaderboard, and by its
--           triggers the rank index.
CREATE OR REPLACE FUNCTION board.fill_step(p_ranking_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s'
AS $$
DECLARE
    c_players  CONSTANT integer := 500;
    c_sessions CONSTANT integer := 2500;
    v_from     integer;
    v_last     integer;
    v_user_ids integer[];
    v_locked   integer[];
BEGIN
    -- With a transaction id, before it looks: a season that closes from here on waits for this transaction.
    PERFORM pg_current_xact_id();
    SELECT r.filled_to INTO v_from FROM public.rankings AS r WHERE r.id = p_ranking_id AND r.closing_xid IS NULL;
    IF v_from IS NULL THEN
        RETURN;
    END IF;
    -- That many players, or fewer if they have many sessions.
    SELECT g.user_id INTO v_last
    FROM public.game_sessions AS g
    WHERE g.user_id > v_from
    ORDER BY g.user_id, g."timestamp", g.id
    OFFSET c_sessions LIMIT 1;
    v_user_ids := ARRAY(
        SELECT u.id
        FROM public.users AS u
        WHERE u.id > v_from AND (v_last IS NULL OR u.id <= v_last)
        ORDER BY u.id
        LIMIT c_players
    );
    IF v_user_ids = '{}' THEN
        UPDATE public.rankings AS r SET filled_to = NULL WHERE r.id = p_ranking_id;
        RETURN;
    END IF;
    PERFORM internal.lock_users(v_user_ids[1:1]);
    v_locked := v_user_ids[1:1] || ARRAY(
        SELECT u.id FROM public.users AS u WHERE u.id = ANY (v_user_ids[2:]) ORDER BY u.id FOR NO KEY UPDATE SKIP LOCKED
    );
    -- The next step begins with the first player whom another transaction holds.
    SELECT v_user_ids[: count(*)] INTO v_user_ids
    FROM unnest(v_user_ids) AS i(id)
    WHERE i.id < coalesce((SELECT min(b.id) FROM unnest(v_user_ids) AS b(id) WHERE b.id <> ALL (v_locked)), 2147483648);
    PERFORM FROM ledger.correct_totals(ARRAY[p_ranking_id], v_user_ids);
    UPDATE public.rankings AS r
    SET filled_to = v_user_ids[cardinality(v_user_ids)]
    WHERE r.id = p_ranking_id AND r.filled_to IS NOT NULL;  -- api.rebuild_leaderboard may have filled it
EXCEPTION
    WHEN lock_not_available THEN
        NULL;
END
$$;

COMMENT ON FUNCTION board.fill_step(integer) IS 'Fills a ranking from the ledger by one more step.';
