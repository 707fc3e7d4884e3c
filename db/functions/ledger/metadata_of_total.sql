-- Purpose:  the metadata of the session that made a player's total in a ranking that keeps one score.
-- Args:     p_board; p_ranking  the ranking of all players, not closed; p_user_id
--           p_total, p_tie  the player's total and tie there, as leaderboard holds them.
-- Returns:  one row, whose metadata is NULL if the session has none; no row on boards that add up or count. Of equal
--           best scores the first one that counts made it. Void sessions are none.
-- Note:     plain SQL that the planner inlines: only the branch of the board's aggregate runs.
CREATE OR REPLACE FUNCTION ledger.metadata_of_total(
    p_board public.boards, p_ranking public.rankings, p_user_id integer, p_total bigint, p_tie bigint
)
RETURNS TABLE (metadata jsonb)
LANGUAGE sql STABLE
AS $$
    SELECT g.metadata
    FROM public.game_sessions AS g
    WHERE p_board.aggregate IN ('best', 'last', 'first') AND p_board.ties = 'earliest' AND g.id = p_tie
    UNION ALL
    (SELECT g.metadata
     FROM public.game_sessions AS g
     WHERE p_board.aggregate = 'best' AND p_board.ties = 'shared' AND g.user_id = p_user_id
        AND g.score = CASE WHEN p_board.lowest_wins THEN -p_total ELSE p_total END
        AND g.void_id IS NULL AND board.counts_in(p_board, p_ranking, g)
     ORDER BY g.id
     LIMIT 1)
    UNION ALL
    (SELECT g.metadata
     FROM public.game_sessions AS g
     WHERE p_board.aggregate = 'last' AND p_board.ties = 'shared' AND g.user_id = p_user_id
        AND g.void_id IS NULL AND board.counts_in(p_board, p_ranking, g)
     ORDER BY g."timestamp" DESC, g.id DESC
     LIMIT 1)
    UNION ALL
    (SELECT g.metadata
     FROM public.game_sessions AS g
     WHERE p_board.aggregate = 'first' AND p_board.ties = 'shared' AND g.user_id = p_user_id
        AND g.void_id IS NULL AND board.counts_in(p_board, p_ranking, g)
     ORDER BY g."timestamp", g.id
     LIMIT 1)
$$;

COMMENT ON FUNCTION ledger.metadata_of_total(public.boards, public.rankings, integer, bigint, bigint) IS
    'The metadata of the session that made a player''s total.';
