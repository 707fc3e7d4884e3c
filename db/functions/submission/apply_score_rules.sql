-- Purpose:  checks items against the score rules of every board that counts them, one after the other: each item that
--           passes uses up what is left for the next ones of its player. Refused items are recorded
--           (submission.record_rejection).
-- Args:     p_items  items whose keys are new; p_now  time of the call.
-- Returns:  the outcomes of the refused items. An item whose key passed earlier in the call is not checked: it will be
--           a replay.
-- Rules:    max_submissions_per_minute (LB024)  sessions that the board counts, younger than 60 seconds
--           max_gain_per_hour (LB025)           how much better a total may become within an hour; with seasons, that
--                                               of the season. On boards that add up scores or count them, what the
--                                               last hour added; on the others, the rise of the total since an hour
--                                               ago. See submission.used_allowance.
-- Locks:    the caller holds the boards lock and, except for new players, the players. Writes: rejected_submissions.
CREATE OR REPLACE FUNCTION submission.apply_score_rules(p_items submission.item[], p_now timestamptz)
RETURNS submission.outcome[]
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_boards      public.boards[];
    v_rankings    public.rankings[];  -- of these boards: an element each
    v_board       public.boards;
    v_row         record;
    v_item        submission.item;
    v_player      integer;
    v_counts      boolean[];  -- whether the ranking counts the item
    v_submissions bigint[];   -- what the player has used up so far
    v_gained      bigint[];
    v_ceilings    bigint[];
    v_keys        text[];     -- of the player's items that passed
    v_score       bigint;     -- as leaderboard holds it
    v_error       text;
    v_message     text;
    v_outcomes    submission.outcome[] := '{}';
BEGIN
    SELECT array_agg(r.board), array_agg(r.ranking) INTO v_boards, v_rankings
    FROM submission.rankings_with_rules(p_items, p_now) AS r;
    IF v_boards IS NULL THEN
        RETURN v_outcomes;
    END IF;
    FOR v_row IN
        SELECT i AS item, coalesce(i.played_at, i.counted_at, p_now) AS played, u.submissions, u.gained, u.ceilings
        FROM unnest(p_items) AS i
        FULL JOIN (  -- both sides have the same players; FULL: never a nested loop
            SELECT p.user_id, array_agg(a.submissions ORDER BY n.number) AS submissions,
                   array_agg(a.gained ORDER BY n.number) AS gained, array_agg(a.ceiling ORDER BY n.number) AS ceilings
            FROM (
                SELECT s.user_id, max(s.score) AS highest, min(s.score) AS lowest
                FROM unnest(p_items) AS s
                GROUP BY s.user_id
            ) AS p
            CROSS JOIN generate_subscripts(v_boards, 1) AS n(number)
            CROSS JOIN LATERAL (SELECT v_boards[n.number] AS board, v_rankings[n.number] AS ranking) AS b
            CROSS JOIN LATERAL submission.used_allowance(
                b.board, b.ranking, p.user_id, CASE WHEN (b.board).lowest_wins THEN -p.lowest ELSE p.highest END, p_now
            ) AS a
            GROUP BY p.user_id
        ) AS u ON u.user_id = i.user_id
        ORDER BY i.user_id, i.position
    LOOP
        v_item := v_row.item;
        IF v_item.user_id IS DISTINCT FROM v_player THEN
            v_player := v_item.user_id;
            v_submissions := v_row.submissions;
            v_gained := v_row.gained;
            v_ceilings := v_row.ceilings;
            v_keys := '{}';
        END IF;
        CONTINUE WHEN v_item.key = ANY (v_keys);
        v_error := NULL;
        FOR k IN 1 .. cardinality(v_boards) LOOP
            v_board := v_boards[k];
            v_counts[k] := board.counts(v_board, v_item.game_mode, v_item.score)
                AND v_row.played >= v_rankings[k].starts_at AND v_row.played < v_rankings[k].ends_at
                AND coalesce(v_item.counted_at, p_now) < v_rankings[k].deadline;
            CONTINUE WHEN NOT v_counts[k];
            v_score := CASE WHEN v_board.lowest_wins THEN -v_item.score ELSE v_item.score END;
            IF v_submissions[k] >= v_board.max_submissions_per_minute THEN
                v_error := 'LB024';
                v_message := format(
                    'board %s accepts %s submissions per player and minute; retry later',
                    v_board.name, v_board.max_submissions_per_minute
                );
            ELSIF v_score > v_ceilings[k]
                OR v_board.aggregate = 'sum' AND v_gained[k] + greatest(v_score, 0) > v_board.max_gain_per_hour
                OR v_board.aggregate = 'count' AND NOT v_board.lowest_wins
                AND v_gained[k] + 1 > v_board.max_gain_per_hour
            THEN
                v_error := 'LB025';
                v_message := format(
                    'on board %s a player''s total may %s by %s per hour; this score exceeds that', v_board.name,
                    CASE WHEN v_board.lowest_wins THEN 'fall' ELSE 'rise' END, v_board.max_gain_per_hour
                );
            END IF;
            EXIT WHEN v_error IS NOT NULL;
        END LOOP;
        IF v_error IS NOT NULL THEN
            PERFORM submission.record_rejection(
                v_item.user_id, v_item.score, v_item.game_mode, v_board.name, v_item.key, v_error, v_message
            );
            v_outcomes := v_outcomes || submission.rejected(v_item, v_error, v_message);
            CONTINUE;
        END IF;
        FOR k IN 1 .. cardinality(v_boards) LOOP
            v_board := v_boards[k];
            -- Submissions count on the board, whichever season is theirs.
            IF board.counts(v_board, v_item.game_mode, v_item.score) THEN
                v_submissions[k] := v_submissions[k] + 1;
            END IF;
            CONTINUE WHEN NOT v_counts[k];
            v_score := CASE WHEN v_board.lowest_wins THEN -v_item.score ELSE v_item.score END;
            v_gained[k] := v_gained[k] + CASE v_board.aggregate WHEN 'count' THEN 1 ELSE greatest(v_score, 0) END;
            v_ceilings[k] := CASE v_board.aggregate
                WHEN 'first' THEN 9007199254740991
                ELSE coalesce(v_ceilings[k], CASE
                    WHEN v_board.aggregate IN ('best', 'last') THEN v_score + v_board.max_gain_per_hour
                END)
            END;
        END LOOP;
        v_keys := v_keys || v_item.key;
    END LOOP;
    RETURN v_outcomes;
END
$$;

COMMENT ON FUNCTION submission.apply_score_rules(submission.item[], timestamptz) IS
    'The outcomes of items that break a rule of a board that counts them.';
