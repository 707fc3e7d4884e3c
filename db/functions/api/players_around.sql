-- Purpose:  a player and the neighbours in the order of api.top_players.
-- Args:     p_user_id; p_span  neighbours above and below, 0 to 100
--           p_board  a board, or a season or split of one such as 'daily@previous' or 'daily/DE'.
-- Returns:  up to 2 * p_span + 1 rows in order, as api.top_players. hidden: true for a banned player, whose row is
--           where they would be, and whom the ranks of the others do not count. Otherwise NULL.
-- Errors:   LB001 for a span out of range, LB011 when the player is not on the board, LB010 when the board does not
--           exist, LB014 when the season does not, LB018 when the split does not, LB032 while it is being filled from
--           the ledger.
-- Locks:    none. STABLE: one snapshot for all rows.
CREATE OR REPLACE FUNCTION api.players_around(
    p_user_id bigint, p_span integer DEFAULT 5, p_board text DEFAULT 'overall'
)
RETURNS TABLE (
    rank bigint, user_id integer, username text, total_score bigint, display text, tie bigint, hidden boolean
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
    v_ranking record := board.ranking_of(p_board);
    v_user_id integer := CASE WHEN p_user_id BETWEEN 1 AND 2147483647 THEN p_user_id END;
    v_place   bigint;
    v_player  record;
BEGIN
    IF p_span IS NULL OR p_span NOT BETWEEN 0 AND 100 THEN
        RAISE EXCEPTION 'span must be 0 to 100, not %', coalesce(p_span::text, 'NULL') USING ERRCODE = 'LB001';
    END IF;
    IF v_ranking.closed THEN
        SELECT p.place INTO v_place FROM archive.place_of(v_ranking.id, v_user_id) AS p;
        IF FOUND THEN
            RETURN QUERY
            SELECT p.rank, p.user_id, p.username, v_ranking.sign * p.total_score, CASE WHEN v_ranking.displays
                THEN internal.display_score(v_ranking.sign * p.total_score, v_ranking.unit, v_ranking.decimals) END,
                p.tie, NULL::boolean
            FROM board.archived_rows(v_ranking.id, greatest(v_place - p_span, 1),
                (p_span + least(v_place, p_span + 1))::integer) AS p;
            RETURN;
        END IF;
    ELSE
        SELECT t.total_score, t.tie INTO v_player
        FROM rank_index.player_totals(v_ranking.id, ARRAY[v_user_id]) AS t;
        IF FOUND THEN
            RETURN QUERY
            SELECT p.rank, p.user_id, p.username, v_ranking.sign * p.total_score, CASE WHEN v_ranking.displays
                THEN internal.display_score(v_ranking.sign * p.total_score, v_ranking.unit, v_ranking.decimals) END,
                p.tie, NULL::boolean
            FROM rank_index.ranked_rows(v_ranking.id, v_ranking.earliest, v_user_id || rank_index.players_near(
                v_ranking.id, v_ranking.earliest, p_span, p_span, v_player.total_score, v_player.tie, v_user_id
            )) AS p;
            RETURN;
        END IF;
    END IF;
    RETURN QUERY
    SELECT p.rank, p.user_id, p.username, v_ranking.sign * p.total_score, CASE WHEN v_ranking.displays
        THEN internal.display_score(v_ranking.sign * p.total_score, v_ranking.unit, v_ranking.decimals) END,
        p.tie, p.hidden
    FROM moderation.hidden_around(v_ranking.id, v_ranking.closed, v_ranking.earliest, v_user_id, p_span) AS p;
    IF FOUND THEN
        RETURN;
    END IF;
    RAISE EXCEPTION 'player % is not on board %', coalesce(p_user_id::text, 'NULL'), p_board USING ERRCODE = 'LB011';
END
$$;

COMMENT ON FUNCTION api.players_around(bigint, integer, text) IS
    'A player and the neighbours above and below, with RANK().';
