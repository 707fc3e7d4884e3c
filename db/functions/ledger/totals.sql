-- Purpose:  the totals of a ranking according to the ledger.
-- Args:     p_board_id  of the ranking
--           p_user_ids  only these players; NULL for all.
-- Returns:  see ledger.totals_of.
-- Note:     plain SQL that the planner inlines.
CREATE OR REPLACE FUNCTION ledger.totals(p_board_id integer, p_user_ids integer[])
RETURNS TABLE (user_id integer, total_score bigint, tie bigint)
LANGUAGE sql STABLE
AS $$
    SELECT t.user_id, t.total_score, t.tie
    FROM public.rankings AS r
    JOIN public.boards AS b ON b.id = r.board_id
    CROSS JOIN LATERAL ledger.totals_of(b, r, p_user_ids) AS t
    WHERE r.id = p_board_id
$$;

COMMENT ON FUNCTION ledger.totals(integer, integer[]) IS 'The totals of a ranking according to the ledger.';
