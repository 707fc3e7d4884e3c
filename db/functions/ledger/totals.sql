-- Purpose:  the totals of a ranking according to the ledger.
-- Args:     p_board_id  of the ranking
--           p_user_ids  only these players; NULL for all.
-- Returns:  see ledger.totals_of.
-- Note:     EXECUTE plans it for this board, ranking and players. A plan for any of them would look up each session of
--           the ledger by its time.
CREATE OR REPLACE FUNCTION ledger.totals(p_board_id integer, p_user_ids integer[])
RETURNS TABLE (user_id integer, total_score bigint, tie bigint)
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    v_board   public.boards;
    v_ranking public.rankings;
BEGIN
    SELECT r.* INTO v_ranking FROM public.rankings AS r WHERE r.id = p_board_id;
    SELECT b.* INTO v_board FROM public.boards AS b WHERE b.id = v_ranking.board_id;
    IF v_ranking.split <> '' THEN
        RETURN QUERY EXECUTE
            'SELECT t.user_id, t.total_score, t.tie'
            ' FROM ledger.totals_of($1, $2, $3) AS t JOIN public.users AS u ON u.id = t.user_id'
            ' WHERE board.split_of($4, u.attributes) = $5'
        USING v_board, board.ranking_of_all(v_ranking), p_user_ids, v_ranking.split_by, v_ranking.split;
    ELSIF v_board.id IS NOT NULL THEN
        RETURN QUERY EXECUTE 'SELECT t.user_id, t.total_score, t.tie FROM ledger.totals_of($1, $2, $3) AS t'
        USING v_board, v_ranking, p_user_ids;
    END IF;
END
$$;

COMMENT ON FUNCTION ledger.totals(integer, integer[]) IS 'The totals of a ranking according to the ledger.';
