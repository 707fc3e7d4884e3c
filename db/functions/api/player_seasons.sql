-- Purpose:  a player's results over the seasons of a board, the newest first.
-- Args:     p_user_id; p_board  name of the board, or a split of it such as 'daily/DE'
--           p_limit  1 to 1000; p_before  only seasons with a lower number, for the next page.
-- Returns:  one row per season in which the player has a total; none on a board without seasons. The rank of a season
--           that is not closed is live, that of a closed one final. display as in api.top_players.
-- Errors:   LB001 when the limit is out of range, LB010 when the board does not exist, LB018 when the split does not,
--           LB032 while one of the seasons is being computed from the ledger.
-- Locks:    none. STABLE: one snapshot for all rows.
CREATE OR REPLACE FUNCTION api.player_seasons(
    p_user_id bigint, p_board text, p_limit integer DEFAULT 100, p_before integer DEFAULT NULL
)
RETURNS TABLE (
    season integer, starts_at timestamptz, ends_at timestamptz, closed boolean, total_score bigint, display text,
    rank bigint, players bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
    v_board   public.boards;
    v_name    CONSTANT text := split_part(p_board, '/', 1);
    v_split   CONSTANT text := substr(p_board, char_length(v_name) + 2);
    v_user_id integer := CASE WHEN p_user_id BETWEEN 1 AND 2147483647 THEN p_user_id END;
BEGIN
    IF p_limit IS NULL OR p_limit NOT BETWEEN 1 AND 1000 THEN
        RAISE EXCEPTION 'limit must be 1 to 1000, not %', coalesce(p_limit::text, 'NULL') USING ERRCODE = 'LB001';
    END IF;
    SELECT b.* INTO v_board FROM public.boards AS b WHERE b.name = v_name;
    IF NOT FOUND THEN
        PERFORM board.board_id(p_board);
    ELSIF v_board.period IS NULL AND NOT v_board.manual_seasons THEN
        RETURN;
    END IF;
    IF v_name <> p_board THEN
        PERFORM board.split_ranking(v_board, NULL, v_split);
    END IF;
    IF EXISTS (
        SELECT FROM public.rankings AS r
        WHERE (r.filled_to IS NOT NULL OR r.splits_to IS NOT NULL AND v_split <> '') AND r.board_id = v_board.id
            AND (p_before IS NULL OR r.number < p_before)
    ) THEN
        RAISE EXCEPTION 'seasons of board % are being computed from the ledger; retry later', p_board
            USING ERRCODE = 'LB032', HINT = 'A running service does that, or: SELECT api.fill_boards() and'
                ' api.close_seasons(), until both are false';
    END IF;
    RETURN QUERY
    SELECT r.number, r.starts_at, r.ends_at, r.closed_at IS NOT NULL, t.total,
           internal.display_score(t.total, v_board.unit, v_board.decimals), e.rank, e.players
    FROM public.rankings AS r
    CROSS JOIN LATERAL (
        SELECT s.id, s.players
        FROM public.rankings AS s
        WHERE s.board_id = r.board_id AND s.split = v_split AND s.starts_at = r.starts_at
        OFFSET 0
    ) AS k
    CROSS JOIN LATERAL (
        SELECT a.total_score, a.rank, k.players
        FROM archive.entries(k.id, ARRAY[v_user_id]) AS a
        WHERE r.closed_at IS NOT NULL
        UNION ALL
        SELECT l.total_score, 1 + c.above, c.players
        FROM public.leaderboard AS l
        CROSS JOIN LATERAL rank_index.count_above_one(k.id, l.total_score) AS c
        WHERE r.closed_at IS NULL AND l.board_id = k.id AND l.user_id = v_user_id
    ) AS e
    CROSS JOIN LATERAL (SELECT CASE WHEN v_board.lowest_wins THEN -e.total_score ELSE e.total_score END AS total) AS t
    WHERE r.board_id = v_board.id AND r.split = '' AND (p_before IS NULL OR r.number < p_before)
    ORDER BY r.starts_at DESC
    LIMIT p_limit;
END
$$;

COMMENT ON FUNCTION api.player_seasons(bigint, text, integer, integer) IS
    'A player''s results over the seasons of a board, newest first.';
