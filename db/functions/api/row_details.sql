-- Purpose:  what lists of players can show beside names and totals: SELECT t.*, d.metadata FROM api.top_players() AS t
--           LEFT JOIN api.row_details('overall', ARRAY(SELECT ...), p_metadata => true) AS d USING (user_id).
-- Args:     p_board     a board, or a season or split of one such as 'daily@previous' or 'daily/DE'
--           p_user_ids  at most 1000; duplicates count once
--           p_attributes, p_metadata, p_players  what is asked for; the others are NULL.
-- Returns:  one row per player who exists, in the order of their ids: attributes, NULL if the player has none;
--           metadata, that of the session that made the player's total, NULL if it has none, and always on boards that
--           add up scores or count them and in closed seasons; player, the first external id that was linked, or NULL.
-- Errors:   LB001 for NULL or more than 1000 ids, LB010 when the board does not exist, LB014 when the season does not,
--           LB018 when the split does not, LB032 while it is being filled from the ledger.
-- Locks:    none. STABLE: one snapshot for all rows.
CREATE OR REPLACE FUNCTION api.row_details(
    p_board text, p_user_ids integer[], p_attributes boolean DEFAULT false, p_metadata boolean DEFAULT false,
    p_players boolean DEFAULT false
)
RETURNS TABLE (user_id integer, attributes jsonb, metadata jsonb, player text)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
    v_ranking record;
    v_board   public.boards;
    v_all     public.rankings;  -- of all players, if p_board is a split
BEGIN
    IF p_user_ids IS NULL OR cardinality(p_user_ids) > 1000 THEN
        RAISE EXCEPTION 'give 0 to 1000 user ids, not %', coalesce(cardinality(p_user_ids)::text, 'NULL')
            USING ERRCODE = 'LB001';
    END IF;
    v_ranking := board.ranking_of(p_board);
    IF p_metadata AND NOT v_ranking.closed THEN
        SELECT b.* INTO v_board
        FROM public.boards AS b
        WHERE b.name = v_ranking.board AND b.aggregate NOT IN ('sum', 'count');
        SELECT a.* INTO v_all
        FROM public.rankings AS r
        CROSS JOIN LATERAL board.ranking_of_all(r) AS a
        WHERE r.id = v_ranking.id;
    END IF;
    RETURN QUERY
    SELECT u.id, CASE WHEN p_attributes THEN u.attributes END, m.metadata, CASE WHEN p_players THEN (
        SELECT i.external_id
        FROM public.player_ids AS i
        WHERE i.user_id = u.id
        ORDER BY i.user_id, i.linked_at, i.external_id
        LIMIT 1
    ) END
    FROM (SELECT DISTINCT d.id FROM unnest(p_user_ids) AS d(id)) AS i
    JOIN public.users AS u ON u.id = i.id
    LEFT JOIN LATERAL (
        SELECT d.metadata
        FROM public.leaderboard AS l
        CROSS JOIN LATERAL ledger.metadata_of_total(v_board, v_all, l.user_id, l.total_score, l.tie) AS d
        WHERE v_board.id IS NOT NULL AND l.user_id = u.id AND l.board_id = v_ranking.id
        OFFSET 0
    ) AS m ON true
    ORDER BY u.id;
END
$$;

COMMENT ON FUNCTION api.row_details(text, integer[], boolean, boolean, boolean) IS
    'Attributes, metadata and external ids of players on a board, for lists.';
