-- Purpose:  makes the totals of boards what the ledger says, beside running submits.
--           Players whose total differs in a snapshot are locked, all at once and by id as a submit locks them, then their totals are
--           taken from the ledger again. Whoever was right stays so: a submit changes ledger and total in one transaction.
-- Args:     p_board_ids.
-- Returns:  a row a board: players corrected.
-- Errors:   LB030 when the transaction is not READ COMMITTED.
-- Locks:    the differing players' users rows. Writes: leaderboard.
CREATE OR REPLACE FUNCTION lib.correct_totals(p_board_ids integer[])
RETURNS TABLE (board_id integer, corrected bigint)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_boards   integer[];
    v_user_ids integer[];
    v_of_board integer[];
    v_removed  bigint;
    v_written  bigint;
BEGIN
    PERFORM lib.require_read_committed();
    SELECT array_agg(b.id), array_agg(d.user_id) INTO v_boards, v_user_ids
    FROM unnest(p_board_ids) AS b(id)
    CROSS JOIN LATERAL lib.total_differences(b.id) AS d;

    PERFORM FROM (
        SELECT u.id FROM public.users AS u WHERE u.id = ANY (v_user_ids) ORDER BY u.id FOR NO KEY UPDATE
    ) AS locked;

    FOREACH board_id IN ARRAY p_board_ids LOOP
        SELECT array_agg(w.user_id) INTO v_of_board
        FROM unnest(v_boards, v_user_ids) AS w(board_id, user_id)
        WHERE w.board_id = correct_totals.board_id;
        corrected := 0;
        IF v_of_board IS NOT NULL THEN
            DELETE FROM public.leaderboard AS l
            WHERE l.board_id = correct_totals.board_id AND l.user_id = ANY (v_of_board)
                AND NOT EXISTS (
                    SELECT FROM lib.ledger_totals(correct_totals.board_id, v_of_board) AS t WHERE t.user_id = l.user_id
                );
            GET DIAGNOSTICS v_removed = ROW_COUNT;
            INSERT INTO public.leaderboard AS l (board_id, user_id, total_score)
            SELECT correct_totals.board_id, t.user_id, t.total_score
            FROM lib.ledger_totals(correct_totals.board_id, v_of_board) AS t
            ORDER BY t.user_id
            ON CONFLICT ON CONSTRAINT leaderboard_pkey DO UPDATE SET total_score = excluded.total_score
            WHERE l.total_score <> excluded.total_score;
            GET DIAGNOSTICS v_written = ROW_COUNT;
            corrected := v_removed + v_written;
        END IF;
        RETURN NEXT;
    END LOOP;
END
$$;

COMMENT ON FUNCTION lib.correct_totals(integer[]) IS 'Makes the totals of boards what the ledger says and returns how many were not.';
