-- Purpose:  makes everything anew from the ledger: totals, leaderboard.rank, and the rank index. Safe beside running submits:
--           none is lost or counted twice, and ranks are exact at every moment. Submits of players whose rows it corrects wait for it.
-- Args:     p_board  name of the board; NULL for all.
-- Returns:  a row a board: its name, players on it, totals that were corrected.
-- Errors:   LB010 when there is no such board, LB030 when the transaction is not READ COMMITTED.
-- Locks:    the boards lock, shared; users rows of players with a wrong total; leaderboard rows with a new rank; then the fold lock.
-- Writes:   leaderboard, rank_node, rank_delta, rank_state.
CREATE OR REPLACE FUNCTION api.rebuild_leaderboard(p_board text DEFAULT NULL)
RETURNS TABLE (board text, players bigint, corrected bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_ids       integer[];
    v_corrected bigint[];
BEGIN
    PERFORM lib.require_read_committed();
    PERFORM pg_advisory_xact_lock_shared(7201, 1);  -- the boards lock
    IF p_board IS NOT NULL THEN
        PERFORM lib.board_id(p_board);
    END IF;
    SELECT array_agg(b.id ORDER BY b.id) INTO v_ids FROM public.boards AS b WHERE p_board IS NULL OR b.name = p_board;

    SELECT array_agg(c.board_id), array_agg(c.corrected) INTO v_ids, v_corrected FROM lib.correct_totals(v_ids) AS c;
    PERFORM api.materialize_ranks(b.name) FROM public.boards AS b WHERE b.id = ANY (v_ids);
    PERFORM lib.rebuild_rank_index(i.id) FROM unnest(v_ids) AS i(id);

    RETURN QUERY
    SELECT b.name, c.players, i.corrected
    FROM unnest(v_ids, v_corrected) AS i(id, corrected)
    JOIN public.boards AS b ON b.id = i.id
    CROSS JOIN LATERAL shard.count_above(b.id, ARRAY[0::bigint]) AS c
    ORDER BY b.id;
END
$$;

COMMENT ON FUNCTION api.rebuild_leaderboard(text) IS 'Makes totals, materialised ranks and the rank index anew from the ledger, beside running submits.';
