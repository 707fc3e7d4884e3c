-- Purpose:  moves many changes straight into the trees, instead of a delta a row.
--           It is one more addition to each count, so submits that run beside it and log deltas need not be considered.
-- Args:     p_boards, p_totals, p_changes  same length: players more (or less, negative) at a total of a board.
-- Errors:   LB010 for a board that does not exist; LB030 when the transaction is not READ COMMITTED.
-- Locks:    the fold lock, waited for and kept until the transaction ends. Writes: rank_node, rank_state.
CREATE OR REPLACE FUNCTION rank_index.add_in_bulk(p_boards integer[], p_totals bigint[], p_changes integer[]) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_board record;
BEGIN
    PERFORM internal.require_read_committed();
    PERFORM internal.lock_fold();
    FOR v_board IN
        SELECT c.board_id, array_agg(c.total) AS totals, array_agg(c.change) AS changes
        FROM unnest(p_boards, p_totals, p_changes) AS c(board_id, total, change)
        GROUP BY c.board_id
    LOOP
        UPDATE public.rank_state AS s SET version = s.version + 1 WHERE s.board_id = v_board.board_id;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a leaderboard row names a board that does not exist' USING ERRCODE = 'LB010';
        END IF;
        PERFORM rank_index.add_to_tree(v_board.board_id, v_board.totals, v_board.changes);
    END LOOP;
END
$$;

COMMENT ON FUNCTION rank_index.add_in_bulk(integer[], bigint[], integer[]) IS 'Moves many changes of totals straight into the rank trees.';
