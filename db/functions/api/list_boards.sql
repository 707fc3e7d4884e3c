-- Purpose:  lists the boards.
-- Returns:  one row per board, in the order of their creation; game_mode NULL means any. players: so far, while the
--           board is being filled from the ledger.
-- Locks:    none. STABLE.
CREATE OR REPLACE FUNCTION api.list_boards()
RETURNS TABLE (board text, game_mode text, aggregate text, min_score bigint, max_score bigint, players bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
BEGIN
    RETURN QUERY
    SELECT b.name, b.game_mode, b.aggregate, b.min_score, b.max_score, c.players
    FROM public.boards AS b
    JOIN public.rankings AS r ON r.board_id = b.id AND r.split = '' AND r.starts_at <= now() AND r.ends_at > now()
    CROSS JOIN LATERAL rank_index.count_above_one(r.id, 0) AS c
    ORDER BY b.id;
END
$$;

COMMENT ON FUNCTION api.list_boards() IS 'The boards, what they count and how many players they have.';
