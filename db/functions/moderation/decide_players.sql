-- Purpose:  gives the players whom an act covers the ban that they should have: the last act in effect that covers a
--           player decides, unless its time is over; without one there is no ban. See moderation.decide_sessions.
-- Args:     p_act  of the acts ban, hide and unban, stored, with the players it covers
--           p_user_ids  these players, locked.
-- Returns:  one row: of how many players the ban changed, and how many totals changed, appeared or went.
-- Errors:   LB023 when a total would leave its range.
-- Locks:    the caller holds the boards lock, shared, and the players; see moderation.recount. Writes: users;
--           leaderboard, and by its triggers the rank index.
CREATE OR REPLACE FUNCTION moderation.decide_players(
    p_act bigint, p_user_ids integer[], OUT players bigint, OUT ranks bigint
)
RETURNS record
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    v_user_ids integer[];
    v_bans     bigint[];
    v_banned   integer[];
    v_freed    integer[];
BEGIN
    SELECT coalesce(array_agg(u.id), '{}'), array_agg(d.ban_id),
           array_agg(u.id) FILTER (WHERE u.ban_id IS NULL), array_agg(u.id) FILTER (WHERE d.ban_id IS NULL)
    INTO v_user_ids, v_bans, v_banned, v_freed
    FROM (
        SELECT DISTINCT ON (p.user_id) p.user_id,
               CASE WHEN m.action IN ('ban', 'hide') AND (m.until > clock_timestamp()) IS NOT FALSE THEN m.id END
                   AS ban_id
        FROM public.moderation_players AS p
        -- Of an act that is not in effect only the players are wanted: it comes last.
        LEFT JOIN public.moderation AS m ON m.id = p.act_id AND m.standing
        WHERE p.user_id = ANY (p_user_ids) AND p.session_ids IS NULL
        ORDER BY p.user_id, m.id DESC NULLS LAST
    ) AS d
    JOIN public.users AS u ON u.id = d.user_id
    WHERE u.ban_id IS DISTINCT FROM d.ban_id
        AND EXISTS (SELECT FROM public.moderation_players AS p WHERE p.user_id = d.user_id AND p.act_id = p_act);
    players := cardinality(v_user_ids);
    UPDATE public.users AS u
    SET ban_id = d.ban_id
    FROM unnest(v_user_ids, v_bans) AS d(user_id, ban_id)
    WHERE u.id = d.user_id;
    -- With a transaction id, before it looks: see moderation.recount.
    PERFORM pg_current_xact_id();
    WITH gone AS (
        DELETE FROM public.leaderboard AS l
        USING public.rankings AS r
        WHERE r.id = l.board_id AND r.closing_xid IS NULL AND l.user_id = ANY (v_banned)
        RETURNING r.split
    )
    SELECT count(*) INTO ranks FROM gone AS g WHERE g.split = '';
    ranks := ranks + moderation.recount(v_freed, NULL);
    PERFORM rank_index.log_change();
END
$$;

COMMENT ON FUNCTION moderation.decide_players(bigint, integer[]) IS
    'Gives the players whom an act covers the ban that they should have.';
