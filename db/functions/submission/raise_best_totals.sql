-- Purpose:  raises the totals of the boards that keep the best score.
-- Args:     p_items  the counted items.
-- Locks:    the caller holds the players; leaderboard rows by player and board. Writes: leaderboard.
CREATE OR REPLACE FUNCTION submission.raise_best_totals(p_items submission.item[]) RETURNS void
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    INSERT INTO public.leaderboard AS l (board_id, user_id, total_score)
    SELECT m.id, i.user_id, max(i.score)
    FROM (
        SELECT o.game_mode, min(o.score) AS lowest, max(o.score) AS highest
        FROM unnest(p_items) AS o
        GROUP BY o.game_mode
    ) AS g
    CROSS JOIN LATERAL board.matching(g.game_mode, g.lowest, g.highest) AS m
    JOIN unnest(p_items) AS i ON i.game_mode = g.game_mode AND i.score BETWEEN m.min_score AND m.max_score
    WHERE m.aggregate = 'best'
    GROUP BY i.user_id, m.id
    ORDER BY i.user_id, m.id
    ON CONFLICT (user_id, board_id) DO UPDATE SET total_score = excluded.total_score
    WHERE excluded.total_score > l.total_score;
END
$$;

COMMENT ON FUNCTION submission.raise_best_totals(submission.item[]) IS
    'Raises the totals of boards that keep the best score.';
