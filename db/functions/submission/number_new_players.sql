-- Purpose:  gives items of players with external ids that are not known yet the user ids that they will have, if they
--           are registered (submission.register_new_players).
-- Args:     p_items.
-- Returns:  the items; those of one external id have one user id.
-- Writes:   the sequence of user ids.
CREATE OR REPLACE FUNCTION submission.number_new_players(p_items submission.item[]) RETURNS submission.item[]
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    v_players text[];
    v_ids     integer[];
BEGIN
    SELECT array_agg(n.player), array_agg(n.id) INTO v_players, v_ids
    FROM (
        SELECT p.player, submission.next_user_id() AS id
        FROM (SELECT DISTINCT i.player FROM unnest(p_items) AS i WHERE i.user_id IS NULL) AS p
    ) AS n;
    IF v_players IS NULL THEN
        RETURN p_items;
    END IF;
    RETURN submission.with_user_ids(p_items, v_players, v_ids);
END
$$;

COMMENT ON FUNCTION submission.number_new_players(submission.item[]) IS
    'Gives items of new players with external ids the user ids that they will have.';
