-- Purpose:  performs an act of moderation, or, as a dry run, performs it and takes it back.
-- Args:     p_action  void, restore, ban, hide, unban or undo; p_operator  who does it; p_reason  why; p_dry_run
--           p_user_ids, p_until  of ban, hide and unban: see moderation.change_players
--           p_user_id, p_session_id, p_from, p_to, p_above, p_board, p_act  of void and restore: see
--           moderation.change_sessions. p_act is also that of undo.
-- Returns:  one row: act, the id of the act, NULL for a dry run or if there was nothing to change; how many sessions,
--           players and ranks it changes.
-- Errors:   those of moderation.require_author and of the function that it calls.
-- Locks, writes: see there. A dry run changes nothing, but locks what it would change.
CREATE OR REPLACE FUNCTION moderation.perform(
    p_action text, p_operator text, p_reason text, p_dry_run boolean, p_user_ids bigint[] DEFAULT NULL,
    p_until timestamptz DEFAULT NULL, p_user_id bigint DEFAULT NULL, p_session_id bigint DEFAULT NULL,
    p_from timestamptz DEFAULT NULL, p_to timestamptz DEFAULT NULL, p_above bigint DEFAULT NULL,
    p_board text DEFAULT NULL, p_act bigint DEFAULT NULL,
    OUT act bigint, OUT sessions bigint, OUT players bigint, OUT ranks bigint
)
RETURNS record
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    PERFORM moderation.require_author(p_operator, p_reason);
    BEGIN
        IF p_action IN ('void', 'restore') THEN
            SELECT c.act, c.sessions, c.players, c.ranks INTO act, sessions, players, ranks
            FROM moderation.change_sessions(
                p_action, p_operator, p_reason, p_user_id, p_session_id, p_from, p_to, p_above, p_board, p_act
            ) AS c;
        ELSIF p_action = 'undo' THEN
            SELECT c.act, c.sessions, c.players, c.ranks INTO act, sessions, players, ranks
            FROM moderation.undo(p_operator, p_reason, p_act) AS c;
        ELSE
            SELECT c.act, c.sessions, c.players, c.ranks INTO act, sessions, players, ranks
            FROM moderation.change_players(p_action, p_operator, p_reason, p_user_ids, p_until) AS c;
        END IF;
        IF p_dry_run THEN
            RAISE EXCEPTION USING ERRCODE = 'DRY00', MESSAGE = 'undoes all of it';
        END IF;
    EXCEPTION
        WHEN SQLSTATE 'DRY00' THEN
            act := NULL;
    END;
END
$$;

COMMENT ON FUNCTION moderation.perform(
    text, text, text, boolean, bigint[], timestamptz, bigint, bigint, timestamptz, timestamptz, bigint, text, bigint
) IS 'Performs an act of moderation, or says what that would change.';
