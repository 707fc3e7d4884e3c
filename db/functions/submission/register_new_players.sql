-- Purpose:  registers the players of a call that do not exist yet. Rules come first, so that a refused item registers
--           no player.
-- Args:     p_items; p_rules  whether a board has score rules; p_tickets  whether one demands tickets, or items have
--           some.
-- Returns:  outcomes: of refused items: refused by a rule, or LB020 because the requested name is taken
--           items: all of p_items, those of players with external ids with their user ids: until then, the ones of
--           unknown players have negative ones.
-- Errors:   LB031 when a player is deleted during the call.
-- Locks:    the caller holds the boards lock. The registration lock, exclusive for new external ids; see
--           submission.register_players. Writes: users, player_ids, rejected_submissions.
CREATE OR REPLACE FUNCTION submission.register_new_players(
    p_items submission.item[], p_rules boolean, p_tickets boolean, OUT outcomes submission.outcome[],
    OUT items submission.item[]
)
RETURNS record
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_items submission.item[] := submission.items_of_unknown_players(p_items);
BEGIN
    items := p_items;
    outcomes := submission.apply_rules(v_items, p_rules, p_tickets, clock_timestamp());
    v_items := submission.pending_items(v_items, outcomes);
    IF EXISTS (SELECT FROM unnest(v_items) AS i WHERE i.player IS NOT NULL) THEN
        -- One call at a time adds external ids, so that none gets two players.
        PERFORM internal.lock_registration();
        items := submission.number_players(v_items, p_items);
        v_items := submission.items_of_unknown_players(submission.pending_items(items, outcomes));
    END IF;
    IF v_items = '{}' THEN
        RETURN;
    END IF;
    PERFORM submission.register_players(
        array_agg(i.user_id ORDER BY i.position), array_agg(internal.to_nfc(i.username) ORDER BY i.position)
    )
    FROM unnest(v_items) AS i;
    IF EXISTS (SELECT FROM unnest(v_items) AS i WHERE i.player IS NOT NULL) THEN
        INSERT INTO public.player_ids (external_id, user_id)
        SELECT DISTINCT i.player, i.user_id
        FROM unnest(v_items) AS i
        WHERE i.player IS NOT NULL AND (SELECT u.id FROM public.users AS u WHERE u.id = i.user_id) IS NOT NULL
        ORDER BY i.player
        ON CONFLICT DO NOTHING;
    END IF;

    -- Still unknown are players whose name is taken, and players that were deleted a moment ago.
    v_items := submission.items_of_unknown_players(v_items);
    IF EXISTS (
        SELECT FROM unnest(v_items) AS i
        GROUP BY i.user_id
        HAVING count((SELECT u.id FROM public.users AS u WHERE u.username = internal.to_nfc(i.username) LIMIT 1)) = 0
    ) THEN
        RAISE EXCEPTION 'a player was deleted during the call; nothing was counted, please retry'
            USING ERRCODE = 'LB031';
    END IF;
    outcomes := outcomes || ARRAY(
        SELECT submission.rejected(
            i, 'LB020', 'the username asked for player ' || coalesce(i.player, i.user_id::text)
                || ' is taken: choose another, or leave it out'
        )
        FROM unnest(v_items) AS i
    );
END
$$;

COMMENT ON FUNCTION submission.register_new_players(submission.item[], boolean, boolean) IS
    'Registers the new players of a call and returns the outcomes of items that are refused.';
