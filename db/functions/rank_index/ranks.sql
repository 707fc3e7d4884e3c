-- Purpose:  the live ranks of players.
-- Args:     p_board_id; p_user_ids.
-- Returns:  one row per player who is on the board: total, 1 + the number of players with a higher one, players on the
--           board.
-- Note:     plain SQL that the planner inlines. It reads the pending deltas once for all players
--           (rank_index.count_above).
CREATE OR REPLACE FUNCTION rank_index.ranks(p_board_id integer, p_user_ids integer[])
RETURNS TABLE (user_id integer, username text, total_score bigint, rank bigint, players bigint)
LANGUAGE sql STABLE
AS $$
    WITH standing AS MATERIALIZED (
        SELECT t.user_id, t.username, t.total_score FROM rank_index.player_totals(p_board_id, p_user_ids) AS t
    )
    SELECT s.user_id, s.username, s.total_score, 1 + c.above, c.players
    FROM standing AS s
    JOIN rank_index.count_above(p_board_id, (SELECT array_agg(DISTINCT d.total_score) FROM standing AS d)) AS c
        ON c.total = s.total_score
$$;

COMMENT ON FUNCTION rank_index.ranks(integer, integer[]) IS
    'The totals and live ranks of the players who are on the board.';
