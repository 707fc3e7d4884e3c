-- Purpose:  the players of a board whose total is not what the ledger says.
-- Args:     p_board_id.
-- Returns:  a row a player: ledger's total (NULL: none), leaderboard's total (NULL: none).
CREATE OR REPLACE FUNCTION lib.total_differences(p_board_id integer)
RETURNS TABLE (user_id integer, expected bigint, found bigint)
LANGUAGE sql STABLE
AS $$
    SELECT d.user_id, d.expected, d.found FROM lib.player_differences(p_board_id, NULL) AS d
$$;

COMMENT ON FUNCTION lib.total_differences(integer) IS 'The players of a board whose total is not what the ledger says.';
