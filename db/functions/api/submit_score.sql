-- Purpose:  counts one submission: api.submit_scores for one row, which raises an error where that returns a rejected
--           item.
-- Args:     as in api.submit_scores: p_user_id, p_score, p_game_mode, p_username, p_submission_key, p_board,
--           p_with_rank, p_played_at, p_with_boards, p_player (then p_user_id is NULL), p_metadata.
-- Returns:  one row; duplicate is true when the key was used before and this is the first outcome again.
-- Errors:   LB002 to LB010, LB014, LB020 to LB031, LB034, LB035: nothing was counted, and the rejection is not
--           recorded. LB021: the key was used for a different submission.
-- Locks, writes: see submission.count_submissions.
CREATE OR REPLACE FUNCTION api.submit_score(
    p_user_id bigint, p_score bigint, p_game_mode text DEFAULT 'solo', p_username text DEFAULT NULL,
    p_submission_key text DEFAULT NULL, p_board text DEFAULT 'overall', p_with_rank boolean DEFAULT false,
    p_played_at timestamptz DEFAULT NULL, p_with_boards boolean DEFAULT false, p_player text DEFAULT NULL,
    p_metadata text DEFAULT NULL
)
RETURNS TABLE (
    user_id integer, score bigint, total_score bigint, duplicate boolean, previous_rank bigint, rank bigint,
    boards jsonb, hidden boolean
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
    v_outcome record;
BEGIN
    SELECT s.* INTO STRICT v_outcome
    FROM api.submit_scores(
        ARRAY[p_user_id], ARRAY[p_score], ARRAY[p_game_mode], ARRAY[p_username], ARRAY[p_submission_key],
        p_board, p_with_rank, CASE WHEN p_played_at IS NOT NULL THEN ARRAY[p_played_at] END, p_with_boards,
        CASE WHEN p_player IS NOT NULL THEN ARRAY[p_player] END,
        CASE WHEN p_metadata IS NOT NULL THEN ARRAY[p_metadata] END
    ) AS s;
    IF v_outcome.status = 'rejected' THEN
        RAISE EXCEPTION '%', v_outcome.message USING ERRCODE = v_outcome.error;
    END IF;
    RETURN QUERY SELECT v_outcome.user_id, v_outcome.score, v_outcome.total_score, v_outcome.status = 'replayed',
                        v_outcome.previous_rank, v_outcome.rank, v_outcome.boards, v_outcome.hidden;
END
$$;

COMMENT ON FUNCTION api.submit_score(
    bigint, bigint, text, text, text, text, boolean, timestamptz, boolean, text, text
) IS 'Counts one submission and returns the player''s new total.';
