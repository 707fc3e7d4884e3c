-- Purpose:  the ranks of players on a ranking and among each other, if some of them are banned.
-- Args:     p_ranking_id, p_closed, p_players  as in board.ranks; p_user_ids  without duplicates.
-- Returns:  one row per player who is on it, as board.ranks, and per banned one, as moderation.hidden_ranks. The ranks
--           among each other do not count those who are banned either.
CREATE OR REPLACE FUNCTION moderation.ranks_among(
    p_ranking_id integer, p_closed boolean, p_players bigint, p_user_ids integer[]
)
RETURNS TABLE (
    user_id integer, username text, total_score bigint, rank bigint, rank_among bigint, players bigint, hidden boolean
)
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN QUERY
    WITH found AS MATERIALIZED (
        SELECT o.user_id, o.username, o.total_score, o.rank, o.players
        FROM board.ranks(p_ranking_id, p_closed, p_players, p_user_ids) AS o
    )
    SELECT f.user_id, f.username, f.total_score, f.rank, rank() OVER (ORDER BY f.total_score DESC), f.players,
           NULL::boolean
    FROM found AS f
    UNION ALL
    SELECT h.user_id, h.username, h.total_score, h.rank,
           1 + (SELECT count(*) FROM found AS f WHERE f.total_score > h.total_score), h.players, h.hidden
    FROM moderation.hidden_ranks(p_ranking_id, p_closed, ARRAY(
        SELECT i.id FROM unnest(p_user_ids) AS i(id) EXCEPT SELECT f.user_id FROM found AS f
    )) AS h;
END
$$;

COMMENT ON FUNCTION moderation.ranks_among(integer, boolean, bigint, integer[]) IS
    'The ranks of players on a ranking and among each other, if some of them are banned.';
