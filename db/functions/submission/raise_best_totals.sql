-- Purpose:  raises the totals of the rankings that keep the best score.
-- Args:     p_counted  outcomes of the counted items.
-- Locks:    the caller holds the players; leaderboard rows by player and board. Writes: leaderboard.
CREATE OR REPLACE FUNCTION submission.raise_best_totals(p_counted submission.outcome[]) RETURNS void
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    INSERT INTO public.leaderboard AS l (board_id, user_id, total_score, tie)
    WITH matched AS MATERIALIZED (  -- once for all items of a game mode and time
        SELECT g.game_mode, g.played_at, g.counted_at, m.*
        FROM (
            SELECT o.game_mode, o.played_at, o.counted_at, min(o.score) AS lowest, max(o.score) AS highest
            FROM unnest(p_counted) AS o
            GROUP BY o.game_mode, o.played_at, o.counted_at
        ) AS g
        CROSS JOIN LATERAL board.matching(g.game_mode, g.lowest, g.highest, g.played_at, g.counted_at) AS m
        WHERE m.aggregate = 'best'
    )
    SELECT n.id, n.user_id, n.total_score, n.tie
    FROM (
        SELECT m.id, c.user_id, max(m.sign * c.score) AS total_score,
               (array_agg(c.session_id ORDER BY m.sign * c.score DESC, c.session_id)
                   FILTER (WHERE m.earliest))[1] AS tie
        FROM matched AS m
        JOIN unnest(p_counted) AS c
            ON c.game_mode = m.game_mode AND c.played_at = m.played_at AND c.counted_at = m.counted_at
            AND c.score BETWEEN m.min_score AND m.max_score
        GROUP BY c.user_id, m.id
    ) AS n
    LEFT JOIN LATERAL (
        -- As a rule the best score is not beaten. ON CONFLICT would lock and so write the row even then.
        SELECT o.total_score FROM public.leaderboard AS o WHERE o.user_id = n.user_id AND o.board_id = n.id OFFSET 0
    ) AS o ON true
    WHERE coalesce(n.total_score > o.total_score, true)
    ORDER BY n.user_id, n.id
    ON CONFLICT (user_id, board_id) DO UPDATE SET total_score = excluded.total_score, tie = excluded.tie;
END
$$;

COMMENT ON FUNCTION submission.raise_best_totals(submission.outcome[]) IS
    'Raises the totals of rankings that keep the best score.';
