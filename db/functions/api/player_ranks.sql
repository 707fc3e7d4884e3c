-- Purpose:  the ranks of several players: on the board, and among each other (for lists of friends).
-- Args:     p_user_ids  at most 1000; duplicates count once
--           p_board  a board, or a season or split of one such as 'daily@previous' or 'daily/DE'.
-- Returns:  one row per player who is on the board, best first, then by user_id; display and season as in
--           api.player_rank. hidden: true for a banned player, whose row says where they would be, as there; the
--           ranks of the others, also among each other, do not count them. Otherwise NULL.
-- Errors:   LB001 for NULL or more than 1000 ids, LB010 when the board does not exist, LB014 when the season does not,
--           LB018 when the split does not, LB032 while it is being filled from the ledger.
-- Locks:    none. STABLE: one snapshot for all rows.
CREATE OR REPLACE FUNCTION api.player_ranks(p_user_ids bigint[], p_board text DEFAULT 'overall')
RETURNS TABLE (
    user_id integer, username text, total_score bigint, rank bigint, rank_among bigint,
    players bigint, percentile double precision, display text, season integer,
    hidden boolean
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
    v_ranking  record := board.ranking_of(p_board);
    v_user_ids integer[];
BEGIN
    IF p_user_ids IS NULL OR cardinality(p_user_ids) > 1000 THEN
        RAISE EXCEPTION 'give 0 to 1000 user ids, not %', coalesce(cardinality(p_user_ids)::text, 'NULL')
            USING ERRCODE = 'LB001';
    END IF;
    v_user_ids := ARRAY(
        SELECT DISTINCT i.id::integer FROM unnest(p_user_ids) AS i(id) WHERE i.id BETWEEN 1 AND 2147483647
    );
    IF EXISTS (SELECT FROM public.users AS u WHERE u.id = ANY (v_user_ids) AND u.ban_id IS NOT NULL) THEN
        RETURN QUERY
        SELECT r.user_id, r.username, v_ranking.sign * r.total_score, r.rank, r.rank_among, r.players,
               internal.percentile(r.rank, r.players), CASE WHEN v_ranking.displays THEN internal.display_score(
                   v_ranking.sign * r.total_score, v_ranking.unit, v_ranking.decimals) END, v_ranking.season, r.hidden
        FROM moderation.ranks_among(v_ranking.id, v_ranking.closed, v_ranking.players, v_user_ids) AS r
        ORDER BY r.total_score DESC, r.user_id;
        RETURN;
    END IF;
    RETURN QUERY
    SELECT r.user_id, r.username, v_ranking.sign * r.total_score, r.rank, rank() OVER (ORDER BY r.total_score DESC),
           r.players, internal.percentile(r.rank, r.players), CASE WHEN v_ranking.displays THEN internal.display_score(
               v_ranking.sign * r.total_score, v_ranking.unit, v_ranking.decimals) END, v_ranking.season, NULL::boolean
    FROM board.ranks(v_ranking.id, v_ranking.closed, v_ranking.players, v_user_ids) AS r
    ORDER BY r.total_score DESC, r.user_id;
END
$$;

COMMENT ON FUNCTION api.player_ranks(bigint[], text) IS
    'The ranks of several players, on the board and among each other.';
