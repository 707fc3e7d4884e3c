-- Purpose:  fills leaderboard.rank by RANK() from one snapshot: for exports and reports. The live rank does not need
--           it, and closed seasons have their final ranks in the archive.
-- Args:     p_board  name of the board. Of one with seasons, those that are not closed yet. Splits are filled, too;
--           nothing else fills leaderboard.rank of these.
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
    v_ids      integer[];
    v_filling  boolean;
    v_user_ids integer[];
BEGIN
    PERFORM internal.require_read_committed();
    PERFORM internal.lock_boards_shared();
    PERFORM board.board_id(p_board);
    -- With a transaction id, before it looks: a season that closes from here on waits for this transaction.
    PERFORM pg_current_xact_id();
    SELECT array_agg(r.id ORDER BY r.id), bool_or(r.filled_to IS NOT NULL) INTO v_ids, v_filling
    FROM board.live_rankings(p_board) AS r;
    IF v_filling THEN
        RAISE EXCEPTION 'board % is being filled from the ledger; retry later', p_board
            USING ERRCODE = 'LB032',
                HINT = 'A running service fills it, or: SELECT api.fill_boards(), until it is false';
    END IF;
    v_ids := v_ids || ARRAY(SELECT s.id FROM board.live_splits(p_board) AS s ORDER BY s.id);
    SELECT coalesce(array_agg(DISTINCT r.user_id), '{}') INTO v_user_ids
    FROM (
        SELECT l.user_id, l.rank, rank() OVER (PARTITION BY l.board_id ORDER BY l.total_score DESC) AS plain
        FROM public.leaderboard AS l
        WHERE l.board_id = ANY (v_ids)
    ) AS r
    WHERE r.rank IS DISTINCT FROM r.plain;
    PERFORM internal.lock_users(v_user_ids);
    RETURN (SELECT coalesce(sum(board.write_ranks(i.id, v_user_ids)), 0) FROM unnest(v_ids) AS i(id));
END
$$;

COMMENT ON FUNCTION api.materialize_ranks(text) IS
    'Fills leaderboard.rank by RANK() and returns how many rows changed.';
