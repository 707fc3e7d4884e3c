-- Purpose:  fills leaderboard.rank by RANK() from one snapshot: for season ends, exports and reports. The live rank
--           does not need it.
-- Args:     p_board  name of the board.
-- Returns:  the number of rows whose rank changed.
-- Errors:   LB010 when the board does not exist, LB030 when the transaction is not READ COMMITTED, LB032 while the
--           board is being filled from the ledger.
-- Locks:    the boards lock, shared; the users rows of the players whose rank changes, by id, until the transaction
--           ends: their submits wait. Writes: leaderboard.rank.
CREATE OR REPLACE FUNCTION api.materialize_ranks(p_board text DEFAULT 'overall') RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_board_id integer;
    v_user_ids integer[];
BEGIN
    PERFORM internal.require_read_committed();
    PERFORM internal.lock_boards_shared();
    v_board_id := (board.ranking_of(p_board)).id;
    SELECT coalesce(array_agg(r.user_id), '{}') INTO v_user_ids
    FROM (
        SELECT l.user_id, l.rank, rank() OVER (ORDER BY l.total_score DESC) AS plain
        FROM public.leaderboard AS l
        WHERE l.board_id = v_board_id
    ) AS r
    WHERE r.rank IS DISTINCT FROM r.plain;
    PERFORM internal.lock_users(v_user_ids);
    RETURN board.write_ranks(v_board_id, v_user_ids);
END
$$;

COMMENT ON FUNCTION api.materialize_ranks(text) IS
    'Fills leaderboard.rank by RANK() and returns how many rows changed.';
