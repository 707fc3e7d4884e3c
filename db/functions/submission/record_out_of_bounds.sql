-- Purpose:  records the scores that were refused because of the bounds of the board.
-- Args:     p_outcomes  rejected items; p_board  name of the board.
-- Writes:   rejected_submissions.
CREATE OR REPLACE FUNCTION submission.record_out_of_bounds(p_outcomes submission.outcome[], p_board text) RETURNS void
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    PERFORM submission.record_rejection(
        o.user_id, o.score, left(o.game_mode, 50), p_board, left(o.key, 255), o.error, o.message
    )
    FROM unnest(p_outcomes) AS o
    WHERE o.error = 'LB003' AND o.score IS NOT NULL;
END
$$;

COMMENT ON FUNCTION submission.record_out_of_bounds(submission.outcome[], text) IS
    'Records the scores that were refused because of the bounds of the board.';
