-- Purpose:  adds many changes directly to the trees, instead of one delta per row. It only adds to counts, so submits
--           that run beside it and log deltas are not affected.
-- Args:     p_boards, p_totals, p_changes  same length: players more (or fewer, negative) at a total of a board.
-- Errors:   LB010 for a board that does not exist; LB030 when the transaction is not READ COMMITTED.
-- Locks:    the fold lock, for which it waits, until the transaction ends. Writes: rank_node, rank_state.
CREATE OR REPLACE FUNCTION rank_index.add_in_bulk(p_boards integer[], p_totals bigint[], p_changes integer[])
RETURNS void
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

COMMENT ON FUNCTION rank_index.add_in_bulk(integer[], bigint[], integer[]) IS
    'Adds many changes of totals directly to the rank trees.';
