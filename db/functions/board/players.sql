-- Purpose:  how many players a ranking has.
-- Args:     p_ranking_id  NULL for a season without players; p_closed, p_players  of board.ranking_of.
-- Returns:  their number.
CREATE OR REPLACE FUNCTION board.players(p_ranking_id integer, p_closed boolean, p_players bigint) RETURNS bigint
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN CASE WHEN p_closed THEN p_players
        ELSE coalesce((SELECT c.players FROM rank_index.count_above_one(p_ranking_id, 0) AS c), 0) END;
END
$$;

COMMENT ON FUNCTION board.players(integer, boolean, bigint) IS 'The number of players of a ranking.';
