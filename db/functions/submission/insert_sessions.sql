-- Purpose:  writes items to the ledger and adds them to the totals of the rankings that add up or count.
-- Args:     p_items; p_board  the board whose totals are returned, if it adds up or counts; p_now  time of the call.
-- Returns:  an outcome with status accepted for each item; total_score is the total after all of them.
-- Locks:    the caller holds the players; leaderboard rows by player and board. Writes: game_sessions, leaderboard.
CREATE OR REPLACE FUNCTION submission.insert_sessions(
    p_items submission.item[], p_board public.boards, p_now timestamptz
)
RETURNS submission.outcome[]
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    v_sign     integer := CASE WHEN p_board.lowest_wins THEN -1 ELSE 1 END;
    v_outcomes submission.outcome[];
BEGIN
    WITH session AS MATERIALIZED (
        SELECT nextval('public.game_sessions_id_seq') AS id, i.position, i.user_id, i.score, i.game_mode, i.key,
               i.metadata, i.played_at, coalesce(i.played_at, i.counted_at, p_now) AS played,
               coalesce(i.counted_at, p_now) AS counted, coalesce(i.ranking_id, p_board.id) AS ranking_id
        FROM unnest(p_items) AS i
    ), matched AS MATERIALIZED (  -- once for all items of a game mode and time
        SELECT g.game_mode, g.played, g.counted, m.*
        FROM (
            SELECT i.game_mode, i.played, i.counted, min(i.score) AS lowest, max(i.score) AS highest
            FROM session AS i
            GROUP BY i.game_mode, i.played, i.counted
        ) AS g
        CROSS JOIN LATERAL board.matching(g.game_mode, g.lowest, g.highest, g.played, g.counted) AS m
        WHERE m.aggregate IN ('sum', 'count')
    ), total AS (
        INSERT INTO public.leaderboard AS l (board_id, user_id, total_score, tie)
        SELECT m.id, s.user_id, sum(m.sign * CASE m.aggregate WHEN 'sum' THEN s.score ELSE 1 END),
               CASE WHEN bool_or(m.earliest) THEN coalesce(
                   max(s.id) FILTER (WHERE s.score <> 0 OR m.aggregate = 'count'),
                   (SELECT o.tie FROM public.leaderboard AS o WHERE o.user_id = s.user_id AND o.board_id = m.id),
                   min(s.id)
               ) END
        FROM matched AS m
        JOIN session AS s
            ON s.game_mode = m.game_mode AND s.played = m.played AND s.counted = m.counted
            AND s.score BETWEEN m.min_score AND m.max_score
        GROUP BY s.user_id, m.id
        ORDER BY s.user_id, m.id
        ON CONFLICT (user_id, board_id)
            DO UPDATE SET total_score = l.total_score + excluded.total_score, tie = excluded.tie
        RETURNING l.board_id, l.user_id, l.total_score
    ), ledger AS (
        INSERT INTO public.game_sessions (id, user_id, score, game_mode, "timestamp", played_at, metadata)
        SELECT s.id, s.user_id, s.score, s.game_mode, s.counted, s.played_at, s.metadata
        FROM session AS s
    )
    SELECT array_agg(ROW(
        s.position, 'accepted', s.user_id, s.score, s.game_mode, s.key, s.id, v_sign * t.total_score, NULL, NULL, NULL,
        NULL, s.played, s.counted, s.ranking_id, NULL, NULL
    )::submission.outcome)
    INTO v_outcomes
    FROM session AS s
    LEFT JOIN total AS t ON t.board_id = s.ranking_id AND t.user_id = s.user_id;
    RETURN v_outcomes;
END
$$;

COMMENT ON FUNCTION submission.insert_sessions(submission.item[], public.boards, timestamptz) IS
    'Writes items to the ledger and to the totals of rankings that add up or count.';
