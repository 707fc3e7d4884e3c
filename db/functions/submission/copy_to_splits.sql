-- Purpose:  gives the splits of the rankings that count items the new totals of their players.
-- Args:     p_outcomes  of the call; those with status accepted are counted items.
-- Locks:    the caller holds the players; see board.copy_to_splits. Writes: leaderboard, rankings, rank_state.
CREATE OR REPLACE FUNCTION submission.copy_to_splits(p_outcomes submission.outcome[]) RETURNS void
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    PERFORM board.copy_to_splits(array_agg(DISTINCT m.id), array_agg(DISTINCT g.user_id))
    FROM (
        SELECT o.user_id, o.game_mode, o.played_at, o.counted_at, min(o.score) AS lowest, max(o.score) AS highest
        FROM unnest(p_outcomes) AS o
        WHERE o.status = 'accepted'
        GROUP BY o.user_id, o.game_mode, o.played_at, o.counted_at
    ) AS g
    CROSS JOIN LATERAL board.matching(g.game_mode, g.lowest, g.highest, g.played_at, g.counted_at) AS m;
END
$$;

COMMENT ON FUNCTION submission.copy_to_splits(submission.outcome[]) IS
    'Gives splits the new totals of the players of a call.';
