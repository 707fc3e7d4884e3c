-- Purpose:  the totals that banned players would have in a ranking.
-- Args:     p_ranking_id
--           p_user_ids  players; those who are not banned get the totals that they have.
-- Returns:  one row per player with at least one session that would count; see ledger.totals_with_banned.
CREATE OR REPLACE FUNCTION ledger.hidden_totals(p_ranking_id integer, p_user_ids integer[])
RETURNS TABLE (user_id integer, total_score bigint, tie bigint)
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    v_board   public.boards;
    v_ranking public.rankings;
BEGIN
    SELECT r.* INTO v_ranking FROM public.rankings AS r WHERE r.id = p_ranking_id;
    SELECT b.* INTO v_board FROM public.boards AS b WHERE b.id = v_ranking.board_id;
    IF v_ranking.split <> '' THEN
        SELECT array_agg(u.id) INTO p_user_ids
        FROM public.users AS u
        WHERE u.id = ANY (p_user_ids) AND board.split_of(v_ranking.split_by, u.attributes) = v_ranking.split;
        v_ranking := board.ranking_of_all(v_ranking);
    END IF;
    IF v_board.id IS NOT NULL THEN
        -- EXECUTE plans it for this board: see ledger.totals.
        RETURN QUERY EXECUTE 'SELECT t.user_id, t.total_score, t.tie FROM ledger.totals_with_banned($1, $2, $3) AS t'
        USING v_board, v_ranking, coalesce(p_user_ids, '{}');
    END IF;
END
$$;

COMMENT ON FUNCTION ledger.hidden_totals(integer, integer[]) IS
    'The totals that banned players would have in a ranking.';
