-- Purpose:  counts items of players who are banned or hidden: in the ledger only. When the ban ends, their totals are
--           recounted from there.
-- Args:     p_outcomes  of the call so far; p_items  those without an outcome; p_user_ids  players with a ban_id
--           p_board  the board whose totals and ranks are returned; p_with_rank; p_now  time of the call.
-- Returns:  p_outcomes, and an outcome with status accepted for each item of these players: the total that the player
--           would have right after it, and the ranks before and after it. hidden: true for a player who is banned,
--           false for one who is hidden and not told.
-- Locks:    the caller holds the players. Writes: game_sessions.
CREATE OR REPLACE FUNCTION submission.count_hidden(
    p_outcomes submission.outcome[], p_items submission.item[], p_user_ids integer[], p_board public.boards,
    p_with_rank boolean, p_now timestamptz
)
RETURNS submission.outcome[]
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    v_item     submission.item;
    v_ranking  integer;
    v_session  bigint;
    v_total    bigint;
    v_before   bigint;
    v_rank     bigint;
    v_told     integer[] := ARRAY(
        SELECT u.id
        FROM public.users AS u
        JOIN public.moderation AS m ON m.id = u.ban_id
        WHERE u.id = ANY (p_user_ids) AND m.action = 'ban'
    );
    v_outcomes submission.outcome[] := p_outcomes;
    v_setting  text;
    v_outer    text := coalesce(current_setting('leaderboard.counted', true), '');
BEGIN
    -- Tells the triggers of game_sessions that there is nothing to recalculate.
    v_setting := set_config('leaderboard.counted', 'on', true);
    FOREACH v_item IN ARRAY p_items LOOP
        CONTINUE WHEN v_item.user_id <> ALL (p_user_ids);
        v_ranking := coalesce(v_item.ranking_id, p_board.id);
        IF p_with_rank THEN
            v_total := ledger.hidden_total(v_ranking, v_item.user_id);
            v_before := CASE WHEN v_total IS NOT NULL THEN submission.rank_of_total(v_ranking, v_total) END;
        END IF;
        INSERT INTO public.game_sessions (user_id, score, game_mode, "timestamp", played_at, metadata)
        VALUES (
            v_item.user_id, v_item.score, v_item.game_mode, coalesce(v_item.counted_at, p_now), v_item.played_at,
            v_item.metadata
        )
        RETURNING id INTO v_session;
        v_total := ledger.hidden_total(v_ranking, v_item.user_id);
        v_rank := CASE WHEN p_with_rank THEN submission.rank_of_total(v_ranking, v_total) END;
        v_outcomes := v_outcomes || ROW(
            v_item.position, 'accepted', v_item.user_id, v_item.score, v_item.game_mode, v_item.key, v_session,
            CASE WHEN p_board.lowest_wins THEN -v_total ELSE v_total END, v_before, v_rank, NULL, NULL,
            v_item.played_at, v_item.counted_at, v_ranking, NULL,
            v_item.user_id = ANY (v_told)
        )::submission.outcome;
    END LOOP;
    v_setting := set_config('leaderboard.counted', v_outer, true);
    RETURN v_outcomes;
END
$$;

COMMENT ON FUNCTION submission.count_hidden(
    submission.outcome[], submission.item[], integer[], public.boards, boolean, timestamptz
) IS 'Counts items of banned players, in the ledger only.';
