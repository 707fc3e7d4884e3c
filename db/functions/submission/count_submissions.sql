-- Purpose:  counts submissions: writes the ledger, the totals of every ranking that counts them, the rank index (by
--           trigger) and the submission keys. All of a call commits or nothing does. A refused item leaves the others
--           alone.
-- Args:     p_items        valid submissions (see api.submit_scores), in ascending order of position
--           p_board        the board whose totals and ranks are returned; p_season  its season that must count the
--                          items; NULL: any
--           p_with_rank    whether ranks are returned; p_with_boards  whether what they did on every board is
-- Returns:  one outcome per item, in any order. Its status is one of
--           accepted  total_score is the total right after the item; on boards that keep one score, the one after the
--                     call. previous_rank is the rank before the call, NULL for a player who is new to the board; rank
--                     is the one after it.
--           replayed  the key was used before: the first outcome again. If the first call asked for no ranks, rank is
--                     the one after this call.
--           rejected  see error (SQLSTATE) and message.
--           busy      not counted because another transaction holds the player. Only if the session has set
--                     leaderboard.busy_players to 'skip'.
-- Errors:   LB031 when a player is deleted during the call; nothing is counted.
-- Locks:    the caller holds the boards lock. Then, in this order: the registration lock if a player is new; the
--           players (users rows) by id, so that calls for one player run one after the other; seasons that are new;
--           keys that were used before; leaderboard rows by player and board.
-- Writes:   users, game_sessions, leaderboard, rank_delta, submission_keys, rejected_submissions, rankings, rank_state.
-- Note:     the steps have no settings of their own, because each SET costs time. They run with those of
--           api.submit_scores.
CREATE OR REPLACE FUNCTION submission.count_submissions(
    p_items submission.item[], p_board public.boards, p_season text, p_with_rank boolean, p_with_boards boolean
)
RETURNS submission.outcome[]
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    v_items      submission.item[] := p_items;  -- those that have no outcome yet
    v_repeats    submission.item[] := '{}';     -- those whose key comes earlier in this call
    v_outcomes   submission.outcome[] := '{}';
    v_user_ids   integer[];
    v_locked     integer[];
    v_banned     integer[];
    v_rankings   integer[];  -- of the board, an element for each of v_user_ids
    v_ranks      bigint[];   -- of v_user_ids, before the call
    v_now        timestamptz;
    v_call       record;
    v_several    boolean;  -- a player may have several items
    v_one_score  CONSTANT boolean := p_board.aggregate NOT IN ('sum', 'count');
    v_has_window CONSTANT boolean := p_board.manual_seasons OR num_nonnulls(p_board.opens_at, p_board.closes_at) > 0;
BEGIN
    v_call := submission.call_needs(p_items, p_board.id);
    v_user_ids := v_call.user_ids;
    IF v_call.players < cardinality(v_user_ids) THEN  -- players without a total on the board may be new
        SELECT r.outcomes, r.items INTO v_outcomes, v_items
        FROM submission.register_new_players(p_items, v_call.rules, v_call.tickets) AS r;
        v_items := submission.pending_items(v_items, v_outcomes);
        v_user_ids := ARRAY(SELECT DISTINCT i.user_id FROM unnest(v_items) AS i);
    END IF;
    v_several := cardinality(v_user_ids) < cardinality(v_items);
    SELECT p.locked, p.banned INTO v_locked, v_banned FROM submission.lock_players(v_user_ids) AS p;
    IF cardinality(v_locked) < cardinality(v_user_ids) THEN
        v_outcomes := v_outcomes || submission.busy_items(v_items, v_locked);
        v_items := submission.pending_items(v_items, v_outcomes);
        v_user_ids := v_locked;
    END IF;

    -- From here on no other transaction adds keys or changes totals of these players. The time is taken only now, so
    -- that it orders a player's sessions as they are counted.
    v_now := clock_timestamp();
    IF v_call.last OR v_call.first OR v_call.periods THEN
        v_items := submission.prepare_times(v_items, v_now, v_call.periods);
    END IF;
    IF v_has_window THEN
        v_items := submission.seasons_of_board(v_items, p_board, p_season, v_now);
    ELSIF p_with_rank OR v_one_score THEN
        v_rankings := array_fill(p_board.id, ARRAY[cardinality(v_user_ids)]);
    END IF;
    IF v_call.filling THEN
        PERFORM submission.fill_players(v_items, v_now);
    END IF;
    IF v_call.has_keys THEN
        v_outcomes := v_outcomes || submission.replays(v_items, p_board.id);
        v_items := submission.pending_items(v_items, v_outcomes);
    END IF;
    IF v_has_window THEN
        SELECT array_agg(p.ranking_id), array_agg(p.user_id) INTO v_rankings, v_user_ids
        FROM (
            SELECT i.ranking_id, i.user_id FROM unnest(v_items) AS i
            UNION SELECT o.ranking_id, o.user_id FROM unnest(v_outcomes) AS o WHERE o.status = 'replayed'
        ) AS p;
        v_outcomes := v_outcomes || submission.out_of_season(v_items, p_board, p_season, v_now);
        v_items := submission.pending_items(v_items, v_outcomes);
    END IF;
    IF v_call.large OR v_banned IS NOT NULL THEN
        v_outcomes := v_outcomes || submission.totals_in_range(v_items, v_now);
        v_items := submission.pending_items(v_items, v_outcomes);
    END IF;
    IF v_call.rules OR v_call.tickets THEN
        v_outcomes := v_outcomes || submission.apply_rules(v_items, v_call.rules, v_call.tickets, v_now);
        v_items := submission.pending_items(v_items, v_outcomes);
    END IF;
    IF v_several AND v_call.has_keys THEN
        v_repeats := v_items;
        v_items := submission.first_of_each_key(v_items);
    END IF;

    IF v_banned IS NOT NULL THEN
        v_outcomes := submission.count_hidden(v_outcomes, v_items, v_banned, p_board, p_with_rank, v_now);
        v_items := submission.pending_items(v_items, v_outcomes);
    END IF;
    v_ranks := CASE WHEN p_with_rank THEN submission.ranks_in(v_rankings, v_user_ids) END;
    IF cardinality(v_items) > 0 THEN
        v_outcomes := v_outcomes || submission.count_items(
            v_items, p_board, v_now, v_several, v_call.best, v_call.last, v_call.first
        );
    END IF;
    IF v_call.splits THEN
        PERFORM submission.copy_to_splits(v_outcomes);
    END IF;
    IF p_with_rank OR v_one_score THEN
        v_outcomes := submission.add_standings(v_outcomes, p_board, v_rankings, v_user_ids, v_ranks);
    END IF;
    IF v_call.has_keys THEN
        PERFORM submission.store_keys(v_outcomes, p_board.id);
        v_outcomes := v_outcomes
            || submission.replays(submission.pending_items(v_repeats, v_outcomes), p_board.id);
    END IF;
    IF p_with_boards THEN
        v_outcomes := submission.add_boards(v_outcomes, p_with_rank);
    END IF;

    IF random() * 128 < cardinality(p_items) THEN
        PERFORM submission.fold_if_many(2000);
    END IF;
    RETURN v_outcomes;
END
$$;

COMMENT ON FUNCTION submission.count_submissions(submission.item[], public.boards, text, boolean, boolean) IS
    'Counts valid submissions and returns an outcome for each.';
