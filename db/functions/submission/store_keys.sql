-- Purpose:  stores the keys of accepted items with their outcomes, for replays.
-- Args:     p_outcomes; p_board_id  the board that the call names.
-- Locks:    the caller holds the players. Writes: submission_keys.
CREATE OR REPLACE FUNCTION submission.store_keys(p_outcomes submission.outcome[], p_board_id integer) RETURNS void
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    INSERT INTO public.submission_keys (
        user_id, key, board_id, score, game_mode, session_id, total_score, previous_rank, rank
    )
    SELECT o.user_id, o.key, p_board_id, o.score, o.game_mode, o.session_id, o.total_score, o.previous_rank, o.rank
    FROM unnest(p_outcomes) AS o
    WHERE o.status = 'accepted' AND o.key IS NOT NULL;
END
$$;

COMMENT ON FUNCTION submission.store_keys(submission.outcome[], integer) IS
    'Stores keys with their outcomes, for replays.';
