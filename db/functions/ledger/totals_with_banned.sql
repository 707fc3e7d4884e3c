-- Purpose:  the totals that a ranking of a board would have according to the ledger, were no player banned. Void
--           sessions do not count. Neither row needs to be stored.
-- Args:     p_board; p_ranking  one of its rankings
--           p_user_ids  only these players; NULL for all.
-- Returns:  one row per player with at least one counted session. total_score is as leaderboard holds it: negated if
--           the lowest total wins. tie: see leaderboard.tie; of a sum, the newest session that changed it, and of a
--           best score, the first one. A sum beyond bigint raises 22003.
-- Note:     plain SQL that the planner inlines, for a statement that is planned for these values (EXECUTE ... USING):
--           only the branch of the board's aggregate remains, and for a few players it uses the index. void_id is the
--           last thing to look at: IS NULL would be the first, which costs a tenth where few sessions match.
CREATE OR REPLACE FUNCTION ledger.totals_with_banned(
    p_board public.boards, p_ranking public.rankings, p_user_ids integer[]
)
RETURNS TABLE (user_id integer, total_score bigint, tie bigint)
LANGUAGE sql STABLE
AS $$
    SELECT g.user_id, (CASE WHEN p_board.lowest_wins THEN -1 ELSE 1 END * sum(g.score))::bigint,
           CASE WHEN p_board.ties = 'earliest' THEN coalesce(max(g.id) FILTER (WHERE g.score <> 0), min(g.id)) END
    FROM public.game_sessions AS g
    WHERE p_board.aggregate = 'sum' AND board.counts_in(p_board, p_ranking, g)
        AND (g.void_id > 0) IS NOT TRUE AND (p_user_ids IS NULL OR g.user_id = ANY (p_user_ids))
    GROUP BY g.user_id
    UNION ALL
    SELECT g.user_id, CASE WHEN p_board.lowest_wins THEN -1 ELSE 1 END * count(*),
           CASE WHEN p_board.ties = 'earliest' THEN max(g.id) END
    FROM public.game_sessions AS g
    WHERE p_board.aggregate = 'count' AND board.counts_in(p_board, p_ranking, g)
        AND (g.void_id > 0) IS NOT TRUE AND (p_user_ids IS NULL OR g.user_id = ANY (p_user_ids))
    GROUP BY g.user_id
    UNION ALL
    SELECT g.user_id, CASE WHEN p_board.lowest_wins THEN -min(g.score) ELSE max(g.score) END, NULL
    FROM public.game_sessions AS g
    WHERE p_board.aggregate = 'best' AND p_board.ties = 'shared' AND board.counts_in(p_board, p_ranking, g)
        AND (g.void_id > 0) IS NOT TRUE AND (p_user_ids IS NULL OR g.user_id = ANY (p_user_ids))
    GROUP BY g.user_id
    UNION ALL
    SELECT chosen.user_id, chosen.total_score, chosen.tie
    FROM (
        SELECT DISTINCT ON (g.user_id) g.user_id,
               CASE WHEN p_board.lowest_wins THEN -g.score ELSE g.score END AS total_score,
               CASE WHEN p_board.ties = 'earliest' THEN g.id END AS tie
        FROM public.game_sessions AS g
        WHERE (p_board.aggregate IN ('first', 'last') OR p_board.aggregate = 'best' AND p_board.ties = 'earliest')
            AND board.counts_in(p_board, p_ranking, g) AND (g.void_id > 0) IS NOT TRUE
            AND (p_user_ids IS NULL OR g.user_id = ANY (p_user_ids))
        ORDER BY g.user_id, CASE p_board.aggregate
            WHEN 'best' THEN CASE WHEN p_board.lowest_wins THEN g.score ELSE -g.score END
        END, CASE p_board.aggregate WHEN 'last' THEN g."timestamp" END DESC,
            CASE p_board.aggregate WHEN 'last' THEN g.id END DESC,
            CASE p_board.aggregate WHEN 'first' THEN g."timestamp" END, g.id
    ) AS chosen
$$;

COMMENT ON FUNCTION ledger.totals_with_banned(public.boards, public.rankings, integer[]) IS
    'The totals that a ranking of a board would have according to the ledger, were no player banned.';
