-- Purpose:  counts submissions, each on its own: one that is refused leaves its neighbours alone, and all that are accepted commit together.
-- Args:     arrays of one length (those with a default may be NULL), an element a submission; at most 1000.
--           p_user_ids         1 to 2147483647; an unknown player is registered
--           p_scores           within the bounds of the board
--           p_game_modes       1 to 50 printable characters; NULL element: 'solo'
--           p_usernames        name for a player who is new, see internal.username_problem; NULL element: user_<id>. Ignored for a known player.
--           p_submission_keys  1 to 255 visible ASCII characters, unique to the player's submission: the same key counts once for at least
--                              7 days and a replay gets the first outcome again; NULL element: none
--           p_board            the board that must take the scores and whose totals are answered. A submission counts on every board that
--                              counts its mode and score.
--           p_with_rank        also answer ranks.
-- Returns:  a row an item, in order: item (from 1); status 'accepted', 'replayed' or 'rejected'; user_id; score; total_score right after it;
--           previous_rank (before the call) and rank (after it) if asked for; for a rejected item error (SQLSTATE, see api.error_codes())
--           and message. Where the session has set leaderboard.busy_players to 'skip', items of players whom somebody else holds come back
--           as 'busy' at once: they were not counted, call again. What a rejected item has of user_id or score may be NULL.
-- Rules:    an item that breaks a score rule (LB003, LB024, LB025) is kept with its reason: api.rejected_submissions().
-- Errors:   LB001 when the arrays do not fit, LB010 when there is no such board, LB030 when the transaction is not READ
--           COMMITTED (it could count by an old list of boards), LB031 when a player is deleted at the same moment.
-- Locks, writes: see submission.count_submissions.
CREATE OR REPLACE FUNCTION api.submit_scores(
    p_user_ids bigint[], p_scores bigint[], p_game_modes text[] DEFAULT NULL, p_usernames text[] DEFAULT NULL,
    p_submission_keys text[] DEFAULT NULL, p_board text DEFAULT 'overall', p_with_rank boolean DEFAULT false
)
RETURNS TABLE (
    item integer, status text, user_id integer, score bigint, total_score bigint,
    previous_rank bigint, rank bigint, error text, message text
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
    v_board      public.boards;
    v_count      integer := cardinality(p_user_ids);
    v_game_modes text[];
    v_faults     text[];  -- an element an item: what is wrong with it, its SQLSTATE first; NULL: nothing
    v_faulty     integer;
BEGIN
    IF v_count IS NULL OR cardinality(p_scores) IS DISTINCT FROM v_count
        OR cardinality(p_game_modes) <> v_count OR cardinality(p_usernames) <> v_count OR cardinality(p_submission_keys) <> v_count
        OR greatest(array_ndims(p_user_ids), array_ndims(p_scores), array_ndims(p_game_modes), array_ndims(p_usernames),
                    array_ndims(p_submission_keys)) > 1
    THEN
        RAISE EXCEPTION 'user ids, scores, game modes, usernames and submission keys must be arrays of one length'
            USING ERRCODE = 'LB001';
    END IF;
    IF v_count > 1000 THEN
        RAISE EXCEPTION 'at most 1000 submissions a call, not %', v_count USING ERRCODE = 'LB001';
    END IF;
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        PERFORM internal.require_read_committed();
    END IF;
    -- What the board counts is read under the lock that its changes need.
    PERFORM pg_advisory_xact_lock_shared(7201, 1);  -- the boards lock
    SELECT b.* INTO v_board FROM public.boards AS b WHERE b.name = p_board;
    IF v_board.id IS NULL THEN
        PERFORM board.board_id(p_board);
    END IF;
    IF v_count = 0 THEN
        RETURN;
    END IF;

    v_game_modes := coalesce(array_replace(p_game_modes, NULL, 'solo'), array_fill('solo'::text, ARRAY[v_count]));
    SELECT array_agg(c.fault ORDER BY c.item), count(c.fault) INTO v_faults, v_faulty
    FROM (
        SELECT i.item, CASE
            WHEN i.user_id IS NULL OR i.user_id NOT BETWEEN 1 AND 2147483647
                THEN 'LB002user_id must be an integer from 1 to 2147483647'
            WHEN i.score IS NULL OR i.score NOT BETWEEN v_board.min_score AND v_board.max_score
                THEN format('LB003score must be an integer from %s to %s on board %s', v_board.min_score, v_board.max_score, v_board.name)
            WHEN (char_length(i.game_mode) NOT BETWEEN 1 AND 50 OR i.game_mode ~ '[^ -~]') AND internal.game_mode_problem(i.game_mode) IS NOT NULL
                THEN 'LB004' || internal.game_mode_problem(i.game_mode)
            WHEN (char_length(i.username) NOT BETWEEN 1 AND 255 OR i.username ~ '[^ -~]|^ | $') AND internal.username_problem(i.username) IS NOT NULL
                THEN 'LB005' || internal.username_problem(i.username)
            WHEN char_length(i.key) NOT BETWEEN 1 AND 255 OR i.key ~ '[^!-~]'
                THEN 'LB006the submission key must be 1 to 255 visible ASCII characters'
            WHEN v_board.game_mode <> i.game_mode
                THEN format('LB022board %s counts game_mode %s only', v_board.name, v_board.game_mode)
        END AS fault
        FROM unnest(p_user_ids, p_scores, v_game_modes, p_usernames, p_submission_keys)
            WITH ORDINALITY AS i(user_id, score, game_mode, username, key, item)
    ) AS c;

    IF v_faulty = 0 THEN
        -- As nearly always: what came is handed on as it is.
        RETURN QUERY
        SELECT s.item, s.status, s.user_id, s.score, s.total_score, s.previous_rank, s.rank, s.error, s.message
        FROM submission.count_submissions(
            ARRAY(SELECT generate_series(1, v_count)), p_user_ids::integer[], p_scores, v_game_modes,
            coalesce(p_usernames, array_fill(NULL::text, ARRAY[v_count])),
            coalesce(p_submission_keys, array_fill(NULL::text, ARRAY[v_count])), v_board.id, coalesce(p_with_rank, false)
        ) AS s
        ORDER BY s.item;
        RETURN;
    END IF;

    PERFORM submission.record_rejection(
        i.user_id::integer, i.score, left(i.game_mode, 50), v_board.name, left(i.key, 255), left(i.fault, 5), substr(i.fault, 6)
    )
    FROM unnest(p_user_ids, p_scores, v_game_modes, p_submission_keys, v_faults) AS i(user_id, score, game_mode, key, fault)
    WHERE i.fault LIKE 'LB003%' AND i.score IS NOT NULL;
    RETURN QUERY
    WITH checked AS MATERIALIZED (
        SELECT i.item::integer AS item, i.user_id, i.score, i.game_mode, i.username, i.key, i.fault
        FROM unnest(p_user_ids, p_scores, v_game_modes, p_usernames, p_submission_keys, v_faults)
            WITH ORDINALITY AS i(user_id, score, game_mode, username, key, fault, item)
    ), valid AS (
        SELECT array_agg(c.item ORDER BY c.item) AS items, array_agg(c.user_id::integer ORDER BY c.item) AS user_ids,
               array_agg(c.score ORDER BY c.item) AS scores, array_agg(c.game_mode ORDER BY c.item) AS game_modes,
               array_agg(c.username ORDER BY c.item) AS usernames, array_agg(c.key ORDER BY c.item) AS keys
        FROM checked AS c
        WHERE c.fault IS NULL
        HAVING count(*) > 0
    )
    SELECT s.item, s.status, s.user_id, s.score, s.total_score, s.previous_rank, s.rank, s.error, s.message
    FROM valid AS v
    CROSS JOIN LATERAL submission.count_submissions(
        v.items, v.user_ids, v.scores, v.game_modes, v.usernames, v.keys, v_board.id, coalesce(p_with_rank, false)
    ) AS s
    UNION ALL
    SELECT c.item, 'rejected', CASE WHEN c.user_id BETWEEN 1 AND 2147483647 THEN c.user_id::integer END, c.score,
           NULL, NULL, NULL, left(c.fault, 5), substr(c.fault, 6)
    FROM checked AS c
    WHERE c.fault IS NOT NULL
    ORDER BY 1;
END
$$;

COMMENT ON FUNCTION api.submit_scores(bigint[], bigint[], text[], text[], text[], text, boolean) IS
    'Counts submissions, each on its own, and returns an outcome for each.';
