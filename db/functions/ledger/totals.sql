-- Purpose:  the totals of a ranking according to the ledger.
-- Args:     p_board_id  of the ranking
--           p_user_ids  only these players; NULL for all.
-- Returns:  one row per player with at least one counted session. total_score is as leaderboard holds it: negated if
--           the lowest total wins. tie: see leaderboard.tie; of a sum, the newest session that changed it, and of a
--           best score, the first one. A sum beyond bigint raises 22003.
-- Note:     plain SQL that the planner inlines; only the branch of the board's aggregate runs. For a few players it
--           uses the index if the plan is made for the call (plan_cache_mode = force_custom_plan).
CREATE OR REPLACE FUNCTION ledger.totals(p_board_id integer, p_user_ids integer[])
RETURNS TABLE (user_id integer, total_score bigint, tie bigint)
LANGUAGE sql STABLE
AS $$
    SELECT g.user_id, (CASE WHEN b.lowest_wins THEN -1 ELSE 1 END * sum(g.score))::bigint,
           CASE WHEN b.ties = 'earliest' THEN coalesce(max(g.id) FILTER (WHERE g.score <> 0), min(g.id)) END
    FROM public.rankings AS r
    JOIN public.boards AS b ON b.id = r.board_id
    JOIN public.game_sessions AS g ON board.counts_in(b, r, g)
    WHERE r.id = p_board_id AND b.aggregate = 'sum' AND (p_user_ids IS NULL OR g.user_id = ANY (p_user_ids))
    GROUP BY g.user_id, b.id
    UNION ALL
    SELECT g.user_id, CASE WHEN b.lowest_wins THEN -1 ELSE 1 END * count(*),
           CASE WHEN b.ties = 'earliest' THEN max(g.id) END
    FROM public.rankings AS r
    JOIN public.boards AS b ON b.id = r.board_id
    JOIN public.game_sessions AS g ON board.counts_in(b, r, g)
    WHERE r.id = p_board_id AND b.aggregate = 'count' AND (p_user_ids IS NULL OR g.user_id = ANY (p_user_ids))
    GROUP BY g.user_id, b.id
    UNION ALL
    SELECT g.user_id, CASE WHEN b.lowest_wins THEN -min(g.score) ELSE max(g.score) END, NULL
    FROM public.rankings AS r
    JOIN public.boards AS b ON b.id = r.board_id
    JOIN public.game_sessions AS g ON board.counts_in(b, r, g)
    WHERE r.id = p_board_id AND b.aggregate = 'best' AND b.ties = 'shared'
        AND (p_user_ids IS NULL OR g.user_id = ANY (p_user_ids))
    GROUP BY g.user_id, b.id
    UNION ALL
    SELECT chosen.user_id, chosen.total_score, chosen.tie
    FROM (
        SELECT DISTINCT ON (g.user_id) g.user_id, CASE WHEN b.lowest_wins THEN -g.score ELSE g.score END AS total_score,
               CASE WHEN b.ties = 'earliest' THEN g.id END AS tie
        FROM public.rankings AS r
        JOIN public.boards AS b ON b.id = r.board_id
        JOIN public.game_sessions AS g ON board.counts_in(b, r, g)
        WHERE r.id = p_board_id
            AND (b.aggregate IN ('first', 'last') OR b.aggregate = 'best' AND b.ties = 'earliest')
            AND (p_user_ids IS NULL OR g.user_id = ANY (p_user_ids))
        ORDER BY g.user_id, CASE b.aggregate
            WHEN 'best' THEN CASE WHEN b.lowest_wins THEN g.score ELSE -g.score END
        END, CASE b.aggregate WHEN 'last' THEN g."timestamp" END DESC, CASE b.aggregate WHEN 'last' THEN g.id END DESC,
            CASE b.aggregate WHEN 'first' THEN g."timestamp" END, g.id
    ) AS chosen
$$;

COMMENT ON FUNCTION ledger.totals(integer, integer[]) IS 'The totals of a ranking according to the ledger.';
