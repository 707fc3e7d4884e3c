-- Purpose:  lists the seasons of a board, the newest first.
-- Args:     p_board  name of the board, or a split of it such as 'daily/DE': then players and winners are those of the
--                    split
--           p_limit  1 to 1000; p_before  only seasons with a lower number, for the next page.
-- Returns:  one row per season that has begun, none on a board without seasons. Seasons without players may be missing,
--           except the current one. state: 'running', then 'closing' until its final ranks are archived, then 'closed'.
--           players and winner: so far, if it is not closed; NULL while they are being computed from the ledger. The
--           winner is the first player in the order of api.top_players; winner_user_id is 0 and winner_username
--           'deleted' for one who was deleted since. winner_display as display of api.top_players.
-- Errors:   LB001 when the limit is out of range, LB010 when the board does not exist, LB018 when the split does not.
-- Locks:    none. STABLE: one snapshot for all rows.
CREATE OR REPLACE FUNCTION api.list_seasons(p_board text, p_limit integer DEFAULT 100, p_before integer DEFAULT NULL)
RETURNS TABLE (
    season integer, state text, starts_at timestamptz, ends_at timestamptz, closed_at timestamptz, players bigint,
    winner_user_id integer, winner_username text, winner_total bigint, winner_display text
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
    v_board public.boards;
    v_name  CONSTANT text := split_part(p_board, '/', 1);
    v_split CONSTANT text := substr(p_board, char_length(v_name) + 2);
    v_now   timestamptz := statement_timestamp();
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
    RETURN QUERY
    SELECT r.number,
           CASE WHEN r.closed_at IS NOT NULL THEN 'closed' WHEN r.ends_at > v_now THEN 'running' ELSE 'closing' END,
           r.starts_at, r.ends_at, r.closed_at, CASE WHEN r.closed_at IS NULL THEN c.players ELSE r.players END,
           w.user_id, CASE WHEN w.user_id IS NOT NULL THEN coalesce(u.username, 'deleted') END, t.total,
           internal.display_score(t.total, v_board.unit, v_board.decimals)
    FROM (
        (SELECT k.id, s.number, s.starts_at, s.ends_at, s.closed_at,
                CASE WHEN s.closed_at IS NOT NULL THEN coalesce(k.players, 0) END AS players,
                coalesce(s.filled_to, CASE WHEN v_split <> '' THEN s.splits_to END) AS filled_to
         FROM public.rankings AS s
         LEFT JOIN LATERAL (
             SELECT t.id, t.players
             FROM public.rankings AS t
             WHERE t.board_id = s.board_id AND t.split = v_split AND t.starts_at = s.starts_at
             OFFSET 0
         ) AS k ON true
         WHERE s.board_id = v_board.id AND s.split = '' AND s.starts_at <= v_now
            AND (p_before IS NULL OR s.number < p_before)
         ORDER BY s.starts_at DESC
         LIMIT p_limit)
        UNION ALL
        -- The current one, while it has no row.
        SELECT NULL, a.number, a.starts_at, a.ends_at, NULL, NULL, NULL
        FROM board.season_at(v_board, v_now) AS a
        WHERE (p_before IS NULL OR a.number < p_before) AND NOT EXISTS (
            SELECT FROM public.rankings AS s
            WHERE s.board_id = v_board.id AND s.split = '' AND s.starts_at = a.starts_at
        )
        ORDER BY 3 DESC
        LIMIT p_limit
    ) AS r
    LEFT JOIN LATERAL (
        SELECT coalesce(sum(n.players), 0)::bigint AS players
        FROM rank_index.count_above_one(r.id, 0) AS n
        WHERE r.closed_at IS NULL
    ) AS c ON r.filled_to IS NULL
    LEFT JOIN LATERAL (
        SELECT p.user_ids[1] AS user_id, p.first_total AS total
        FROM public.season_places AS p
        WHERE r.closed_at IS NOT NULL AND p.ranking_id = r.id AND p.first_place = 1
        UNION ALL
        (SELECT l.user_id, l.total_score
         FROM public.leaderboard AS l
         WHERE r.closed_at IS NULL AND v_board.ties = 'shared' AND l.board_id = r.id
         ORDER BY l.total_score DESC, l.user_id
         LIMIT 1)
        UNION ALL
        (SELECT l.user_id, l.total_score
         FROM public.leaderboard AS l
         WHERE r.closed_at IS NULL AND v_board.ties = 'earliest' AND l.board_id = r.id AND l.tie IS NOT NULL
         ORDER BY l.total_score DESC, l.tie, l.user_id
         LIMIT 1)
    ) AS w ON r.filled_to IS NULL
    CROSS JOIN LATERAL (SELECT CASE WHEN v_board.lowest_wins THEN -w.total ELSE w.total END AS total) AS t
    LEFT JOIN LATERAL (SELECT n.username FROM public.users AS n WHERE n.id = w.user_id OFFSET 0) AS u ON true
    ORDER BY r.starts_at DESC;
END
$$;

COMMENT ON FUNCTION api.list_seasons(text, integer, integer) IS
    'The seasons of a board with their winners, newest first.';
