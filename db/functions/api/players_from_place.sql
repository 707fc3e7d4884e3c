-- Purpose:  the players from a place on, in the order of api.top_players, without reading those before: the page around
--           any place, and the last one.
-- Args:     p_place  from 1, or NULL for the last p_limit players; p_limit  1 to 1000
--           p_board  a board, or a season or split of one such as 'daily@previous' or 'daily/DE'.
-- Returns:  the rows in order, as api.top_players; none beyond the last player. Places count rows, ranks are RANK():
--           the first row may share its rank with players before it.
-- Errors:   LB001 for a place or limit out of range, LB010 when the board does not exist, LB014 when the season does
--           not, LB018 when the split does not, LB032 while it is being filled from the ledger.
-- Locks:    none. STABLE: one snapshot for all rows. Cost: as that of some ranks, wherever the place is; only the
--           players of the same total before it are walked.
CREATE OR REPLACE FUNCTION api.players_from_place(
    p_place bigint DEFAULT 1, p_limit integer DEFAULT 10, p_board text DEFAULT 'overall'
)
RETURNS TABLE (rank bigint, user_id integer, username text, total_score bigint, display text, tie bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
    v_ranking record := board.ranking_of(p_board);
    v_place   bigint := p_place;
    v_at      record;
    v_row     record;
BEGIN
    IF p_limit IS NULL OR p_limit NOT BETWEEN 1 AND 1000 THEN
        RAISE EXCEPTION 'limit must be 1 to 1000, not %', coalesce(p_limit::text, 'NULL') USING ERRCODE = 'LB001';
    END IF;
    IF p_place < 1 THEN
        RAISE EXCEPTION 'places count from 1, so there is none %', p_place USING ERRCODE = 'LB001';
    END IF;
    IF p_place IS NULL THEN
        v_place := greatest(board.players(v_ranking.id, v_ranking.closed, v_ranking.players) - p_limit + 1, 1);
    END IF;
    IF v_ranking.closed THEN
        RETURN QUERY
        SELECT p.rank, p.user_id, p.username, v_ranking.sign * p.total_score, CASE WHEN v_ranking.displays
            THEN internal.display_score(v_ranking.sign * p.total_score, v_ranking.unit, v_ranking.decimals) END, p.tie
        FROM board.archived_rows(v_ranking.id, v_place, p_limit) AS p;
        RETURN;
    END IF;
    v_at := rank_index.total_at(v_ranking.id, v_place);
    IF v_at.total IS NULL THEN
        RETURN;
    ELSIF v_ranking.earliest THEN
        SELECT l.user_id, l.tie INTO v_row
        FROM public.leaderboard AS l
        WHERE l.board_id = v_ranking.id AND l.total_score = v_at.total AND l.tie IS NOT NULL
        ORDER BY l.tie, l.user_id
        OFFSET v_place - v_at.above - 1 LIMIT 1;
    ELSE
        SELECT l.user_id, NULL::bigint AS tie INTO v_row
        FROM public.leaderboard AS l
        WHERE l.board_id = v_ranking.id AND l.total_score = v_at.total
        ORDER BY l.user_id
        OFFSET v_place - v_at.above - 1 LIMIT 1;
    END IF;
    -- The rank of the first total is known; below it, ranks follow from positions.
    RETURN QUERY
    SELECT CASE p.total_score WHEN v_at.total THEN v_at.above + 1
               ELSE v_place - 1 + rank() OVER (ORDER BY p.total_score DESC) END,
           p.user_id, p.username, v_ranking.sign * p.total_score, CASE WHEN v_ranking.displays
               THEN internal.display_score(v_ranking.sign * p.total_score, v_ranking.unit, v_ranking.decimals) END,
           CASE WHEN v_ranking.earliest THEN p.tie END AS tie
    FROM rank_index.player_totals(v_ranking.id, v_row.user_id || rank_index.players_near(
        v_ranking.id, v_ranking.earliest, 0, p_limit - 1, v_at.total, v_row.tie, v_row.user_id
    )) AS p
    ORDER BY p.total_score DESC, 6, p.user_id;
END
$$;

COMMENT ON FUNCTION api.players_from_place(bigint, integer, text) IS
    'The players from a place on, or the last ones, with RANK().';
