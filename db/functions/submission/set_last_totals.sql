-- Purpose:  sets the totals of the boards that keep the last score.
-- Args:     p_counted  outcomes of the counted items.
-- Locks:    the caller holds the players; leaderboard rows by player and board. Writes: game_sessions (timestamp),
--           leaderboard.
CREATE OR REPLACE FUNCTION submission.set_last_totals(p_counted submission.outcome[]) RETURNS void
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    v_sessions bigint[] := ARRAY(SELECT c.session_id FROM unnest(p_counted) AS c);
BEGIN
    -- If the clock went back, the new sessions get the time of the newest one before them, so that they come last.
    UPDATE public.game_sessions AS g
    SET "timestamp" = newest."timestamp"
    FROM unnest(p_counted) AS c
    CROSS JOIN LATERAL (
        SELECT o."timestamp"
        FROM public.game_sessions AS o
        WHERE o.user_id = c.user_id AND o.id <> ALL (v_sessions)
        ORDER BY o."timestamp" DESC, o.id DESC
        LIMIT 1
    ) AS newest
    WHERE g.id = c.session_id AND g."timestamp" < newest."timestamp";

    INSERT INTO public.leaderboard AS l (board_id, user_id, total_score)
    SELECT p.id, p.user_id, newest.score
    FROM (
        SELECT DISTINCT c.user_id, m.id, m.board_id
        FROM unnest(p_counted) AS c
        CROSS JOIN LATERAL board.matching(c.game_mode, c.score, c.score) AS m
        WHERE m.aggregate = 'last'
    ) AS p
    JOIN public.boards AS b ON b.id = p.board_id
    CROSS JOIN LATERAL (
        SELECT g.score
        FROM public.game_sessions AS g
        WHERE g.user_id = p.user_id AND board.counts(b, g.game_mode, g.score)
        ORDER BY g."timestamp" DESC, g.id DESC
        LIMIT 1
    ) AS newest
    ORDER BY p.user_id, p.id
    ON CONFLICT (user_id, board_id) DO UPDATE SET total_score = excluded.total_score
    WHERE excluded.total_score <> l.total_score;
END
$$;

COMMENT ON FUNCTION submission.set_last_totals(submission.outcome[]) IS
    'Sets the totals of boards that keep the last score.';
