-- Purpose:  writes items to the ledger and adds them to the totals of the boards that add scores up.
-- Args:     p_items; p_board_id  the board whose totals are returned, if it adds scores up.
-- Returns:  an outcome with status accepted for each item; total_score is the total after all of them.
-- Locks:    the caller holds the players; leaderboard rows by player and board. Writes: game_sessions, leaderboard.
CREATE OR REPLACE FUNCTION submission.insert_sessions(p_items submission.item[], p_board_id integer)
RETURNS submission.outcome[]
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    v_outcomes submission.outcome[];
BEGIN
    WITH session AS MATERIALIZED (
        SELECT nextval('public.game_sessions_id_seq') AS id, i.position, i.user_id, i.score, i.game_mode, i.key,
               i.played_at
        FROM unnest(p_items) AS i
    ), total AS (
        INSERT INTO public.leaderboard AS l (board_id, user_id, total_score)
        SELECT m.id, s.user_id, sum(s.score)
        FROM (
            SELECT i.game_mode, min(i.score) AS lowest, max(i.score) AS highest FROM session AS i GROUP BY i.game_mode
        ) AS g
        CROSS JOIN LATERAL board.matching(g.game_mode, g.lowest, g.highest) AS m
        JOIN session AS s ON s.game_mode = g.game_mode AND s.score BETWEEN m.min_score AND m.max_score
        WHERE m.aggregate = 'sum'
        GROUP BY s.user_id, m.id
        ORDER BY s.user_id, m.id
        ON CONFLICT (user_id, board_id) DO UPDATE SET total_score = l.total_score + excluded.total_score
        RETURNING l.board_id, l.user_id, l.total_score
    ), ledger AS (
        -- The time is taken while the player is locked, so that it orders the player's sessions as they were counted.
        INSERT INTO public.game_sessions (id, user_id, score, game_mode, "timestamp")
        SELECT s.id, s.user_id, s.score, s.game_mode, clock_timestamp()
        FROM session AS s
    )
    SELECT array_agg(ROW(
        s.position, 'accepted', s.user_id, s.score, s.game_mode, s.key, s.id, t.total_score, NULL, NULL, NULL,
        NULL, s.played_at
    )::submission.outcome)
    INTO v_outcomes
    FROM session AS s
    LEFT JOIN total AS t ON t.board_id = p_board_id AND t.user_id = s.user_id;
    RETURN v_outcomes;
END
$$;

COMMENT ON FUNCTION submission.insert_sessions(submission.item[], integer) IS
    'Writes items to the ledger and to the totals of boards that add scores up.';
