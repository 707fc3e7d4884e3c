-- Purpose:  gives items the time at which they are counted, where it is not that of the call: if the clock went back, a
--           player's new sessions get the time of the newest one before them, so that they come last. Makes sure that
--           the seasons of these times exist.
-- Args:     p_items; p_now  time of the call; p_periods  whether a board with periods may count them.
-- Returns:  the items.
-- Locks:    the caller holds the boards lock and the players. Writes: rankings, rank_state.
CREATE OR REPLACE FUNCTION submission.prepare_times(p_items submission.item[], p_now timestamptz, p_periods boolean)
RETURNS submission.item[]
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    v_user_ids integer[];
    v_times    timestamptz[];
    v_items    submission.item[] := p_items;
BEGIN
    SELECT array_agg(p.user_id), array_agg(newest."timestamp") INTO v_user_ids, v_times
    FROM (SELECT DISTINCT i.user_id FROM unnest(p_items) AS i) AS p
    CROSS JOIN LATERAL (
        SELECT g."timestamp"
        FROM public.game_sessions AS g
        WHERE g.user_id = p.user_id
        ORDER BY g."timestamp" DESC
        LIMIT 1
    ) AS newest
    WHERE newest."timestamp" > p_now;
    IF v_user_ids IS NOT NULL THEN
        v_items := ARRAY(
            SELECT ROW(
                i.position, i.user_id, i.score, i.game_mode, i.username, i.key, i.played_at, t.time, i.ranking_id,
                i.player, i.metadata
            )::submission.item
            FROM unnest(p_items) AS i
            LEFT JOIN unnest(v_user_ids, v_times) AS t(user_id, time) ON t.user_id = i.user_id
            ORDER BY i.position
        );
    END IF;
    IF p_periods THEN
        PERFORM submission.add_seasons(v_items, p_now);
    END IF;
    RETURN v_items;
END
$$;

COMMENT ON FUNCTION submission.prepare_times(submission.item[], timestamptz, boolean) IS
    'Sees to it that items are counted after earlier sessions of their players, and that their seasons exist.';
