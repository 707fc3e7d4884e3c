-- Purpose:  what a player has used up of a board's score rules.
-- Args:     p_board; p_user_id; p_highest  the highest score the player is about to submit; p_now  end of the time
--           windows.
-- Returns:  one row:
--           submissions  sessions that the board counts, younger than 60 seconds
--           gained       the sum of their positive scores, younger than an hour; only if the board has
--                        max_gain_per_hour
--           ceiling      on boards that keep the best or last score, the highest score that max_gain_per_hour allows:
--                        the gain plus the total of an hour ago (0 if the player was not on the board). A best score
--                        that does not rise passes. NULL: no limit.
-- Note:     plain SQL that the planner inlines. Sessions dated after p_now, from before the clock went back, are in no
--           window.
CREATE OR REPLACE FUNCTION submission.used_allowance(
    p_board public.boards, p_user_id integer, p_highest bigint, p_now timestamptz
)
RETURNS TABLE (submissions bigint, gained bigint, ceiling bigint)
LANGUAGE sql STABLE
AS $$
    SELECT recent.submissions, recent.gained, CASE
        WHEN p_board.max_gain_per_hour IS NULL OR p_board.aggregate = 'sum' THEN NULL
        WHEN p_board.aggregate = 'best' AND p_highest <= total.total_score THEN total.total_score
        WHEN p_board.aggregate = 'best' THEN greatest(total.total_score, p_board.max_gain_per_hour + coalesce((
            SELECT max(g.score)
            FROM public.game_sessions AS g
            WHERE g.user_id = p_user_id AND g."timestamp" <= p_now - interval '1 hour'
                AND board.counts(p_board, g.game_mode, g.score)
        ), 0))
        ELSE p_board.max_gain_per_hour + coalesce((
            SELECT g.score
            FROM public.game_sessions AS g
            WHERE g.user_id = p_user_id AND g."timestamp" <= p_now - interval '1 hour'
                AND board.counts(p_board, g.game_mode, g.score)
            ORDER BY g."timestamp" DESC, g.id DESC
            LIMIT 1
        ), 0)
    END
    FROM (
        SELECT count(*) FILTER (WHERE g."timestamp" > p_now - interval '1 minute') AS submissions,
               least(coalesce(sum(greatest(g.score, 0)), 0), 9007199254740991)::bigint AS gained
        FROM public.game_sessions AS g
        WHERE g.user_id = p_user_id AND g."timestamp" <= p_now
            AND g."timestamp" > p_now - CASE
                WHEN p_board.max_gain_per_hour IS NULL THEN interval '1 minute' ELSE interval '1 hour'
            END
            AND board.counts(p_board, g.game_mode, g.score)
    ) AS recent
    LEFT JOIN LATERAL (
        SELECT l.total_score
        FROM public.leaderboard AS l
        WHERE l.user_id = p_user_id AND l.board_id = p_board.id
        OFFSET 0  -- stays a look-up, however small the table was when the statement was planned
    ) AS total ON true
$$;

COMMENT ON FUNCTION submission.used_allowance(public.boards, integer, bigint, timestamptz) IS
    'What a player has used up of a board''s score rules.';
