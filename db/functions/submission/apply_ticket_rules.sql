-- Purpose:  checks items against the rules of play tickets of every board that counts them: whether a board demands
--           a ticket, and whether the time since it was issued fits. Refused items are recorded
--           (submission.record_rejection).
-- Args:     p_items  items whose keys are new; p_now  time of the call.
-- Returns:  the outcomes of the refused items.
-- Rules:    require_ticket (LB028), min_play_seconds and max_score_per_second (LB034), max_play_seconds, by default a
--           day (LB035). Without a ticket only the first one applies.
-- Note:     a ticket counts once because it is the item's submission key. It expires after a day, long before its key
--           is purged.
-- Locks:    the caller holds the boards lock. Writes: rejected_submissions.
CREATE OR REPLACE FUNCTION submission.apply_ticket_rules(p_items submission.item[], p_now timestamptz)
RETURNS submission.outcome[]
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_refused  record;
    v_outcomes submission.outcome[] := '{}';
BEGIN
    FOR v_refused IN
        SELECT DISTINCT ON (p.position) p.item, p.board, left(p.problem, 5) AS error, substr(p.problem, 6) AS message
        FROM (
            SELECT i.position, i AS item, b.id, b.name AS board, CASE
                WHEN b.require_ticket AND t.seconds IS NULL
                    THEN format('LB028board %s demands a play ticket for each score', b.name)
                WHEN t.seconds > coalesce(b.max_play_seconds, 86400)
                    THEN format('LB035the play ticket is too old: board %s takes the score within %s seconds', b.name,
                                coalesce(b.max_play_seconds, 86400))
                WHEN t.seconds < b.min_play_seconds
                    THEN format('LB034too fast: on board %s a play takes %s seconds at least', b.name,
                                b.min_play_seconds)
                WHEN i.score > t.seconds * b.max_score_per_second
                    THEN format('LB034too fast: on board %s a play makes at most %s per second', b.name,
                                b.max_score_per_second)
            END AS problem
            FROM unnest(p_items) AS i
            LEFT JOIN LATERAL (
                SELECT extract(epoch FROM p_now - r.issued_at) AS seconds FROM submission.read_ticket(i.key) AS r
                WHERE i.key ~ '^play1'
                OFFSET 0
            ) AS t ON true
            -- A ticket that no board counts expires, too.
            LEFT JOIN LATERAL board.matching_boards(i.game_mode, i.score, i.score) AS b
                ON coalesce(b.opens_at <= p_now, true) AND coalesce(b.closes_at + b.grace > p_now, true)
        ) AS p
        WHERE p.problem IS NOT NULL
        ORDER BY p.position, p.id
    LOOP
        PERFORM submission.record_rejection(
            (v_refused.item).user_id, (v_refused.item).score, (v_refused.item).game_mode, v_refused.board,
            (v_refused.item).key, v_refused.error, v_refused.message
        );
        v_outcomes := v_outcomes || submission.rejected(v_refused.item, v_refused.error, v_refused.message);
    END LOOP;
    RETURN v_outcomes;
END
$$;

COMMENT ON FUNCTION submission.apply_ticket_rules(submission.item[], timestamptz) IS
    'The outcomes of items that break a rule of play tickets.';
