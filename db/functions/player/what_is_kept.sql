-- Purpose:  counts what is kept of a player.
-- Args:     p_user_id.
-- Returns:  one row; see api.erase_player.
CREATE OR REPLACE FUNCTION player.what_is_kept(p_user_id integer)
RETURNS TABLE (
    sessions bigint, totals bigint, seasons bigint, external_ids bigint, submission_keys bigint, rejected bigint,
    acts bigint
)
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN QUERY
    SELECT (SELECT count(*) FROM public.game_sessions AS s WHERE s.user_id = p_user_id),
           (SELECT count(*) FROM public.leaderboard AS l WHERE l.user_id = p_user_id),
           (
               SELECT count(*)
               FROM public.rankings AS r
               CROSS JOIN LATERAL archive.place_of(r.id, p_user_id)
               WHERE r.closed_at IS NOT NULL AND r.split = ''
           ),
           (SELECT count(*) FROM public.player_ids AS i WHERE i.user_id = p_user_id),
           (SELECT count(*) FROM public.submission_keys AS k WHERE k.user_id = p_user_id),
           (SELECT count(*) FROM public.rejected_submissions AS r WHERE r.user_id = p_user_id),
           (SELECT count(*) FROM public.moderation_players AS m WHERE m.user_id = p_user_id);
END
$$;

COMMENT ON FUNCTION player.what_is_kept(integer) IS 'Counts what is kept of a player.';
