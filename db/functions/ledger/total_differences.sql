-- Purpose:  the players whose total in a ranking, or whose place within a tie, differs from the ledger.
-- Args:     p_board_id  of the ranking
--           p_user_ids  only these players; NULL for all.
-- Returns:  one row per player: expected, the total of the ledger (NULL: none), and found, that of leaderboard (NULL:
--           none), both as leaderboard holds them; tie, what leaderboard.tie should be, and found_tie, what it is.
CREATE OR REPLACE FUNCTION ledger.total_differences(p_board_id integer, p_user_ids integer[] DEFAULT NULL)
RETURNS TABLE (user_id integer, expected bigint, found bigint, tie bigint, found_tie bigint)
LANGUAGE sql STABLE
AS $$
    SELECT coalesce(t.user_id, l.user_id), t.total_score, l.total_score, t.tie, l.tie
    FROM ledger.totals(p_board_id, p_user_ids) AS t
    FULL JOIN (
        SELECT b.user_id, b.total_score, b.tie
        FROM public.leaderboard AS b
        WHERE b.board_id = p_board_id AND (p_user_ids IS NULL OR b.user_id = ANY (p_user_ids))
    ) AS l ON l.user_id = t.user_id
    WHERE t.total_score IS DISTINCT FROM l.total_score OR t.tie IS DISTINCT FROM l.tie
$$;

COMMENT ON FUNCTION ledger.total_differences(integer, integer[]) IS
    'The players whose total in a ranking, or place within a tie, differs from the ledger.';
