-- Purpose:  fills the splits of a ranking by one more step: those of the next players by id. Submits go on: those of
--           the players of the step wait for its transaction, which takes some tens of milliseconds.
-- Args:     p_ranking_id  a ranking whose splits are being filled.
-- Locks:    as board.fill_step. Writes: rankings, rank_state; leaderboard, and by its triggers the rank index.
CREATE OR REPLACE FUNCTION board.fill_splits_step(p_ranking_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' SET enable_seqscan = off
AS $$
DECLARE
    c_players  CONSTANT integer := 1000;
    v_from     integer;
    v_user_ids integer[];
    v_locked   integer[];
BEGIN
    -- With a transaction id, before it looks: a season that closes from here on waits for this transaction.
    PERFORM pg_current_xact_id();
    SELECT r.splits_to INTO v_from FROM public.rankings AS r WHERE r.id = p_ranking_id AND r.closing_xid IS NULL;
    IF v_from IS NULL THEN
        RETURN;
    END IF;
    v_user_ids := ARRAY(SELECT u.id FROM public.users AS u WHERE u.id > v_from ORDER BY u.id LIMIT c_players);
    IF v_user_ids = '{}' THEN
        UPDATE public.rankings AS r SET splits_to = NULL WHERE r.id = p_ranking_id;
        RETURN;
    END IF;
    PERFORM internal.lock_users(v_user_ids[1:1]);
    v_locked := v_user_ids[1:1] || ARRAY(
        SELECT u.id FROM public.users AS u WHERE u.id = ANY (v_user_ids[2:]) ORDER BY u.id FOR NO KEY UPDATE SKIP LOCKED
    );
    -- The next step begins with the first player whom another transaction holds.
    SELECT array_agg(i.id ORDER BY i.id) INTO v_user_ids
    FROM unnest(v_user_ids) AS i(id)
    WHERE i.id < coalesce((SELECT min(b.id) FROM unnest(v_user_ids) AS b(id) WHERE b.id <> ALL (v_locked)), 2147483648);
    PERFORM board.copy_to_splits(ARRAY[p_ranking_id], v_user_ids);
    UPDATE public.rankings AS r SET splits_to = v_user_ids[cardinality(v_user_ids)] WHERE r.id = p_ranking_id;
EXCEPTION
    WHEN lock_not_available THEN
        NULL;
END
$$;

COMMENT ON FUNCTION board.fill_splits_step(integer) IS 'Fills the splits of a ranking by one more step.';
