-- Purpose:  the totals of a live ranking that sessions have changed since a time, now and just before that time.
-- Args:     p_board; p_ranking  one of its rankings, not closed; p_all  the ranking of all players that it belongs to
--           p_at  sessions that were recorded before are not read, unless they are needed for a total.
-- Returns:  one row per player on the ranking who has a session since then that counts: the total that leaderboard
--           holds, and the one that it would hold without these sessions (NULL: none).
-- Note:     plain SQL that the planner inlines, for a statement that is planned for these values (EXECUTE ... USING):
--           only the branch of the board's aggregate remains. Sums and counts are subtracted; for the others, a
--           player's earlier sessions are looked up where the newer ones may have made the total.
CREATE OR REPLACE FUNCTION past.changed_totals(
    p_board public.boards, p_ranking public.rankings, p_all public.rankings, p_at timestamptz
)
RETURNS TABLE (user_id integer, total_before bigint, total_now bigint)
LANGUAGE sql STABLE
AS $$
    SELECT l.user_id,
        CASE p_board.aggregate
            WHEN 'count' THEN nullif(l.total_score - s.value, 0)
            WHEN 'sum' THEN CASE WHEN l.total_score <> s.value OR EXISTS (
                SELECT
                FROM public.game_sessions AS g
                WHERE g.user_id = l.user_id AND g."timestamp" < p_at
                    AND board.counts_in(p_board, p_all, g) AND (g.void_id > 0) IS NOT TRUE
            ) THEN l.total_score - s.value END
            WHEN 'best' THEN CASE WHEN l.total_score > s.value THEN l.total_score ELSE (
                SELECT max(CASE WHEN p_board.lowest_wins THEN -g.score ELSE g.score END)
                FROM public.game_sessions AS g
                WHERE g.user_id = l.user_id AND g."timestamp" < p_at
                    AND board.counts_in(p_board, p_all, g) AND (g.void_id > 0) IS NOT TRUE
            ) END
            WHEN 'first' THEN (
                SELECT l.total_score
                FROM public.game_sessions AS g
                WHERE g.user_id = l.user_id AND g."timestamp" < p_at
                    AND board.counts_in(p_board, p_all, g) AND (g.void_id > 0) IS NOT TRUE
                LIMIT 1
            )
            ELSE (
                SELECT CASE WHEN p_board.lowest_wins THEN -g.score ELSE g.score END
                FROM public.game_sessions AS g
                WHERE g.user_id = l.user_id AND g."timestamp" < p_at
                    AND board.counts_in(p_board, p_all, g) AND (g.void_id > 0) IS NOT TRUE
                ORDER BY g."timestamp" DESC, g.id DESC
                LIMIT 1
            )
        END,
        l.total_score
    FROM (
        SELECT g.user_id, CASE p_board.aggregate
            WHEN 'count' THEN CASE WHEN p_board.lowest_wins THEN -count(*) ELSE count(*) END
            WHEN 'sum' THEN (CASE WHEN p_board.lowest_wins THEN -1 ELSE 1 END * sum(g.score))::bigint
            WHEN 'best' THEN max(CASE WHEN p_board.lowest_wins THEN -g.score ELSE g.score END)
        END AS value
        FROM public.game_sessions AS g
        WHERE g."timestamp" >= p_at AND board.counts_in(p_board, p_all, g) AND (g.void_id > 0) IS NOT TRUE
        GROUP BY g.user_id
    ) AS s
    JOIN public.leaderboard AS l ON l.board_id = p_ranking.id AND l.user_id = s.user_id
$$;

COMMENT ON FUNCTION past.changed_totals(public.boards, public.rankings, public.rankings, timestamptz) IS
    'The totals of a live ranking that sessions have changed since a time.';
