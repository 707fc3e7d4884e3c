-- Purpose:  the best players of a board, or the page after a place in its order: total_score, best first, then tie on
--           boards with ties = earliest, then user_id.
-- Args:     p_limit  1 to 1000
--           p_after_total, p_after_user_id, p_after_tie  total_score, user_id and tie of the last row of the previous
--                    page; all NULL for the first page
--           p_board  a board, or a season or split of one such as 'daily@previous' or 'daily/DE'.
-- Returns:  the rows in order; equal totals share a rank and the next rank skips (RANK()). display: the total as
--           players read it (api.display_score), NULL for plain integers. tie: for the next page, NULL where it needs
--           none.
-- Errors:   LB001 for a limit out of range or half a place, LB010 when the board does not exist, LB014 when the season
--           does not, LB032 while it is being filled from the ledger.
-- Locks:    none. STABLE: one snapshot for all rows.
CREATE OR REPLACE FUNCTION api.top_players(
    p_limit integer DEFAULT 10, p_after_total bigint DEFAULT NULL, p_after_user_id integer DEFAULT NULL,
    p_board text DEFAULT 'overall', p_after_tie bigint DEFAULT NULL
)
RETURNS TABLE (rank bigint, user_id integer, username text, total_score bigint, display text, tie bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
    v_ranking record := board.ranking_of(p_board);
    v_after   bigint := CASE WHEN p_after_total IS NOT NULL
        THEN v_ranking.sign * greatest(p_after_total, -9223372036854775807) END;
    v_place   bigint := 1;
BEGIN
    IF p_limit IS NULL OR p_limit NOT BETWEEN 1 AND 1000 THEN
        RAISE EXCEPTION 'limit must be 1 to 1000, not %', coalesce(p_limit::text, 'NULL') USING ERRCODE = 'LB001';
    END IF;
    IF (p_after_total IS NULL) <> (p_after_user_id IS NULL) THEN
        RAISE EXCEPTION 'a place in the order is a total and a user id: give both or neither' USING ERRCODE = 'LB001';
    END IF;
    IF NOT v_ranking.closed AND (p_after_tie IS NOT NULL) <> (v_ranking.earliest AND p_after_total IS NOT NULL) THEN
        RAISE EXCEPTION 'on board % a place in the order is a total%', v_ranking.board, CASE
            WHEN v_ranking.earliest THEN ', a tie and a user id: give all or none'
            ELSE ' and a user id, without a tie' END
            USING ERRCODE = 'LB001';
    END IF;
    IF v_ranking.closed THEN
        IF p_after_total IS NOT NULL THEN
            -- The tie of an archived row is its place. Otherwise the last page was read before the season closed.
            SELECT p.place + 1 INTO v_place
            FROM archive.page(v_ranking.id, least(p_after_tie, 2147483648), 1) AS p
            WHERE p.user_id = p_after_user_id AND p.total_score = v_after;
            v_place := coalesce(
                v_place, archive.place_after(v_ranking.id, v_after, p_after_tie, p_after_user_id)
            );
        END IF;
        RETURN QUERY
        SELECT p.rank, p.user_id, p.username, v_ranking.sign * p.total_score, CASE WHEN v_ranking.displays
            THEN internal.display_score(v_ranking.sign * p.total_score, v_ranking.unit, v_ranking.decimals) END, p.tie
        FROM board.archived_rows(v_ranking.id, v_place, p_limit) AS p;
    ELSIF p_after_total IS NULL AND NOT v_ranking.earliest THEN
        -- On the first page ranks follow from positions, without the rank index.
        RETURN QUERY
        SELECT rank() OVER (ORDER BY r.total_score DESC), r.user_id, u.username, v_ranking.sign * r.total_score,
               CASE WHEN v_ranking.displays
                   THEN internal.display_score(v_ranking.sign * r.total_score, v_ranking.unit, v_ranking.decimals) END,
               NULL::bigint
        FROM rank_index.rows_below(v_ranking.id, p_limit, NULL, NULL) AS r
        CROSS JOIN LATERAL (
            SELECT n.username FROM public.users AS n WHERE n.id = r.user_id OFFSET 0  -- see rank_index.player_totals
        ) AS u
        ORDER BY r.total_score DESC, r.user_id;
    ELSE
        RETURN QUERY
        SELECT p.rank, p.user_id, p.username, v_ranking.sign * p.total_score, CASE WHEN v_ranking.displays
            THEN internal.display_score(v_ranking.sign * p.total_score, v_ranking.unit, v_ranking.decimals) END, p.tie
        FROM rank_index.ranked_rows(v_ranking.id, v_ranking.earliest, rank_index.players_near(
            v_ranking.id, v_ranking.earliest, 0, p_limit, v_after, p_after_tie, p_after_user_id
        )) AS p;
    END IF;
END
$$;

COMMENT ON FUNCTION api.top_players(integer, bigint, integer, text, bigint) IS
    'The best players of a board or season, or the page after a place, with RANK().';
