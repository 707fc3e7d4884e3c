-- Purpose:  the players of a board whose total is not what the ledger says.
-- Args:     p_board_id.
-- Returns:  a row a player: ledger's total (NULL: none), leaderboard's total (NULL: none).
CREATE OR REPLACE FUNCTION lib.total_differences(p_board_id integer)
RETURNS TABLE (user_id integer, expected bigint, found bigint)
LANGUAGE sql STABLE
AS $$
    SELECT coalesce(t.user_id, l.user_id), t.total_score, l.total_score
    FROM lib.ledger_totals(p_board_id, NULL) AS t
    FULL JOIN (
        SELECT b.user_id, b.total_score FROM public.leaderboard AS b WHERE b.board_id = p_board_id
    ) AS l ON l.user_id = t.user_id
    WHERE t.total_score IS DISTINCT FROM l.total_score
$$;

COMMENT ON FUNCTION lib.total_differences(integer) IS 'The players of a board whose total is not what the ledger says.';
