-- Purpose:  the totals that a ranking of a board has according to the ledger: the only definition of what counts. Void
--           sessions do not, and no session of a banned player. Neither row needs to be stored.
-- Args:     p_board; p_ranking  one of its rankings
--           p_user_ids  only these players; NULL for all.
-- Returns:  one row per player with at least one counted session; see ledger.totals_with_banned.
-- Note:     plain SQL that the planner inlines; see there. Bans are looked up once per player, not once per session.
CREATE OR REPLACE FUNCTION ledger.totals_of(p_board public.boards, p_ranking public.rankings, p_user_ids integer[])
RETURNS TABLE (user_id integer, total_score bigint, tie bigint)
LANGUAGE sql STABLE
AS $$
    SELECT t.user_id, t.total_score, t.tie
    FROM ledger.totals_with_banned(p_board, p_ranking, p_user_ids) AS t
    WHERE NOT EXISTS (SELECT FROM public.users AS u WHERE u.id = t.user_id AND u.ban_id IS NOT NULL)
$$;

COMMENT ON FUNCTION ledger.totals_of(public.boards, public.rankings, integer[]) IS
    'The totals that a ranking of a board has according to the ledger.';
