-- Purpose:  raises the totals of the boards that keep the best score.
-- Args:     p_items  the counted items.
-- Locks:    the caller holds the players; leaderboard rows by player and board. Writes: leaderboard.
CREATE OR REPLACE FUNCTION submission.raise_best_totals(p_items submission.item[]) RETURNS void
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    INSERT INTO public.leaderboard AS l (board_id, user_id, total_score)
    SELECT b.id, i.user_id, max(i.score)
    FROM unnest(p_items) AS i
    JOIN public.boards AS b ON b.aggregate = 'best' AND board.counts(b, i.game_mode, i.score)
    GROUP BY i.user_id, b.id
    ORDER BY i.user_id, b.id
    ON CONFLICT (user_id, board_id) DO UPDATE SET total_score = excluded.total_score
    WHERE excluded.total_score > l.total_score;
END
$$;

COMMENT ON FUNCTION submission.raise_best_totals(submission.item[]) IS
    'Raises the totals of boards that keep the best score.';
