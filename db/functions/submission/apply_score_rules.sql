-- Purpose:  holds submissions against the rules of every board that would count them, one after the other: each that passes uses up what is left
--           for those behind it. What is refused is written down (submission.record_rejection).
-- Args:     arrays of one length, an element a submission:
--           p_items  positions, ascending; p_user_ids, p_scores, p_game_modes; p_keys  submission keys that are not known yet, NULL: none
--           p_open   whether it is to be looked at at all; NULL: all are.
-- Returns:  a row a submission that must not be counted: item, error (SQLSTATE) and message. error NULL: not refused, but the same key
--           came earlier in the call and passed.
-- Rules:    max_submissions_per_minute  sessions that the board counts, younger than 60 seconds
--           max_gain_per_hour           aggregate sum: the sum of positive scores younger than an hour; best and last: the total less what
--                                       it was an hour ago, 0 for who was not on the board. A best score that does not rise passes.
--           Windows end now: sessions dated in the future, after a clock that went back, are not in them.
-- Locks:    the caller holds the boards lock and the players. Writes: rejected_submissions.
CREATE OR REPLACE FUNCTION submission.apply_score_rules(
    p_items integer[], p_user_ids integer[], p_scores bigint[], p_game_modes text[], p_keys text[], p_open boolean[]
)
RETURNS TABLE (item integer, error text, message text)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    v_now         timestamptz := clock_timestamp();
    v_names       text[];     -- an element a board with rules, as in the other arrays
    v_most        integer[];
    v_gain        bigint[];
    v_item        record;
    v_player      integer;
    v_submissions bigint[];   -- of the player, so far
    v_gained      bigint[];
    v_keys        text[];
    v_board       text;       -- whose rule is broken
