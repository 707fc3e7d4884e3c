-- Purpose:  the outcomes of items whose players another transaction holds.
-- Args:     p_items; p_locked  ids of the players that the call has locked.
-- Returns:  an outcome with status busy for each item of another player.
CREATE OR REPLACE FUNCTION submission.busy_items(p_items submission.item[], p_locked integer[])
RETURNS submission.outcome[]
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN ARRAY(
        SELECT ROW(
            i.position, 'busy', i.user_id, i.score, i.game_mode, i.key, NULL, NULL, NULL, NULL, NULL, NULL,
            i.played_at, NULL, NULL, NULL, NULL
        )::submission.outcome
        FROM unnest(p_items) AS i
        WHERE i.user_id <> ALL (p_locked)
    );
END
$$;

COMMENT ON FUNCTION submission.busy_items(submission.item[], integer[]) IS
    'The outcomes of items whose players are busy.';
