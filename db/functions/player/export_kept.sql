-- Purpose:  what is kept of a player besides totals and sessions, for an export.
-- Args:     p_user_id; p_section  moderation, submission_keys or rejected.
-- Returns:  JSON objects, the oldest first.
CREATE OR REPLACE FUNCTION player.export_kept(p_user_id integer, p_section text) RETURNS TABLE (item json)
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN QUERY
    SELECT json_build_object(
        'id', m.id, 'at', m.at, 'action', m.action, 'reason', m.reason, 'until', m.until, 'in_effect', m.standing,
        'session_ids', p.session_ids
    )
    FROM public.moderation_players AS p
    JOIN public.moderation AS m ON m.id = p.act_id
    WHERE p_section = 'moderation' AND p.user_id = p_user_id
    ORDER BY m.id;
    RETURN QUERY
    SELECT json_build_object('key', k.key, 'session_id', k.session_id, 'created_at', k.created_at)
    FROM public.submission_keys AS k
    WHERE p_section = 'submission_keys' AND k.user_id = p_user_id
    ORDER BY k.created_at;
    RETURN QUERY
    SELECT json_build_object(
        'id', r.id, 'rejected_at', r.rejected_at, 'score', r.score, 'game_mode', r.game_mode, 'board', r.board,
        'submission_key', r.submission_key, 'error', r.error, 'reason', r.reason
    )
    FROM public.rejected_submissions AS r
    WHERE p_section = 'rejected' AND r.user_id = p_user_id
    ORDER BY r.id;
END
$$;

COMMENT ON FUNCTION player.export_kept(integer, text) IS
    'What is kept of a player besides totals and sessions, for an export.';
