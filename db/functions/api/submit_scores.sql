-- Purpose:  counts submissions. One that is refused leaves the others alone; all that are accepted commit together.
-- Args:     arrays of one length, an element per submission, at most 1000; those with a default may be NULL.
--           p_user_ids         1 to 2147483647; an unknown player is registered
--           p_scores           within the bounds of the board
--           p_game_modes       1 to 50 printable characters; NULL element: 'solo'
--           p_usernames        name for a new player, see internal.username_problem; NULL element: user_<id>. Ignored
--                              for a known player.
--           p_submission_keys  1 to 255 visible ASCII characters, unique to the player's submission: a key counts once
--                              for at least 7 days, a replay gets the first outcome again; NULL element: none
--           p_board            the board that must take the scores and whose totals are returned. A submission counts
--                              on every board that counts its mode and score.
--           p_with_rank        whether to return ranks (NULL while the board is being filled from the ledger)
-- Returns:  one row per item, in order: item (from 1); status accepted, replayed or rejected; user_id; score;
--           total_score right after the item; previous_rank (before the call) and rank (after it) if asked for; for a
--           rejected item error (SQLSTATE, see api.error_codes()) and message, and user_id and score as far as they are
--           valid. If the session has set leaderboard.busy_players to 'skip', items of players that another transaction
--           holds return at once with status busy: they are not counted, retry them.
-- Rules:    an item that breaks a score rule (LB003, LB024, LB025) is recorded with its reason:
--           api.rejected_submissions().
-- Errors:   LB001 when the arrays do not fit, LB010 when there is no such board, LB030 when the transaction is not READ
--           COMMITTED (it could count by an old list of boards), LB031 when a player is deleted during the call.
-- Locks:    the boards lock, shared; then, and what it writes: see submission.count_submissions.
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
    v_board    public.boards;
    v_count    integer := cardinality(p_user_ids);
    v_items    submission.item[];
    v_outcomes submission.outcome[];
    v_user_id  bigint;
    v_score    bigint;
    v_mode     text;
    v_key      text;
BEGIN
    IF v_count IS NULL OR cardinality(p_scores) IS DISTINCT FROM v_count
        OR cardinality(p_game_modes) <> v_count OR cardinality(p_usernames) <> v_count
        OR cardinality(p_submission_keys) <> v_count
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
    -- The board is read under the lock that changes of boards need.
    PERFORM internal.lock_boards_shared();
    SELECT b.* INTO v_board FROM public.boards AS b WHERE b.name = p_board;
    IF v_board.id IS NULL THEN
        PERFORM board.board_id(p_board);
    END IF;

    IF v_count = 1 AND p_with_rank IS NOT TRUE AND v_board.aggregate = 'sum' THEN
        -- An array may begin at any index. Where these two do not begin at 1, the general way takes the item.
        v_user_id := p_user_ids[1];
        v_score := p_scores[1];
        v_mode := coalesce(p_game_modes[array_lower(p_game_modes, 1)], 'solo');
        v_key := p_submission_keys[array_lower(p_submission_keys, 1)];
        IF v_user_id BETWEEN 1 AND 2147483647 AND v_score BETWEEN v_board.min_score AND v_board.max_score
            AND (v_mode = 'solo' OR char_length(v_mode) BETWEEN 1 AND 50 AND v_mode !~ '[^ -~]')
            AND coalesce(v_board.game_mode = v_mode, true)
            AND (v_key IS NULL OR char_length(v_key) BETWEEN 1 AND 255 AND v_key !~ '[^!-~]')
            AND p_usernames[array_lower(p_usernames, 1)] IS NULL
        THEN
            total_score := submission.count_one(v_user_id::integer, v_score, v_mode, v_key, v_board.id);
            IF total_score IS NOT NULL THEN
                item := 1;
                status := 'accepted';
                user_id := v_user_id;
                score := v_score;
                RETURN NEXT;
                RETURN;
            END IF;
        END IF;
    END IF;

    IF p_with_rank THEN
        p_with_rank := EXISTS (SELECT FROM public.rankings AS r WHERE r.board_id = v_board.id AND r.filled_to IS NULL);
    END IF;
    SELECT array_agg(c.item) FILTER (WHERE c.problem IS NULL),
           array_agg(submission.rejected(c.item, left(c.problem, 5), substr(c.problem, 6)))
               FILTER (WHERE c.problem IS NOT NULL)
    INTO v_items, v_outcomes
    FROM (
        SELECT ROW(
            i.position, CASE WHEN i.user_id BETWEEN 1 AND 2147483647 THEN i.user_id::integer END,
            i.score, coalesce(i.game_mode, 'solo'), i.username, i.key, NULL
        )::submission.item AS item, CASE  -- SQLSTATE and message
            WHEN i.user_id IS NULL OR i.user_id NOT BETWEEN 1 AND 2147483647
                THEN 'LB002user_id must be an integer from 1 to 2147483647'
            WHEN i.score IS NULL OR i.score NOT BETWEEN v_board.min_score AND v_board.max_score
                THEN format(
                    'LB003score must be an integer from %s to %s on board %s',
                    v_board.min_score, v_board.max_score, v_board.name
                )
            -- The functions of the problems take longer than these checks, which nearly every value passes.
            WHEN i.game_mode <> 'solo' AND (char_length(i.game_mode) NOT BETWEEN 1 AND 50 OR i.game_mode ~ '[^ -~]')
                AND internal.game_mode_problem(i.game_mode) IS NOT NULL
                THEN 'LB004' || internal.game_mode_problem(i.game_mode)
            WHEN (char_length(i.username) NOT BETWEEN 1 AND 255 OR i.username ~ '[^ -~]|^ | $')
                AND internal.username_problem(i.username) IS NOT NULL
                THEN 'LB005' || internal.username_problem(i.username)
            WHEN char_length(i.key) NOT BETWEEN 1 AND 255 OR i.key ~ '[^!-~]'
                THEN 'LB006the submission key must be 1 to 255 visible ASCII characters'
            WHEN v_board.game_mode <> coalesce(i.game_mode, 'solo')
                THEN format('LB022board %s counts game_mode %s only', v_board.name, v_board.game_mode)
        END AS problem
        FROM unnest(p_user_ids, p_scores, p_game_modes, p_usernames, p_submission_keys)
            WITH ORDINALITY AS i(user_id, score, game_mode, username, key, position)
        OFFSET 0  -- keeps this apart, so that it runs once per item
    ) AS c;
    IF v_outcomes IS NOT NULL THEN
        PERFORM submission.record_rejection(
            o.user_id, o.score, left(o.game_mode, 50), v_board.name, left(o.key, 255), o.error, o.message
        )
        FROM unnest(v_outcomes) AS o
        WHERE o.error = 'LB003' AND o.score IS NOT NULL;
    END IF;
    IF v_items IS NOT NULL THEN
        v_outcomes := v_outcomes || submission.count_submissions(v_items, v_board, coalesce(p_with_rank, false));
    END IF;
    RETURN QUERY
    SELECT o.position, o.status, o.user_id, o.score, o.total_score, o.previous_rank, o.rank, o.error, o.message
    FROM unnest(v_outcomes) AS o
    ORDER BY o.position;
END
$$;

COMMENT ON FUNCTION api.submit_scores(bigint[], bigint[], text[], text[], text[], text, boolean) IS
    'Counts submissions, each on its own, and returns an outcome for each.';
