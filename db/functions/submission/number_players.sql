-- Purpose:  gives items of players with external ids the user ids of these players; of those who are not registered,
--           the user ids that they will have.
-- Args:     p_items; p_all  the items of the whole call: no new player gets a user id that one of them names.
-- Returns:  p_all with these user ids.
-- Locks:    the caller holds the registration lock exclusively. Writes: the sequence of user ids.
CREATE OR REPLACE FUNCTION submission.number_players(p_items submission.item[], p_all submission.item[])
RETURNS submission.item[]
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    v_players text[] := ARRAY(SELECT DISTINCT i.player FROM unnest(p_items) AS i WHERE i.player IS NOT NULL);
    v_ids     integer[];
    v_given   integer[] := ARRAY(SELECT i.user_id FROM unnest(p_all) AS i);
BEGIN
    FOR k IN 1 .. cardinality(v_players) LOOP
        v_ids[k] := (SELECT p.user_id FROM public.player_ids AS p WHERE p.external_id = v_players[k]);
        WHILE v_ids[k] IS NULL LOOP
            v_ids[k] := submission.next_user_id();
            v_ids[k] := CASE WHEN v_ids[k] <> ALL (v_given) THEN v_ids[k] END;
        END LOOP;
    END LOOP;
    RETURN ARRAY(
        SELECT ROW(
            i.position, coalesce(v_ids[array_position(v_players, i.player)], i.user_id), i.score, i.game_mode,
            i.username, i.key, i.played_at, i.counted_at, i.ranking_id, i.player, i.metadata
        )::submission.item
        FROM unnest(p_all) AS i
        ORDER BY i.position
    );
END
$$;

COMMENT ON FUNCTION submission.number_players(submission.item[], submission.item[]) IS
    'Gives items of players with external ids their user ids.';
