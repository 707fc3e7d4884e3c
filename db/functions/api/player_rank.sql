-- Purpose:  a player's live rank: 1 + the number of players with a higher total. Equal totals share a rank and the next
--           rank skips.
-- Args:     p_user_id; p_board  name of the board.
-- Returns:  one row; percentile is the percentage of players that the player is at least as good as.
-- Errors:   LB011 when the player is not on the board, LB010 when the board does not exist, LB032 while
--           it is being filled from the ledger.
-- Locks:    none. STABLE: total and counts come from one snapshot, that of the calling statement.
CREATE OR REPLACE FUNCTION api.player_rank(p_user_id bigint, p_board text DEFAULT 'overall')
RETURNS TABLE (
    user_id integer, username text, total_score bigint, rank bigint, players bigint, percentile double precision
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
BEGIN
    IF p_user_id BETWEEN 1 AND 2147483647 THEN
        RETURN QUERY
        SELECT t.user_id, t.username, t.total_score, 1 + c.above, c.players, internal.percentile(1 + c.above, c.players)
        FROM public.boards AS b
        JOIN public.rankings AS r ON r.board_id = b.id AND r.split = '' AND r.starts_at <= now() AND r.ends_at > now()
        CROSS JOIN LATERAL rank_index.player_totals(r.id, ARRAY[p_user_id::integer]) AS t
        CROSS JOIN LATERAL rank_index.count_above_one(r.id, t.total_score) AS c
        WHERE b.name = p_board AND r.filled_to IS NULL;
    END IF;
    IF NOT FOUND THEN
        PERFORM board.ranking_id(p_board);
        RAISE EXCEPTION 'player % is not on board %', coalesce(p_user_id::text, 'NULL'), p_board
            USING ERRCODE = 'LB011';
    END IF;
END
$$;

COMMENT ON FUNCTION api.player_rank(bigint, text) IS
    'A player''s total, live rank (RANK()), number of players and percentile.';
