-- Purpose:  the submissions that score rules rejected, newest first, page by page.
-- Args:     p_limit    1 to 1000
--           p_before   only those before this id, the last one of the previous page; NULL: from the newest on
--           p_user_id  only those of this player; NULL: of all
--           p_board    only those that rules of this board rejected; NULL: of all.
-- Returns:  one row per submission. error is a SQLSTATE (api.error_codes()), reason is the message that the caller got.
-- Errors:   LB001 for an invalid limit, LB002 for an invalid user id, LB010 when the board does not exist.
-- Locks:    none. STABLE.
CREATE OR REPLACE FUNCTION api.rejected_submissions(
    p_limit integer DEFAULT 100, p_before bigint DEFAULT NULL, p_user_id bigint DEFAULT NULL, p_board text DEFAULT NULL
)
RETURNS TABLE (
    id bigint, rejected_at timestamptz, user_id integer, score bigint, game_mode text,
    board text, submission_key text, error text, reason text
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off
AS $$
BEGIN
    IF p_limit IS NULL OR p_limit NOT BETWEEN 1 AND 1000 THEN
        RAISE EXCEPTION 'the limit must be 1 to 1000' USING ERRCODE = 'LB001';
    END IF;
    IF p_user_id NOT BETWEEN 1 AND 2147483647 THEN
        RAISE EXCEPTION 'user_id must be an integer from 1 to 2147483647' USING ERRCODE = 'LB002';
    END IF;
    IF p_board IS NOT NULL THEN
        PERFORM board.board_id(p_board);
    END IF;
    RETURN QUERY
    SELECT r.id, r.rejected_at, r.user_id, r.score, r.game_mode, r.board, r.submission_key, r.error, r.reason
    FROM public.rejected_submissions AS r
    WHERE (p_before IS NULL OR r.id < p_before)
        AND (p_user_id IS NULL OR r.user_id = p_user_id)
        AND (p_board IS NULL OR r.board = p_board)
    ORDER BY r.id DESC
    LIMIT p_limit;
END
$$;

COMMENT ON FUNCTION api.rejected_submissions(integer, bigint, bigint, text) IS
    'The submissions that score rules rejected, and why.';
