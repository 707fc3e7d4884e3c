-- Purpose:  makes the totals of boards what the ledger says, for players that the caller has locked (lib.lock_players).
--           Their totals are taken from the ledger again under that lock. Whoever was right stays so: a submit changes ledger and total in
--           one transaction.
-- Args:     p_board_ids; p_user_ids  whose totals may be written.
-- Returns:  a row a board: players corrected.
-- Errors:   LB030 when the transaction is not READ COMMITTED.
-- Locks:    the corrected leaderboard rows. Writes: leaderboard.
CREATE OR REPLACE FUNCTION lib.correct_totals(p_board_ids integer[], p_user_ids integer[])
RETURNS TABLE (board_id integer, corrected bigint)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_of_board integer[];
    v_removed  bigint;
    v_written  bigint;
BEGIN
    PERFORM lib.require_read_committed();
    FOREACH board_id IN ARRAY p_board_ids LOOP
        SELECT array_agg(d.user_id) INTO v_of_board
        FROM lib.total_differences(correct_totals.board_id) AS d
        WHERE d.user_id = ANY (p_user_ids);
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

COMMENT ON FUNCTION lib.correct_totals(integer[], integer[]) IS 'Makes the totals of boards what the ledger says and returns how many were not.';
