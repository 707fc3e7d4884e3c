-- Purpose:  the totals of a ranking according to the ledger.
-- Args:     p_board_id  of the ranking
--           p_user_ids  only these players; NULL for all.
-- Returns:  one row per player with at least one counted session. A sum beyond bigint raises 22003.
-- Note:     plain SQL that the planner inlines; only the branch of the board's aggregate runs. For a few players it
--           uses the index if the plan is made for the call (plan_cache_mode = force_custom_plan).
CREATE OR REPLACE FUNCTION ledger.totals(p_board_id integer, p_user_ids integer[])
RETURNS TABLE (user_id integer, total_score bigint)
LANGUAGE sql STABLE
AS $$
    SELECT g.user_id, sum(g.score)::bigint
    FROM public.rankings AS r
    JOIN public.boards AS b ON b.id = r.board_id
    JOIN public.game_sessions AS g ON board.counts(b, g.game_mode, g.score)
    WHERE r.id = p_board_id AND b.aggregate = 'sum' AND (p_user_ids IS NULL OR g.user_id = ANY (p_user_ids))
    GROUP BY g.user_id
    UNION ALL
    SELECT g.user_id, max(g.score)
    FROM public.rankings AS r
    JOIN public.boards AS b ON b.id = r.board_id
    JOIN public.game_sessions AS g ON board.counts(b, g.game_mode, g.score)
    WHERE r.id = p_board_id AND b.aggregate = 'best' AND (p_user_ids IS NULL OR g.user_id = ANY (p_user_ids))
    GROUP BY g.user_id
    UNION ALL
    SELECT newest.user_id, newest.score
    FROM (
        SELECT DISTINCT ON (g.user_id) g.user_id, g.score
        FROM public.rankings AS r
        JOIN public.boards AS b ON b.id = r.board_id
        JOIN public.game_sessions AS g ON board.counts(b, g.game_mode, g.score)
        WHERE r.id = p_board_id AND b.aggregate = 'last' AND (p_user_ids IS NULL OR g.user_id = ANY (p_user_ids))
        ORDER BY g.user_id, g."timestamp" DESC, g.id DESC
    ) AS newest
$$;

COMMENT ON FUNCTION ledger.totals(integer, integer[]) IS 'The totals of a ranking according to the ledger.';
