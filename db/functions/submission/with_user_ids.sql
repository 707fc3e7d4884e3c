-- Purpose:  gives items the user ids of their players.
-- Args:     p_items; p_players, p_user_ids  external ids and their user ids, in the same order.
-- Returns:  the items; those of other players are as they were.
CREATE OR REPLACE FUNCTION submission.with_user_ids(
    p_items submission.item[], p_players text[], p_user_ids integer[]
)
RETURNS submission.item[]
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN ARRAY(
        SELECT ROW(
            i.position, coalesce(p_user_ids[array_position(p_players, i.player)], i.user_id), i.score, i.game_mode,
            i.username, i.key, i.played_at, i.counted_at, i.ranking_id, i.player, i.metadata
        )::submission.item
        FROM unnest(p_items) AS i
        ORDER BY i.position
    );
END
$$;

COMMENT ON FUNCTION submission.with_user_ids(submission.item[], text[], integer[]) IS
    'Gives items the user ids of their players.';
