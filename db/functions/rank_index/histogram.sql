-- Purpose:  players by ranges of totals, from the rank index: no scan of the players.
-- Args:     p_board_id; p_from  start of the first range; p_width  totals per range; p_buckets  number of ranges.
-- Returns:  one row per range, from_score and to_score inclusive.
-- Note:     PL/pgSQL: see rank_index.ranks.
CREATE OR REPLACE FUNCTION rank_index.histogram(p_board_id integer, p_from bigint, p_width bigint, p_buckets integer)
RETURNS TABLE (from_score bigint, to_score bigint, players bigint)
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    v_edges bigint[] := ARRAY(SELECT p_from - 1 + i * p_width FROM generate_series(0, p_buckets) AS i);
BEGIN
    RETURN QUERY
    SELECT edge.total + 1, edge.total + p_width, edge.above - edge.next_above
    FROM (
        SELECT c.total, c.above, lead(c.above) OVER (ORDER BY c.total) AS next_above
        FROM rank_index.count_above(p_board_id, v_edges) AS c
    ) AS edge
    WHERE edge.next_above IS NOT NULL
    ORDER BY edge.total;
END
$$;

COMMENT ON FUNCTION rank_index.histogram(integer, bigint, bigint, integer) IS
    'Players by ranges of totals, from the rank index.';
