-- Purpose:  makes the totals of rankings, and leaderboard.tie, equal to the ledger. A correct total stays correct,
--           because a submit changes ledger and total in one transaction. A ranking that had no players gets
--           leaderboard.rank as well, unless it is filled in steps. Splits follow (board.correct_splits).
-- Args:     p_board_ids  of the rankings
--           p_user_ids  whose totals may be written: players that the caller has locked (internal.lock_users). NULL:
--                       all, for a caller that holds the boards lock exclusively.
-- Returns:  one row per ranking: the number of totals corrected.
-- Errors:   LB023 when a total would leave its range, LB030 when the transaction is not READ COMMITTED.
-- Locks:    the corrected leaderboard rows, by player. Writes: leaderboard.
CREATE OR REPLACE FUNCTION ledger.correct_totals(p_board_ids integer[], p_user_ids integer[])
RETURNS TABLE (board_id integer, corrected bigint)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    -- A few players are looked up one by one; for many, one scan of the ledger is cheaper.
    v_few      integer[] := CASE WHEN cardinality(p_user_ids) <= 10000 THEN p_user_ids END;
    v_empty    boolean;
    v_user_ids integer[];
    v_totals   bigint[];
    v_ties     bigint[];
    v_counted  text := coalesce(current_setting('leaderboard.counted', true), '');
BEGIN
    PERFORM internal.require_read_committed();
    -- The totals are written here: ledger.tg_leaderboard__skip_known_total must not skip them.
    PERFORM set_config('leaderboard.counted', 'on', true);
    FOREACH board_id IN ARRAY p_board_ids LOOP
        v_empty := NOT EXISTS (SELECT FROM public.leaderboard AS l WHERE l.board_id = correct_totals.board_id)
            AND (SELECT r.filled_to IS NULL FROM public.rankings AS r WHERE r.id = correct_totals.board_id);
        -- EXECUTE plans it for these players. (With plan_cache_mode set here, PostgreSQL would plan every foreign key
        -- look-up below anew.)
        EXECUTE $query$
            SELECT array_agg(d.user_id), array_agg(d.expected), array_agg(d.tie)
            FROM (
                SELECT p.user_id, p.expected, p.tie
                FROM ledger.total_differences($1, $2) AS p
                WHERE $3 IS NULL OR p.user_id IN (SELECT unnest($3))
                ORDER BY p.user_id
            ) AS d
            $query$
        INTO v_user_ids, v_totals, v_ties
        USING correct_totals.board_id, v_few, p_user_ids;
        corrected := coalesce(cardinality(v_user_ids), 0);
        IF array_position(v_totals, NULL) IS NOT NULL THEN
            DELETE FROM public.leaderboard AS l
            USING unnest(v_user_ids, v_totals) AS d(user_id, total)
            WHERE l.board_id = correct_totals.board_id AND l.user_id = d.user_id AND d.total IS NULL;
        END IF;
        IF v_empty THEN
            INSERT INTO public.leaderboard (board_id, user_id, total_score, tie, rank)
            SELECT correct_totals.board_id, d.user_id, d.total, d.tie, rank() OVER (ORDER BY d.total DESC)
            FROM unnest(v_user_ids, v_totals, v_ties) AS d(user_id, total, tie);
        ELSIF corrected > 0 THEN
            INSERT INTO public.leaderboard AS l (board_id, user_id, total_score, tie)
            SELECT correct_totals.board_id, d.user_id, d.total, d.tie
            FROM unnest(v_user_ids, v_totals, v_ties) AS d(user_id, total, tie)
            WHERE d.total IS NOT NULL
            ORDER BY d.user_id
            ON CONFLICT ON CONSTRAINT leaderboard_pkey
                DO UPDATE SET total_score = excluded.total_score, tie = excluded.tie;
        END IF;
        IF corrected > 0 THEN
            PERFORM board.correct_splits(ARRAY[correct_totals.board_id], v_user_ids);
        END IF;
        RETURN NEXT;
    END LOOP;
    PERFORM set_config('leaderboard.counted', v_counted, true);
EXCEPTION
    WHEN check_violation OR numeric_value_out_of_range THEN
        RAISE EXCEPTION 'on board % a total would leave the range -9007199254740991 to 9007199254740991',
            (SELECT b.name FROM public.rankings AS r JOIN public.boards AS b ON b.id = r.board_id
             WHERE r.id = correct_totals.board_id)
            USING ERRCODE = 'LB023';
END
$$;

COMMENT ON FUNCTION ledger.correct_totals(integer[], integer[]) IS
    'Makes the totals of rankings equal to the ledger and returns how many were not.';
