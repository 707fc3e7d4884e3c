-- Purpose:  a player's rank: 1 + the number of players with a better total. Equal totals share a rank and the next rank
--           skips.
-- Args:     p_user_id; p_board  a board, or a season or split of one such as 'daily@previous' or 'daily/DE'.
-- Returns:  one row; percentile is the percentage of players that the player is at least as good as; display as in
--           api.top_players; season is its number, NULL on boards without seasons. The rank of a running season is
--           live, that of a closed one final. hidden: true for a banned player, who is on no board: the total and rank
--           are those that the player would have, and players includes them. Otherwise NULL.
-- Errors:   LB011 when the player is not on the board, LB010 when the board does not exist, LB014 when the season does
--           not, LB018 when the split does not, LB032 while it is being filled from the ledger.
-- Locks:    none. STABLE: total and counts come from one snapshot, that of the calling statement.
CREATE OR REPLACE FUNCTION api.player_rank(p_user_id bigint, p_board text DEFAULT 'overall')
RETURNS TABLE (
    user_id integer, username text, total_score bigint, rank bigint, players bigint, percentile double precision,
    display text, season integer, hidden boolean
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
    v_ranking record;
BEGIN
    -- The usual case in one statement: a board without seasons, or the running season of one with them.
    IF p_user_id BETWEEN 1 AND 2147483647 THEN
        RETURN QUERY
        SELECT t.user_id, u.username, CASE WHEN b.lowest_wins THEN -t.total_score ELSE t.total_score END, 1 + c.above,
               c.players, internal.percentile(1 + c.above, c.players),
               CASE WHEN b.decimals > 0 OR b.unit IN ('ms', 's') THEN internal.display_score(
                   CASE WHEN b.lowest_wins THEN -t.total_score ELSE t.total_score END, b.unit, b.decimals) END,
               CASE WHEN r.id <> b.id THEN r.number END, NULL::boolean
        FROM public.boards AS b
        CROSS JOIN LATERAL board.latest_ranking(b.id, statement_timestamp()) AS r  -- as in board.ranking_of
        JOIN public.leaderboard AS t ON t.board_id = r.id AND t.user_id = p_user_id::integer
        JOIN public.users AS u ON u.id = p_user_id::integer
        CROSS JOIN LATERAL rank_index.count_above_one(r.id, t.total_score) AS c
        WHERE b.name = p_board AND (r.id = b.id OR r.ends_at > statement_timestamp()) AND r.filled_to IS NULL;
    END IF;
    IF NOT FOUND THEN
        v_ranking := board.ranking_of(p_board);
        IF p_user_id BETWEEN 1 AND 2147483647 THEN
            RETURN QUERY
            SELECT r.user_id, r.username, v_ranking.sign * r.total_score, r.rank, r.players,
                   internal.percentile(r.rank, r.players), CASE WHEN v_ranking.displays THEN internal.display_score(
                       v_ranking.sign * r.total_score, v_ranking.unit, v_ranking.decimals) END, v_ranking.season,
                   r.hidden
            FROM (
                SELECT o.user_id, o.username, o.total_score, o.rank, o.players, NULL::boolean AS hidden
                FROM board.ranks(
                    v_ranking.id, v_ranking.closed, v_ranking.players, ARRAY[p_user_id::integer]) AS o
                UNION ALL
                SELECT h.user_id, h.username, h.total_score, h.rank, h.players, h.hidden
                FROM moderation.hidden_ranks(v_ranking.id, v_ranking.closed, ARRAY[p_user_id::integer]) AS h
            ) AS r;
        END IF;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'player % is not on board %', coalesce(p_user_id::text, 'NULL'), p_board
                USING ERRCODE = 'LB011';
        END IF;
    END IF;
END
$$;

COMMENT ON FUNCTION api.player_rank(bigint, text) IS
    'A player''s total, rank (RANK()), number of players and percentile.';
