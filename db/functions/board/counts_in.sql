-- Purpose:  whether a ranking counts a session: the only definition of which season a session belongs to.
-- Args:     p_board; p_ranking  one of its rankings; p_session.
-- Returns:  true when the board counts the session, it was played within the ranking's time, and it was counted before
--           the ranking's deadline.
-- Note:     the planner inlines it; see board.counts. Bounds at infinity are no conditions in a plan for this ranking:
--           the planner would take them for selective.
CREATE OR REPLACE FUNCTION board.counts_in(
    p_board public.boards, p_ranking public.rankings, p_session public.game_sessions
)
RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN board.counts(p_board, p_session.game_mode, p_session.score)
    AND (
        p_ranking.starts_at = '-infinity'
        OR coalesce(p_session.played_at, p_session."timestamp") >= p_ranking.starts_at
    )
    AND (
        p_ranking.ends_at = 'infinity'
        OR coalesce(p_session.played_at, p_session."timestamp") < p_ranking.ends_at
    )
    AND (p_ranking.deadline = 'infinity' OR p_session."timestamp" < p_ranking.deadline);

COMMENT ON FUNCTION board.counts_in(public.boards, public.rankings, public.game_sessions) IS
    'Whether a ranking of a board counts a session.';
