-- Purpose:  checks items against the score rules of every board that counts them, one after the other: each item that
--           passes uses up what is left for the next ones of its player. Refused items are recorded
--           (submission.record_rejection).
-- Args:     p_items  items whose keys are new.
-- Returns:  the outcomes of the refused items. An item whose key passed earlier in the call is not checked: it will be
--           a replay.
-- Rules:    max_submissions_per_minute (LB024)  sessions that the board counts, younger than 60 seconds
--           max_gain_per_hour (LB025)           on boards that add scores up, the sum of positive scores younger than
--                                               an hour; on the others, the rise of the total since an hour ago. See
--                                               submission.used_allowance.
-- Locks:    the caller holds the boards lock and, except for new players, the players. Writes: rejected_submissions.
CREATE OR REPLACE FUNCTION submission.apply_score_rules(p_items submission.item[]) RETURNS submission.outcome[]
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_now         timestamptz := clock_timestamp();
    v_boards      public.boards[] := ARRAY(
        SELECT b
        FROM public.boards AS b
        WHERE b.id IN (
            SELECT m.id
            FROM unnest(p_items) AS i
            CROSS JOIN LATERAL board.matching_boards(i.game_mode, i.score, i.score) AS m
            WHERE m.max_submissions_per_minute IS NOT NULL OR m.max_gain_per_hour IS NOT NULL
        )
        ORDER BY b.id
    );
    v_board       public.boards;
    v_row         record;
    v_item        submission.item;
    v_player      integer;
    v_submissions bigint[];  -- what the player has used up so far, an element per board
    v_gained      bigint[];
    v_keys        text[];    -- of the player's items that passed
    v_error       text;
    v_message     text;
    v_outcomes    submission.outcome[] := '{}';
BEGIN
    FOR v_row IN
        SELECT i AS item, u.submissions, u.gained, u.ceilings
        FROM unnest(p_items) AS i
        FULL JOIN (  -- both sides have the same players; FULL: never a nested loop
            SELECT p.user_id, array_agg(a.submissions ORDER BY b.id) AS submissions,
                   array_agg(a.gained ORDER BY b.id) AS gained, array_agg(a.ceiling ORDER BY b.id) AS ceilings
            FROM (SELECT s.user_id, max(s.score) AS highest FROM unnest(p_items) AS s GROUP BY s.user_id) AS p
            CROSS JOIN unnest(v_boards) AS b
            CROSS JOIN LATERAL submission.used_allowance(b, p.user_id, p.highest, v_now) AS a
            GROUP BY p.user_id
        ) AS u ON u.user_id = i.user_id
        ORDER BY i.user_id, i.position
    LOOP
        v_item := v_row.item;
        IF v_item.user_id IS DISTINCT FROM v_player THEN
            v_player := v_item.user_id;
            v_submissions := v_row.submissions;
            v_gained := v_row.gained;
            v_keys := '{}';
        END IF;
        CONTINUE WHEN v_item.key = ANY (v_keys);
        v_error := NULL;
        FOR k IN 1 .. cardinality(v_boards) LOOP
            v_board := v_boards[k];
            CONTINUE WHEN NOT board.counts(v_board, v_item.game_mode, v_item.score);
            IF v_submissions[k] >= v_board.max_submissions_per_minute THEN
                v_error := 'LB024';
                v_message := format(
                    'board %s accepts %s submissions per player and minute; retry later',
                    v_board.name, v_board.max_submissions_per_minute
                );
            ELSIF v_item.score > v_row.ceilings[k]
                OR v_row.ceilings[k] IS NULL AND v_gained[k] + greatest(v_item.score, 0) > v_board.max_gain_per_hour
            THEN
                v_error := 'LB025';
                v_message := format(
                    'on board %s a player''s total may rise by %s per hour; this score exceeds that',
                    v_board.name, v_board.max_gain_per_hour
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
            CONTINUE WHEN NOT board.counts(v_boards[k], v_item.game_mode, v_item.score);
            v_submissions[k] := v_submissions[k] + 1;
            v_gained[k] := v_gained[k] + greatest(v_item.score, 0);
        END LOOP;
        v_keys := v_keys || v_item.key;
    END LOOP;
    RETURN v_outcomes;
END
$$;

COMMENT ON FUNCTION submission.apply_score_rules(submission.item[]) IS
    'The outcomes of items that break a rule of a board that counts them.';
