-- Purpose:  sets the totals of the rankings that keep the last score.
-- Args:     p_counted  outcomes of the counted items, the newest sessions of their players (submission.prepare_times).
-- Locks:    the caller holds the players; leaderboard rows by player and board. Writes: leaderboard.
CREATE OR REPLACE FUNCTION submission.set_last_totals(p_counted submission.outcome[]) RETURNS void
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    INSERT INTO public.leaderboard AS l (board_id, user_id, total_score, tie)
    SELECT DISTINCT ON (c.user_id, m.id) m.id, c.user_id, m.sign * c.score, CASE WHEN m.earliest THEN c.session_id END
    FROM unnest(p_counted) AS c
    CROSS JOIN LATERAL board.matching(c.game_mode, c.score, c.score, c.played_at, c.counted_at) AS m
    WHERE m.aggregate = 'last'
    ORDER BY c.user_id, m.id, c.session_id DESC
    ON CONFLICT (user_id, board_id) DO UPDATE SET total_score = excluded.total_score, tie = excluded.tie
    WHERE excluded.total_score <> l.total_score OR excluded.tie IS DISTINCT FROM l.tie;
END
$$;

COMMENT ON FUNCTION submission.set_last_totals(submission.outcome[]) IS
    'Sets the totals of rankings that keep the last score.';
