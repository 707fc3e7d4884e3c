-- Purpose:  registers the players of a call that do not exist yet. Score rules come first, so that a refused item
--           registers no player.
-- Args:     p_items; p_rules  whether a board has score rules.
-- Returns:  the outcomes of refused items: refused by a score rule, or LB020 because the requested name is taken.
-- Errors:   LB031 when a player is deleted during the call.
-- Locks:    the caller holds the boards lock; see submission.register_players. Writes: users, rejected_submissions.
CREATE OR REPLACE FUNCTION submission.register_new_players(p_items submission.item[], p_rules boolean)
RETURNS submission.outcome[]
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_outcomes submission.outcome[] := '{}';
    v_items    submission.item[] := submission.items_of_unknown_players(p_items);
BEGIN
    IF p_rules THEN
        v_outcomes := submission.apply_score_rules(v_items, clock_timestamp());
        v_items := submission.pending_items(v_items, v_outcomes);
    END IF;
    IF v_items = '{}' THEN
        RETURN v_outcomes;
    END IF;
    PERFORM submission.register_players(
        array_agg(i.user_id ORDER BY i.position), array_agg(internal.to_nfc(i.username) ORDER BY i.position)
    )
    FROM unnest(v_items) AS i;

    -- Still unknown are players whose name is taken, and players that were deleted a moment ago.
    v_items := submission.items_of_unknown_players(v_items);
    IF EXISTS (
        SELECT FROM unnest(v_items) AS i
        GROUP BY i.user_id
        HAVING count((SELECT u.id FROM public.users AS u WHERE u.username = internal.to_nfc(i.username))) = 0
    ) THEN
        RAISE EXCEPTION 'a player was deleted during the call; nothing was counted, please retry'
            USING ERRCODE = 'LB031';
    END IF;
    RETURN v_outcomes || ARRAY(
        SELECT submission.rejected(
            i, 'LB020', 'the username asked for player ' || i.user_id || ' is taken: choose another, or leave it out'
        )
        FROM unnest(v_items) AS i
    );
END
$$;

COMMENT ON FUNCTION submission.register_new_players(submission.item[], boolean) IS
    'Registers the new players of a call and returns the outcomes of items that are refused.';
