-- Purpose:  fills leaderboard.rank by RANK(), as of one snapshot: for season ends, exports and reports. The live rank needs no such call.
-- Args:     p_board  name of the board.
-- Returns:  the number of rows whose rank changed.
-- Errors:   LB010 when there is no such board, LB030 when the transaction is not READ COMMITTED.
-- Locks:    the changed leaderboard rows, by user_id, until the transaction ends: submits of these players wait. Writes: leaderboard.rank.
CREATE OR REPLACE FUNCTION api.materialize_ranks(p_board text DEFAULT 'overall') RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_board_id integer := lib.board_id(p_board);
    v_changed  bigint;
BEGIN
    PERFORM lib.require_read_committed();
    WITH ranked AS MATERIALIZED (
        SELECT l.user_id, l.rank AS old_rank, rank() OVER (ORDER BY l.total_score DESC)::integer AS new_rank
        FROM public.leaderboard AS l
        WHERE l.board_id = v_board_id
    ), locked AS MATERIALIZED (
        SELECT l.user_id, r.new_rank
        FROM public.leaderboard AS l
        JOIN ranked AS r ON r.user_id = l.user_id
        WHERE l.board_id = v_board_id AND r.old_rank IS DISTINCT FROM r.new_rank
        ORDER BY l.user_id
        FOR NO KEY UPDATE OF l
    )
    UPDATE public.leaderboard AS l
    SET rank = locked.new_rank
    FROM locked
    WHERE l.user_id = locked.user_id AND l.board_id = v_board_id;
    GET DIAGNOSTICS v_changed = ROW_COUNT;
    RETURN v_changed;
END
$$;

COMMENT ON FUNCTION api.materialize_ranks(text) IS 'Fills leaderboard.rank by RANK() and returns how many rows changed.';
