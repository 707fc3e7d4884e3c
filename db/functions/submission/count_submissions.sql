-- Purpose:  counts submissions: writes the ledger, the totals of every board that counts them, the rank index (by
--           trigger) and the submission keys. All of a call commits or nothing does. A refused item leaves the others
--           alone.
-- Args:     p_items      valid submissions (see api.submit_scores), in ascending order of position
--           p_board      the board whose totals and ranks are returned
--           p_with_rank  whether ranks are returned
-- Returns:  one outcome per item, in any order. Its status is one of
--           accepted  total_score is the total right after the item; on boards that keep the best or last score, the
--                     one after the call. previous_rank is the rank before the call, NULL for a player who is new to
--                     the board; rank is the one after it.
--           replayed  the key was used before: the first outcome again. If the first call asked for no ranks, rank is
--                     the one after this call.
--           rejected  see error (SQLSTATE) and message.
--           busy      not counted because another transaction holds the player. Only if the session has set
--                     leaderboard.busy_players to 'skip'.
-- Errors:   LB031 when a player is deleted during the call; nothing is counted.
-- Locks:    the caller holds the boards lock. Then, in this order: the registration lock if a player is new; the
--           players (users rows) by id, so that calls for one player run one after the other; keys that were used
--           before; leaderboard rows by player and board.
-- Writes:   users, game_sessions, leaderboard, rank_delta, submission_keys, rejected_submissions.
-- Note:     the steps have no settings of their own, because each SET costs time. They run with those of
--           api.submit_scores.
CREATE OR REPLACE FUNCTION submission.count_submissions(
    p_items submission.item[], p_board public.boards, p_with_rank boolean
)
RETURNS submission.outcome[]
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    v_items        submission.item[] := p_items;  -- those that have no outcome yet
    v_with_repeats submission.item[];             -- those and the items whose key comes earlier in this call
    v_outcomes     submission.outcome[] := '{}';
    v_counted      submission.outcome[];
    v_user_ids     integer[];
    v_locked       integer[];
    v_ranks        bigint[];  -- of v_user_ids, before the call
    v_players      integer;
    v_has_keys     boolean;
    v_large        boolean;   -- a total could leave its range
    v_rules        boolean;   -- a board that counts an item has rules beyond its bounds
    v_filling      boolean;   -- such a board is being filled
    v_several      boolean;   -- a player may have several items
    v_best         boolean;
    v_last         boolean;
    v_setting      text;
    v_outer        text := coalesce(current_setting('leaderboard.counted', true), '');
BEGIN
    -- One statement, because starting one costs more than what it reads. Large are scores above 2^31 and totals above
    -- 2^51: while this call waits for a player, it would take 3,000 others of 1,000 scores to get from there to 2^53.
    SELECT i.user_ids, i.has_keys, l.players, i.largest > 2147483648 OR l.largest > 2251799813685248,
           b.rules, b.filling, b.best, b.last
    INTO v_user_ids, v_has_keys, v_players, v_large, v_rules, v_filling, v_best, v_last
    FROM (
        SELECT array_agg(DISTINCT s.user_id) AS user_ids, count(s.key) > 0 AS has_keys, max(abs(s.score)) AS largest
        FROM unnest(p_items) AS s
    ) AS i
    CROSS JOIN (
        SELECT bool_or(m.has_rules) AS rules, bool_or(m.filled_to IS NOT NULL) AS filling,
               bool_or(m.aggregate = 'best') AS best, bool_or(m.aggregate = 'last') AS last
        FROM (
            SELECT o.game_mode, min(o.score) AS lowest, max(o.score) AS highest
            FROM unnest(p_items) AS o
            GROUP BY o.game_mode
        ) AS g
        CROSS JOIN LATERAL board.matching(g.game_mode, g.lowest, g.highest) AS m
    ) AS b
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE t.board_id = p_board.id) AS players, max(abs(t.total_score)) AS largest
        FROM public.leaderboard AS t
        WHERE t.user_id = ANY (i.user_ids)
    ) AS l;

    IF v_players < cardinality(v_user_ids) THEN  -- players without a total on the board may be new
        v_outcomes := submission.register_new_players(p_items, v_rules);
        v_items := submission.pending_items(p_items, v_outcomes);
        v_user_ids := ARRAY(SELECT DISTINCT i.user_id FROM unnest(v_items) AS i);
    END IF;
    v_locked := submission.lock_players(v_user_ids);
    IF cardinality(v_locked) < cardinality(v_user_ids) THEN
        v_outcomes := v_outcomes || submission.busy_items(v_items, v_locked);
        v_items := submission.pending_items(v_items, v_outcomes);
        v_user_ids := v_locked;
    END IF;

    -- From here on no other transaction adds keys or changes totals of these players.
    IF v_filling THEN
        PERFORM submission.fill_players(v_items);
    END IF;
    IF v_has_keys THEN
        v_outcomes := v_outcomes || submission.replays(v_items, p_board.id);
        v_items := submission.pending_items(v_items, v_outcomes);
    END IF;
    IF v_large THEN
        v_outcomes := v_outcomes || submission.totals_in_range(v_items);
        v_items := submission.pending_items(v_items, v_outcomes);
    END IF;
    IF v_rules THEN
        v_outcomes := v_outcomes || submission.apply_score_rules(v_items);
        v_items := submission.pending_items(v_items, v_outcomes);
    END IF;
    v_several := cardinality(v_user_ids) < cardinality(p_items);
    IF v_several AND v_has_keys THEN
        v_with_repeats := v_items;
        v_items := submission.first_of_each_key(v_items);
    END IF;

    IF p_with_rank THEN
        v_ranks := submission.ranks(p_board.id, v_user_ids);
    END IF;
    IF cardinality(v_items) > 0 THEN
        -- Tells the triggers of game_sessions that these sessions are counted here. (Only a superuser may create a
        -- function with a SET of it.)
        v_setting := set_config('leaderboard.counted', 'on', true);
        v_counted := submission.insert_sessions(v_items, p_board.id);
        IF v_several THEN
            v_counted := submission.running_totals(v_counted);
        END IF;
        IF v_best THEN
            PERFORM submission.raise_best_totals(v_items);
        END IF;
        IF v_last THEN
            PERFORM submission.set_last_totals(v_counted);
        END IF;
        v_setting := set_config('leaderboard.counted', v_outer, true);
        v_outcomes := v_outcomes || v_counted;
    END IF;
    IF p_with_rank OR p_board.aggregate <> 'sum' THEN
        v_outcomes := submission.add_standings(v_outcomes, p_board, v_user_ids, v_ranks);
    END IF;
    IF v_has_keys THEN
        PERFORM submission.store_keys(v_outcomes, p_board.id);
    END IF;
    IF cardinality(v_with_repeats) > cardinality(v_items) THEN
        v_items := submission.pending_items(v_with_repeats, v_outcomes);
        v_outcomes := v_outcomes || submission.replays(v_items, p_board.id);
    END IF;

    IF random() * 128 < cardinality(p_items) THEN
        PERFORM submission.fold_if_many(2000);
    END IF;
    RETURN v_outcomes;
END
$$;

COMMENT ON FUNCTION submission.count_submissions(submission.item[], public.boards, boolean) IS
    'Counts valid submissions and returns an outcome for each.';
