-- Purpose:  what a player has used up of a board's score rules.
-- Args:     p_board; p_ranking  the one of its rankings that would count what the player is about to submit; p_user_id
--           p_best   the best of these scores, negated if the lowest total wins; p_now  end of the time windows.
-- Returns:  one row; scores and totals are negated if the lowest total wins:
--           submissions  sessions that the board counts, younger than 60 seconds
--           gained       on boards that add up scores or count them, what sessions of the ranking, younger than an
--                        hour, have added, without those that took away; only if the board has max_gain_per_hour
--           ceiling      on boards that keep one score, the best one that max_gain_per_hour allows: the gain plus the
--                        total of an hour ago. For a player who was not in the ranking then, that is 0, or where the
--                        lowest total wins their first score. A best score that does not rise passes, and so does all
--                        that follows a first score. NULL: no limit yet.
-- Note:     plain SQL that the planner inlines. Sessions dated after p_now, from before the clock went back, are in no
--           window.
CREATE OR REPLACE FUNCTION submission.used_allowance(
    p_board public.boards, p_ranking public.rankings, p_user_id integer, p_best bigint, p_now timestamptz
)
RETURNS TABLE (submissions bigint, gained bigint, ceiling bigint)
LANGUAGE sql STABLE
AS $$
    SELECT recent.submissions, recent.gained, CASE
        WHEN p_board.max_gain_per_hour IS NULL OR p_board.aggregate IN ('sum', 'count') THEN NULL
        WHEN p_board.aggregate = 'first' AND total.total_score IS NOT NULL THEN 9007199254740991
        WHEN p_board.aggregate = 'best' AND p_best <= total.total_score THEN total.total_score
        ELSE greatest(
            CASE p_board.aggregate WHEN 'best' THEN total.total_score END,
            p_board.max_gain_per_hour + coalesce((
                SELECT CASE WHEN p_board.lowest_wins THEN -g.score ELSE g.score END
                FROM public.game_sessions AS g
                WHERE g.user_id = p_user_id AND g."timestamp" <= p_now - interval '1 hour'
                    AND g.void_id IS NULL AND board.counts_in(p_board, p_ranking, g)
                ORDER BY CASE
                    WHEN p_board.aggregate = 'best' THEN CASE WHEN p_board.lowest_wins THEN g.score ELSE -g.score END
                END, g."timestamp" DESC, g.id DESC
                LIMIT 1
            ), CASE
                WHEN NOT p_board.lowest_wins THEN 0
                ELSE (
                    SELECT -g.score
                    FROM public.game_sessions AS g
                    WHERE g.user_id = p_user_id AND g.void_id IS NULL AND board.counts_in(p_board, p_ranking, g)
                    ORDER BY g."timestamp", g.id
                    LIMIT 1
                )
            END)
        )
    END
    FROM (
        SELECT count(*) FILTER (WHERE g."timestamp" > p_now - interval '1 minute') AS submissions,
               least(coalesce(sum(CASE
                   WHEN NOT board.counts_in(p_board, p_ranking, g) THEN 0
                   WHEN p_board.aggregate = 'count' THEN CASE WHEN p_board.lowest_wins THEN 0 ELSE 1 END
                   ELSE greatest(CASE WHEN p_board.lowest_wins THEN -g.score ELSE g.score END, 0)
               END), 0), 9007199254740991)::bigint AS gained
        FROM public.game_sessions AS g
        WHERE g.user_id = p_user_id AND g."timestamp" <= p_now
            AND g."timestamp" > p_now - CASE
                WHEN p_board.max_gain_per_hour IS NULL THEN interval '1 minute' ELSE interval '1 hour'
            END
            AND g.void_id IS NULL AND board.counts(p_board, g.game_mode, g.score)
    ) AS recent
    CROSS JOIN LATERAL (SELECT submission.total(p_ranking.id, p_user_id) AS total_score OFFSET 0) AS total
$$;

COMMENT ON FUNCTION submission.used_allowance(
    public.boards, public.rankings, integer, bigint, timestamptz
) IS 'What a player has used up of a board''s score rules.';
