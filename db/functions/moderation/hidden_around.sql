-- Purpose:  a banned player and the neighbours that they would have on a ranking.
-- Args:     p_ranking_id; p_closed  whether it is in the archive; p_earliest  whether ties are in the order of
--           leaderboard.tie; p_user_id  who is not on the ranking; p_span  neighbours above and below.
-- Returns:  the rows in the board's order, as rank_index.ranked_rows; hidden as in moderation.hidden_ranks for the
--           player, NULL for the others, whose ranks do not count the player. None if the player is not banned or has
--           no session that would count.
CREATE OR REPLACE FUNCTION moderation.hidden_around(
    p_ranking_id integer, p_closed boolean, p_earliest boolean, p_user_id integer, p_span integer
)
RETURNS TABLE (rank bigint, user_id integer, username text, total_score bigint, tie bigint, hidden boolean)
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    v_player record;
    v_place  bigint;  -- in the archive, of the first player after this one
BEGIN
    SELECT h.* INTO v_player FROM moderation.hidden_ranks(p_ranking_id, p_closed, ARRAY[p_user_id]) AS h;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF p_closed THEN
        v_place := archive.place_after(p_ranking_id, v_player.total_score, v_player.tie, p_user_id);
        RETURN QUERY
        SELECT a.rank, a.user_id, a.username, a.total_score, a.tie, NULL::boolean
        FROM board.archived_rows(
            p_ranking_id, greatest(v_place - p_span, 1), least(v_place - 1, p_span)::integer
        ) AS a;
        RETURN QUERY
        SELECT v_player.rank, v_player.user_id, v_player.username, v_player.total_score, v_place, v_player.hidden;
        RETURN QUERY
        SELECT a.rank, a.user_id, a.username, a.total_score, a.tie, NULL::boolean
        FROM board.archived_rows(p_ranking_id, v_place, p_span) AS a;
        RETURN;
    END IF;
    RETURN QUERY
    SELECT r.*
    FROM (
        SELECT n.rank, n.user_id, n.username, n.total_score, n.tie, NULL::boolean AS hidden
        FROM rank_index.ranked_rows(p_ranking_id, p_earliest, rank_index.players_near(
            p_ranking_id, p_earliest, p_span, p_span, v_player.total_score, v_player.tie, p_user_id
        )) AS n
        UNION ALL
        SELECT v_player.rank, v_player.user_id, v_player.username, v_player.total_score, v_player.tie, v_player.hidden
    ) AS r
    ORDER BY r.total_score DESC, r.tie, r.user_id;
END
$$;

COMMENT ON FUNCTION moderation.hidden_around(integer, boolean, boolean, integer, integer) IS
    'A banned player and the neighbours that they would have on a ranking.';
