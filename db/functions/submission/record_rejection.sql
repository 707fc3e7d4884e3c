-- Purpose:  records a submission that a score rule refused: per minute at most 60 of a player, 100 of unknown players
--           (whose ids cost nothing to make up) and 1000 in total, so that refused submissions cannot fill the disk.
--           Those of players with an external id that is not known are not recorded: they have no user id.
-- Args:     p_user_id, p_score, p_game_mode; p_board  name of the board whose rule it was; p_key  the submission key,
--           or NULL;
--           p_error  SQLSTATE; p_reason  what the caller is told.
-- Locks:    none. Writes: rejected_submissions, and the sequences that count them.
CREATE OR REPLACE FUNCTION submission.record_rejection(
    p_user_id integer, p_score bigint, p_game_mode text, p_board text, p_key text, p_error text, p_reason text
)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF p_user_id > 0 AND (
        SELECT count(*) < 60
        FROM (
            SELECT r.rejected_at
            FROM public.rejected_submissions AS r
            WHERE r.user_id = p_user_id
            ORDER BY r.id DESC
            LIMIT 60
        ) AS newest
        WHERE newest.rejected_at > clock_timestamp() - interval '1 minute'
    ) AND (
        EXISTS (SELECT FROM public.users AS u WHERE u.id = p_user_id)
        OR internal.acquire_minute_quota('public.rejections_of_unknown_seq', 100)
    ) AND internal.acquire_minute_quota('public.rejections_kept_seq', 1000) THEN
        INSERT INTO public.rejected_submissions (user_id, score, game_mode, board, submission_key, error, reason)
        VALUES (p_user_id, p_score, p_game_mode, p_board, p_key, p_error, p_reason);
        -- Folds purge too, but where every submission is refused there are none.
        IF random() < 0.01 THEN
            PERFORM submission.purge_rejections(1000);
        END IF;
    END IF;
END
$$;

COMMENT ON FUNCTION submission.record_rejection(integer, bigint, text, text, text, text, text) IS
    'Records a refused submission, within limits.';
