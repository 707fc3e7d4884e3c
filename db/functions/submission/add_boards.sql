-- Purpose:  adds to outcomes what the submission did on every board that counts it.
-- Args:     p_outcomes; p_with_rank  whether ranks are wanted.
-- Returns:  the outcomes; boards of accepted and replayed ones is a list of {"board", "season", "total_score",
--           "display", "rank"}, in the order of the boards: the player's standing after the call, in the season in
--           which the submission counted. season: only on boards with seasons; display: see internal.display_score.
--           Seasons that are closed by now are left out.
CREATE OR REPLACE FUNCTION submission.add_boards(p_outcomes submission.outcome[], p_with_rank boolean)
RETURNS submission.outcome[]
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN ARRAY(
        SELECT ROW(
            o.position, o.status, o.user_id, o.score, o.game_mode, o.key, o.session_id, o.total_score,
            o.previous_rank, o.rank, o.error, o.message, o.played_at, o.counted_at, o.ranking_id, (
                SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                    'board', b.name,
                    'season', CASE WHEN b.period IS NOT NULL OR b.manual_seasons THEN r.number END,
                    'total_score', m.sign * l.total_score,
                    'display', internal.display_score(m.sign * l.total_score, b.unit, b.decimals),
                    'rank', CASE WHEN p_with_rank THEN submission.rank_of_total(m.id, l.total_score) END
                )) ORDER BY b.id), '[]')
                FROM (
                    SELECT coalesce(g.played_at, g."timestamp") AS played, g."timestamp" AS counted
                    FROM public.game_sessions AS g
                    WHERE g.id = o.session_id
                ) AS s
                CROSS JOIN LATERAL board.matching(o.game_mode, o.score, o.score, s.played, s.counted) AS m
                JOIN public.boards AS b ON b.id = m.board_id
                JOIN public.rankings AS r ON r.id = m.id
                CROSS JOIN LATERAL (SELECT submission.total(m.id, o.user_id) AS total_score OFFSET 0) AS l
                WHERE m.filled_to IS NULL AND l.total_score IS NOT NULL
            ), o.hidden
        )::submission.outcome
        FROM unnest(p_outcomes) AS o
    );
END
$$;

COMMENT ON FUNCTION submission.add_boards(submission.outcome[], boolean) IS
    'Adds to outcomes what the submission did on every board.';
