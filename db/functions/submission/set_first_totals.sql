-- Purpose:  sets the totals of the rankings that keep the first score, of players who have none there.
-- Args:     p_counted  outcomes of the counted items, the newest sessions of their players (submission.prepare_times).
-- Locks:    the caller holds the players. Writes: leaderboard.
CREATE OR REPLACE FUNCTION submission.set_first_totals(p_counted submission.outcome[]) RETURNS void
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    INSERT INTO public.leaderboard AS l (board_id, user_id, total_score, tie)
    SELECT DISTINCT ON (c.user_id, m.id) m.id, c.user_id, m.sign * c.score, CASE WHEN m.earliest THEN c.session_id END
    FROM unnest(p_counted) AS c
    CROSS JOIN LATERAL board.matching(c.game_mode, c.score, c.score, c.played_at, c.counted_at) AS m
    WHERE m.aggregate = 'first'
    ORDER BY c.user_id, m.id, c.session_id
    ON CONFLICT (user_id, board_id) DO NOTHING;
END
$$;

COMMENT ON FUNCTION submission.set_first_totals(submission.outcome[]) IS
    'Sets the totals of rankings that keep the first score, of players who have none there.';
