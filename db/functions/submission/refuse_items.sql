-- Purpose:  what becomes of the items that api.submit_scores does not accept. Where the board's bounds or game mode
--           have changed since an item was counted, its retry still gets the first outcome. Scores out of bounds are
--           recorded.
-- Args:     p_outcomes  rejected items; p_board  the board that the call names.
-- Returns:  the outcomes, some of them with status replayed.
-- Writes:   rejected_submissions.
CREATE OR REPLACE FUNCTION submission.refuse_items(p_outcomes submission.outcome[], p_board public.boards)
RETURNS submission.outcome[]
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    v_outcomes submission.outcome[] := ARRAY(
        SELECT CASE WHEN k.key IS NULL THEN o ELSE ROW(
            o.position, 'replayed', o.user_id, o.score, o.game_mode, o.key, k.session_id, k.total_score,
            k.previous_rank, k.rank, NULL, NULL, o.played_at, NULL, NULL, NULL, NULL
        )::submission.outcome END
        FROM unnest(p_outcomes) AS o
        LEFT JOIN LATERAL (
            SELECT n.*
            FROM public.submission_keys AS n
            WHERE n.user_id = o.user_id AND n.key = o.key AND o.error IN ('LB003', 'LB022')
                AND n.score = o.score AND n.game_mode = o.game_mode AND n.board_id = p_board.id
            OFFSET 0  -- stays a look-up
        ) AS k ON true
    );
BEGIN
    PERFORM submission.record_rejection(
        o.user_id, o.score, left(o.game_mode, 50), p_board.name, left(o.key, 255), o.error, o.message
    )
    FROM unnest(v_outcomes) AS o
    WHERE o.error = 'LB003' AND o.score IS NOT NULL;
    RETURN v_outcomes;
END
$$;

COMMENT ON FUNCTION submission.refuse_items(submission.outcome[], public.boards) IS
    'What becomes of items that are not accepted: retries of counted ones are replayed.';
