-- Purpose:  what banned players see of themselves on a ranking: the total and rank that they would have.
-- Args:     p_ranking_id; p_closed  whether it is in the archive
--           p_user_ids  players who are not on the ranking, without duplicates.
-- Returns:  one row for each who is banned and has a session that would count: total and tie as leaderboard would hold
--           them; 1 + the number of players with a higher total; the players on the ranking, and this one; hidden:
--           true, or NULL for a player who is not to notice. The ranks of others do not count them.
CREATE OR REPLACE FUNCTION moderation.hidden_ranks(p_ranking_id integer, p_closed boolean, p_user_ids integer[])
RETURNS TABLE (
    user_id integer, username text, total_score bigint, tie bigint, rank bigint, players bigint, hidden boolean
)
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    v_user_ids integer[];
BEGIN
    IF p_user_ids IS NULL OR p_user_ids = '{}' THEN
        RETURN;
    END IF;
    v_user_ids := ARRAY(SELECT u.id FROM public.users AS u WHERE u.id = ANY (p_user_ids) AND u.ban_id IS NOT NULL);
    IF v_user_ids = '{}' THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT t.user_id, u.username, t.total_score, t.tie, 1 + c.above, c.players + 1,
           CASE m.action WHEN 'ban' THEN true END
    FROM ledger.hidden_totals(p_ranking_id, v_user_ids) AS t
    CROSS JOIN LATERAL (SELECT n.username, n.ban_id FROM public.users AS n WHERE n.id = t.user_id OFFSET 0) AS u
    CROSS JOIN LATERAL (SELECT a.action FROM public.moderation AS a WHERE a.id = u.ban_id OFFSET 0) AS m
    CROSS JOIN LATERAL (
        SELECT i.above, i.players FROM rank_index.count_above_one(p_ranking_id, t.total_score) AS i WHERE NOT p_closed
        UNION ALL
        SELECT a.above, a.players FROM archive.count_above(p_ranking_id, t.total_score) AS a WHERE p_closed
    ) AS c
    -- A season that is closing, or closed, may still have them.
    WHERE NOT EXISTS (
            SELECT FROM public.leaderboard AS l
            WHERE NOT p_closed AND l.board_id = p_ranking_id AND l.user_id = t.user_id
        )
        AND NOT EXISTS (SELECT FROM archive.place_of(p_ranking_id, t.user_id) AS p WHERE p_closed);
END
$$;

COMMENT ON FUNCTION moderation.hidden_ranks(integer, boolean, integer[]) IS
    'The totals and ranks that banned players would have on a ranking.';
