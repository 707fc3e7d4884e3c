-- Purpose:  the total that a banned player would have in a ranking.
-- Args:     p_ranking_id; p_user_id.
-- Returns:  it, as leaderboard would hold it: negated if the lowest total wins. NULL: none.
CREATE OR REPLACE FUNCTION ledger.hidden_total(p_ranking_id integer, p_user_id integer) RETURNS bigint
LANGUAGE sql STABLE
AS $$
    SELECT t.total_score FROM ledger.hidden_totals(p_ranking_id, ARRAY[p_user_id]) AS t
$$;

COMMENT ON FUNCTION ledger.hidden_total(integer, integer) IS 'The total that a banned player would have in a ranking.';
