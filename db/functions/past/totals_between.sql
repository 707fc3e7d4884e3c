-- Purpose:  the totals that the sessions of a window give on a board, or would have given: according to the ledger.
-- Args:     p_board  a row of boards
--           p_window  a ranking of it whose bounds and deadline are those of the window; its split  only these players
--                     (by its split_by); empty: all.
-- Returns:  see ledger.totals_of.
-- Note:     EXECUTE plans it for this window: see ledger.totals.
CREATE OR REPLACE FUNCTION past.totals_between(p_board public.boards, p_window public.rankings)
RETURNS TABLE (user_id integer, total_score bigint, tie bigint)
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT t.user_id, t.total_score, t.tie FROM ledger.%I($1, $2, NULL) AS t %s',
        CASE WHEN EXISTS (SELECT FROM public.users AS u WHERE u.ban_id IS NOT NULL)
            THEN 'totals_of' ELSE 'totals_with_banned' END,
        CASE WHEN p_window.split <> ''
            THEN 'JOIN public.users AS u ON u.id = t.user_id WHERE board.split_of(($2).split_by, u.attributes)'
                ' = ($2).split' ELSE '' END
    )
    USING p_board, p_window;
END
$$;

COMMENT ON FUNCTION past.totals_between(public.boards, public.rankings) IS
    'The totals that the sessions of a window give on a board.';
