-- Purpose:  the best players of a board by the scores of a window of time alone.
-- Args:     p_from, p_to  scores played from p_from up to before p_to count. NULL: without beginning, up to now
--           p_limit  1 to 1000
--           p_board  a board, whose seasons do not matter here; a season of one such as 'daily@previous', of which the
--                    window is a part; or a split of these such as 'daily/DE'.
-- Returns:  the rows as api.top_players orders them, with RANK() and display. A score counts as the ledger and the
--           options of the board have it today: void sessions, banned players and moves from split to split apply to
--           the past, too. Deadlines of seasons apply only if p_board names a season.
-- Errors:   LB001 for a limit out of range or a window that does not begin before it ends, LB010 when the board does
--           not exist, LB014 when the season does not, LB018 when the split does not.
-- Locks:    none. STABLE. Reads the sessions of the window: a day of 14,000 in some 20 ms. docs/history.md
CREATE OR REPLACE FUNCTION api.top_between(
    p_from timestamptz, p_to timestamptz DEFAULT NULL, p_limit integer DEFAULT 10, p_board text DEFAULT 'overall'
)
RETURNS TABLE (rank bigint, user_id integer, username text, total_score bigint, display text)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off
AS $$
DECLARE
    v_from   timestamptz := coalesce(p_from, '-infinity');
    v_to     timestamptz := coalesce(p_to, clock_timestamp());
    v_name   text := split_part(p_board, '/', 1);
    v_season text := substring(v_name FROM '@(.*)');
    v_board  public.boards;
    v_window public.rankings;
BEGIN
    IF p_limit IS NULL OR p_limit NOT BETWEEN 1 AND 1000 THEN
        RAISE EXCEPTION 'limit must be 1 to 1000, not %', coalesce(p_limit::text, 'NULL') USING ERRCODE = 'LB001';
    END IF;
    IF v_from >= v_to THEN
        RAISE EXCEPTION 'from must be before to: % is not before %', internal.utc(v_from), internal.utc(v_to)
            USING ERRCODE = 'LB001';
    END IF;
    SELECT b.* INTO v_board FROM public.boards AS b WHERE b.name = split_part(v_name, '@', 1);
    IF NOT FOUND THEN
        PERFORM board.board_id(p_board);
    END IF;
    IF v_season IS NULL THEN
        v_window.starts_at := coalesce(v_board.opens_at, '-infinity');
        v_window.ends_at := coalesce(v_board.closes_at, 'infinity');
        v_window.deadline := CASE WHEN v_board.period IS NULL AND NOT v_board.manual_seasons
            THEN v_window.ends_at + v_board.grace ELSE 'infinity' END;
    ELSE
        v_window := board.season_of(v_board, v_season);
    END IF;
    v_window.split := '';
    IF v_name <> p_board THEN
        v_window.split := substr(p_board, char_length(v_name) + 2);
        v_window.split_by := coalesce(
            (board.split_ranking(v_board, v_window, v_window.split)).split_by, v_board.split_by
        );
    END IF;
    v_window.starts_at := greatest(v_window.starts_at, v_from);
    v_window.ends_at := least(v_window.ends_at, v_to);
    RETURN QUERY
    SELECT rank() OVER (ORDER BY t.total_score DESC), t.user_id, u.username, t.shown,
           CASE WHEN v_board.decimals > 0 OR v_board.unit IN ('ms', 's')
               THEN internal.display_score(t.shown, v_board.unit, v_board.decimals) END
    FROM (
        SELECT b.user_id, b.total_score, b.tie,
               CASE WHEN v_board.lowest_wins THEN -b.total_score ELSE b.total_score END AS shown
        FROM past.totals_between(v_board, v_window) AS b
        ORDER BY b.total_score DESC, b.tie, b.user_id
        LIMIT p_limit
    ) AS t
    CROSS JOIN LATERAL (SELECT n.username FROM public.users AS n WHERE n.id = t.user_id OFFSET 0) AS u
    ORDER BY t.total_score DESC, t.tie, t.user_id;
END
$$;

COMMENT ON FUNCTION api.top_between(timestamptz, timestamptz, integer, text) IS
    'The best players of a board by the scores of a window of time alone.';
