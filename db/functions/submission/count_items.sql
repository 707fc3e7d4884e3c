-- Purpose:  counts items: writes the ledger and the totals of every ranking that counts them.
-- Args:     p_items; p_board  the board whose totals are returned; p_now  time of the call
--           p_several  whether a player may have several items
--           p_best, p_last, p_first  whether a board that keeps that score may count them.
-- Returns:  an outcome with status accepted for each item. total_score is the one right after the item; it is not set
--           for a board that keeps one score.
-- Locks:    the caller holds the players; leaderboard rows by player and board. Writes: game_sessions, leaderboard.
CREATE OR REPLACE FUNCTION submission.count_items(
    p_items submission.item[], p_board public.boards, p_now timestamptz, p_several boolean, p_best boolean,
    p_last boolean, p_first boolean
)
RETURNS submission.outcome[]
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    v_counted submission.outcome[];
    v_setting text;
    v_outer   text := coalesce(current_setting('leaderboard.counted', true), '');
BEGIN
    -- Tells the triggers of game_sessions that these sessions are counted here. (Only a superuser may create a function
    -- with a SET of it.)
    v_setting := set_config('leaderboard.counted', 'on', true);
    v_counted := submission.insert_sessions(p_items, p_board, p_now);
    IF p_several THEN
        v_counted := submission.running_totals(v_counted, p_board.aggregate);
    END IF;
    IF p_best THEN
        PERFORM submission.raise_best_totals(v_counted);
    END IF;
    IF p_last THEN
        PERFORM submission.set_last_totals(v_counted);
    END IF;
    IF p_first THEN
        PERFORM submission.set_first_totals(v_counted);
    END IF;
    v_setting := set_config('leaderboard.counted', v_outer, true);
    RETURN v_counted;
END
$$;

COMMENT ON FUNCTION submission.count_items(
    submission.item[], public.boards, timestamptz, boolean, boolean, boolean, boolean
) IS 'Counts items in the ledger and in the totals of every ranking that counts them.';