BEGIN
    SELECT array_agg(b.name ORDER BY b.id), array_agg(b.max_submissions_per_minute ORDER BY b.id), array_agg(b.max_gain_per_hour ORDER BY b.id)
    INTO v_names, v_most, v_gain
    FROM public.boards AS b
    WHERE b.max_submissions_per_minute IS NOT NULL OR b.max_gain_per_hour IS NOT NULL;

    FOR v_item IN
        SELECT i.item, i.user_id, i.score, i.game_mode, i.key, c.counts, u.submissions, u.gained, u.ceilings
        FROM unnest(p_items, p_user_ids, p_scores, p_game_modes, p_keys, p_open) AS i(item, user_id, score, game_mode, key, open)
        CROSS JOIN LATERAL (
            SELECT array_agg((b.game_mode IS NULL OR b.game_mode = i.game_mode) AND i.score BETWEEN b.min_score AND b.max_score ORDER BY b.id) AS counts
            FROM public.boards AS b
            WHERE b.name = ANY (v_names)
        ) AS c
        JOIN (
            -- What each player has used up of each board's rules.
            SELECT p.user_id, array_agg(recent.submissions ORDER BY b.id) AS submissions, array_agg(recent.gained ORDER BY b.id) AS gained,
                   array_agg(allowed.ceiling ORDER BY b.id) AS ceilings
            FROM (SELECT d.id AS user_id, max(d.score) AS highest FROM unnest(p_user_ids, p_scores) AS d(id, score) GROUP BY d.id) AS p
            CROSS JOIN public.boards AS b
            LEFT JOIN LATERAL (
                SELECT t.total_score FROM public.leaderboard AS t WHERE t.user_id = p.user_id AND t.board_id = b.id OFFSET 0
            ) AS l ON true
            CROSS JOIN LATERAL (
                SELECT count(*) FILTER (WHERE g."timestamp" > v_now - interval '1 minute') AS submissions,
                       least(coalesce(sum(greatest(g.score, 0)), 0), 9007199254740991)::bigint AS gained
                FROM public.game_sessions AS g
                WHERE g.user_id = p.user_id AND g."timestamp" <= v_now
                    AND g."timestamp" > v_now - CASE WHEN b.max_gain_per_hour IS NULL THEN interval '1 minute' ELSE interval '1 hour' END
                    AND (b.game_mode IS NULL OR b.game_mode = g.game_mode) AND g.score BETWEEN b.min_score AND b.max_score
            ) AS recent
            CROSS JOIN LATERAL (
                -- The highest score that passes, on boards that do not add scores up. What was best an hour ago is asked only if somebody rises.
                SELECT CASE
                    WHEN b.max_gain_per_hour IS NULL OR b.aggregate = 'sum' THEN NULL
                    WHEN b.aggregate = 'best' AND p.highest <= l.total_score THEN l.total_score
                    WHEN b.aggregate = 'best' THEN greatest(l.total_score, b.max_gain_per_hour + coalesce((
                        SELECT max(g.score)
                        FROM public.game_sessions AS g
                        WHERE g.user_id = p.user_id AND g."timestamp" <= v_now - interval '1 hour'
                            AND (b.game_mode IS NULL OR b.game_mode = g.game_mode) AND g.score BETWEEN b.min_score AND b.max_score
                    ), 0))
                    ELSE b.max_gain_per_hour + coalesce((
                        SELECT g.score
                        FROM public.game_sessions AS g
                        WHERE g.user_id = p.user_id AND g."timestamp" <= v_now - interval '1 hour'
                            AND (b.game_mode IS NULL OR b.game_mode = g.game_mode) AND g.score BETWEEN b.min_score AND b.max_score
                        ORDER BY g."timestamp" DESC, g.id DESC
                        LIMIT 1
                    ), 0)
                END AS ceiling
            ) AS allowed
            WHERE b.name = ANY (v_names)
            GROUP BY p.user_id
        ) AS u ON u.user_id = i.user_id
        WHERE i.open IS NOT FALSE
        ORDER BY i.user_id, i.item
    LOOP
        IF v_item.user_id IS DISTINCT FROM v_player THEN
            v_player := v_item.user_id;
            v_submissions := v_item.submissions;
            v_gained := v_item.gained;
            v_keys := '{}';
        END IF;
        item := v_item.item;
        error := NULL;
        message := NULL;
        IF v_item.key = ANY (v_keys) THEN
            RETURN NEXT;
            CONTINUE;
        END IF;
        FOR k IN 1 .. cardinality(v_names) LOOP
            CONTINUE WHEN NOT v_item.counts[k];
            IF v_submissions[k] >= v_most[k] THEN
                error := 'LB024';
                message := format('board %s takes %s submissions of a player a minute: submit again later', v_names[k], v_most[k]);
            ELSIF v_item.score > v_item.ceilings[k]
                OR v_item.ceilings[k] IS NULL AND v_gained[k] + greatest(v_item.score, 0) > v_gain[k]
            THEN
                error := 'LB025';
                message := format('on board %s the total of a player may rise by %s within an hour: this score is too much', v_names[k], v_gain[k]);
            END IF;
            v_board := v_names[k];
            EXIT WHEN error IS NOT NULL;
        END LOOP;
        IF error IS NOT NULL THEN
            PERFORM submission.record_rejection(v_item.user_id, v_item.score, v_item.game_mode, v_board, v_item.key, error, message);
            RETURN NEXT;
            CONTINUE;
        END IF;
        FOR k IN 1 .. cardinality(v_names) LOOP
            CONTINUE WHEN NOT v_item.counts[k];
            v_submissions[k] := v_submissions[k] + 1;
            v_gained[k] := v_gained[k] + greatest(v_item.score, 0);
        END LOOP;
        v_keys := v_keys || v_item.key;
    END LOOP;
END
$$;

COMMENT ON FUNCTION submission.apply_score_rules(integer[], integer[], bigint[], text[], text[], boolean[]) IS
    'Which submissions break a rule of a board that would count them.';
