-- Purpose:  how many totals of a board a change of it changes: the current ones against those of the ledger by the new
--           options.
-- Args:     p_old, p_new  the row before and after.
-- Returns:  the number of players whose total becomes another one, appears or goes, summed over the rankings.
-- Errors:   LB023 when a total would leave its range, LB032 while a ranking of the board is being filled.
CREATE OR REPLACE FUNCTION board.totals_changed(p_old public.boards, p_new public.boards) RETURNS bigint
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_ranking public.rankings;
    v_changed bigint;
    v_sum     bigint := 0;
    v_largest bigint;
BEGIN
    IF NOT board.counts_differently(p_old, p_new) THEN
        RETURN 0;
    END IF;
    FOR v_ranking IN
        SELECT r.* FROM public.rankings AS r WHERE r.id IN (SELECT l.id FROM board.live_rankings(p_old.name) AS l)
    LOOP
        IF v_ranking.filled_to IS NOT NULL THEN
            RAISE EXCEPTION 'board % is being filled from the ledger; retry later', p_old.name USING ERRCODE = 'LB032';
        END IF;
        IF v_ranking.id = p_new.id THEN
            v_ranking.starts_at := coalesce(p_new.opens_at, '-infinity');
            v_ranking.ends_at := coalesce(p_new.closes_at, 'infinity');
            v_ranking.deadline := v_ranking.ends_at + p_new.grace;
        END IF;
        -- EXECUTE plans it for this board.
        EXECUTE $query$
            SELECT count(*), max(abs(t.total_score))
            FROM ledger.totals_of($1, $2, NULL) AS t
            FULL JOIN (
                SELECT b.user_id, b.total_score FROM public.leaderboard AS b WHERE b.board_id = ($2).id
            ) AS l ON l.user_id = t.user_id
            WHERE t.total_score * $3 IS DISTINCT FROM l.total_score
            $query$
        INTO v_changed, v_largest
        USING p_new, v_ranking, CASE WHEN p_old.lowest_wins = p_new.lowest_wins THEN 1 ELSE -1 END;
        IF v_largest > 9007199254740991 THEN
            RAISE numeric_value_out_of_range;
        END IF;
        v_sum := v_sum + v_changed;
    END LOOP;
    RETURN v_sum;
EXCEPTION
    WHEN numeric_value_out_of_range THEN
        RAISE EXCEPTION 'on board % a total would leave the range -9007199254740991 to 9007199254740991', p_old.name
            USING ERRCODE = 'LB023';
END
$$;

COMMENT ON FUNCTION board.totals_changed(public.boards, public.boards) IS
    'How many totals of a board a change of it changes.';
