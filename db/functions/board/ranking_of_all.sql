-- Purpose:  the ranking of all players that a split belongs to.
-- Args:     p_ranking  a split, or a ranking of all players.
-- Returns:  the row of that ranking.
CREATE OR REPLACE FUNCTION board.ranking_of_all(p_ranking public.rankings) RETURNS public.rankings
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    v_all public.rankings := p_ranking;
BEGIN
    IF p_ranking.split <> '' THEN
        SELECT r.* INTO v_all
        FROM public.rankings AS r
        WHERE r.board_id = p_ranking.board_id AND r.split = '' AND r.starts_at = p_ranking.starts_at;
    END IF;
    RETURN v_all;
END
$$;

COMMENT ON FUNCTION board.ranking_of_all(public.rankings) IS 'The ranking of all players that a split belongs to.';
