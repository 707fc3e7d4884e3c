-- Purpose:  ranks of players who are adjacent in a board's order. Only the first total may have players before the
--           first row; below it every player between two rows is one of the rows. So it asks the rank index for two
--           totals, and counts the rest by position.
-- Args:     p_board_id; p_earliest  whether ties are in the order of leaderboard.tie
--           p_user_ids  players without a gap between them, in any order.
-- Returns:  the rows with RANK() and names, in the board's order; tie is NULL without p_earliest.
-- Note:     PL/pgSQL, because callers pass a subquery: see rank_index.ranks.
CREATE OR REPLACE FUNCTION rank_index.ranked_rows(p_board_id integer, p_earliest boolean, p_user_ids integer[])
RETURNS TABLE (rank bigint, user_id integer, username text, total_score bigint, tie bigint)
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN QUERY
    WITH placed AS MATERIALIZED (
        SELECT t.user_id, t.username, t.total_score, CASE WHEN p_earliest THEN t.tie END AS tie,
               dense_rank() OVER (ORDER BY t.total_score DESC) AS step,
               rank() OVER (ORDER BY t.total_score DESC) AS place
        FROM rank_index.player_totals(p_board_id, p_user_ids) AS t
    ), known AS MATERIALIZED (
        SELECT p.step, p.place, 1 + c.above AS rank
        FROM (SELECT DISTINCT d.step, d.place, d.total_score FROM placed AS d WHERE d.step <= 2) AS p
        CROSS JOIN LATERAL rank_index.count_above_one(p_board_id, p.total_score) AS c
    )
    SELECT k.rank + p.place - k.place, p.user_id, p.username, p.total_score, p.tie
    FROM placed AS p
    JOIN known AS k ON k.step = least(p.step, 2)
    ORDER BY p.total_score DESC, p.tie, p.user_id;
END
$$;

COMMENT ON FUNCTION rank_index.ranked_rows(integer, boolean, integer[]) IS
    'Ranks and names of players who are adjacent in the order.';
