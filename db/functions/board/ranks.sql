-- Purpose:  the ranks of players on a ranking: the live ones, or the final ones of a closed season.
-- Args:     p_ranking_id; p_closed, p_players  closed and players of board.ranking_of
--           p_user_ids  without duplicates.
-- Returns:  one row per player who is on it: total, RANK(), players of the ranking.
CREATE OR REPLACE FUNCTION board.ranks(p_ranking_id integer, p_closed boolean, p_players bigint, p_user_ids integer[])
RETURNS TABLE (user_id integer, username text, total_score bigint, rank bigint, players bigint)
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF p_closed THEN
        RETURN QUERY
        SELECT e.user_id, coalesce(u.username, 'deleted'), e.total_score, e.rank, p_players
        FROM archive.entries(p_ranking_id, p_user_ids) AS e
        LEFT JOIN LATERAL (SELECT n.username FROM public.users AS n WHERE n.id = e.user_id OFFSET 0) AS u ON true;
    ELSE
        RETURN QUERY
        SELECT r.user_id, r.username, r.total_score, r.rank, r.players
        FROM rank_index.ranks(p_ranking_id, p_user_ids) AS r;
    END IF;
END
$$;

COMMENT ON FUNCTION board.ranks(integer, boolean, bigint, integer[]) IS
    'The ranks of players on a ranking, from the rank index or the archive.';
