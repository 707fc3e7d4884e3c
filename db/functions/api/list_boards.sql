-- Purpose:  lists the boards.
-- Args:     p_board  only this board; NULL: all.
-- Returns:  one row per board, in the order of their creation, with its options as in api.create_board: game_mode NULL
--           means any, period NULL none. players: of the board, or of its current season; so far, while it is being
--           filled from the ledger. season, season_starts_at: the current season (board.season_of), NULL on boards
--           without seasons. next_reset_at: when the season after it begins, NULL if there is none or it is not known.
--           Then its score rules (api.set_score_rules), NULL: no limit.
-- Locks:    none. STABLE.
CREATE OR REPLACE FUNCTION api.list_boards(p_board text DEFAULT NULL)
RETURNS TABLE (
    board text, game_mode text, aggregate text, min_score bigint, max_score bigint, players bigint,
    lowest_wins boolean, unit text, decimals integer, ties text, opens_at timestamptz, closes_at timestamptz,
    period text, anchor timestamp, time_zone text, grace text, manual_seasons boolean, keep_seasons integer,
    season integer, season_starts_at timestamptz, next_reset_at timestamptz, split_by text,
    max_submissions_per_minute integer, max_gain_per_hour bigint, require_ticket boolean, min_play_seconds integer,
    max_play_seconds integer, max_score_per_second bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
SET intervalstyle = postgres
AS $$
BEGIN
    RETURN QUERY
    SELECT b.name, b.game_mode, b.aggregate, b.min_score, b.max_score,
           board.players(r.id, r.closed_at IS NOT NULL, r.players),
           b.lowest_wins, b.unit, b.decimals::integer, b.ties, b.opens_at, b.closes_at,
           CASE b.period::text WHEN '1 day' THEN 'daily' WHEN '7 days' THEN 'weekly' WHEN '1 mon' THEN 'monthly'
               ELSE b.period::text END,
           b.anchor, b.time_zone, b.grace::text, b.manual_seasons, b.keep_seasons,
           s.number, s.starts_at, s.next_reset_at, b.split_by, b.max_submissions_per_minute, b.max_gain_per_hour,
           b.require_ticket, b.min_play_seconds, b.max_play_seconds, b.max_score_per_second
    FROM public.boards AS b
    CROSS JOIN LATERAL board.season_of(b, NULL) AS r
    LEFT JOIN LATERAL (
        SELECT r.number, r.starts_at,
               CASE WHEN r.ends_at < coalesce(b.closes_at, 'infinity') THEN r.ends_at END AS next_reset_at
        WHERE b.period IS NOT NULL OR b.manual_seasons
    ) AS s ON true
    WHERE p_board IS NULL OR b.name = p_board
    ORDER BY b.id;
END
$$;

COMMENT ON FUNCTION api.list_boards(text) IS 'The boards, their options, how many players they have and their seasons.';
