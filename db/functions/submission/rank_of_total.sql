-- Purpose:  the rank that a total has, or would have, in a ranking that runs.
-- Args:     p_ranking_id; p_total  as leaderboard holds it.
-- Returns:  1 + the number of players with a better total.
CREATE OR REPLACE FUNCTION submission.rank_of_total(p_ranking_id integer, p_total bigint) RETURNS bigint
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN (SELECT 1 + c.above FROM rank_index.count_above_one(p_ranking_id, p_total) AS c);
END
$$;

COMMENT ON FUNCTION submission.rank_of_total(integer, bigint) IS 'The rank that a total would have in a ranking.';
