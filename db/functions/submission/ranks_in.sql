-- Purpose:  the ranks of the players of a call, each in the season in which the player's items count.
-- Args:     p_rankings  an element per player; as a rule all the same
--           p_user_ids  the players. No pair of both twice.
-- Returns:  an element per player, in the same order: see submission.ranks.
CREATE OR REPLACE FUNCTION submission.ranks_in(p_rankings integer[], p_user_ids integer[]) RETURNS bigint[]
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF p_rankings[1] = ALL (p_rankings) THEN
        RETURN submission.ranks(p_rankings[1], p_user_ids);
    END IF;
    RETURN ARRAY(
        SELECT (submission.ranks(u.ranking_id, ARRAY[u.user_id]))[1]
        FROM unnest(p_rankings, p_user_ids) WITH ORDINALITY AS u(ranking_id, user_id, position)
        ORDER BY u.position
    );
END
$$;

COMMENT ON FUNCTION submission.ranks_in(integer[], integer[]) IS
    'The ranks of players, each in the season of the player''s items.';
