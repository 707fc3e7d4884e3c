-- Purpose:  players of a closed season by ranges of totals: a look-up for each end of a range.
-- Args:     p_ranking_id; p_from  start of the first range; p_width  totals per range; p_buckets  number of ranges. As
--           leaderboard held the totals.
-- Returns:  one row per range, from_score and to_score inclusive.
CREATE OR REPLACE FUNCTION archive.histogram(p_ranking_id integer, p_from bigint, p_width bigint, p_buckets integer)
RETURNS TABLE (from_score bigint, to_score bigint, players bigint)
LANGUAGE sql STABLE
AS $$
    SELECT edge.total + 1, edge.total + p_width, edge.above - edge.next_above
    FROM (
        SELECT e.total, c.above, lead(c.above) OVER (ORDER BY e.total) AS next_above
        FROM (SELECT p_from - 1 + i * p_width AS total FROM generate_series(0, p_buckets) AS i) AS e
        CROSS JOIN LATERAL archive.count_above(p_ranking_id, e.total) AS c
    ) AS edge
    WHERE edge.next_above IS NOT NULL
    ORDER BY edge.total
$$;

COMMENT ON FUNCTION archive.histogram(integer, bigint, bigint, integer) IS
    'Players of a closed season by ranges of totals.';
