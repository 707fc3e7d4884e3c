-- Purpose:  checks that a play ticket is genuine and that of a player and a game mode. When it may be used,
--           submission.apply_ticket_rules checks.
-- Args:     p_ticket; p_user_id  NULL: a player who is not known yet; p_game_mode.
-- Returns:  NULL when it is; otherwise a sentence that says why not.
CREATE OR REPLACE FUNCTION submission.ticket_problem(p_ticket text, p_user_id bigint, p_game_mode text) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_ticket record;
BEGIN
    SELECT t.* INTO v_ticket FROM submission.read_ticket(p_ticket) AS t;
    RETURN CASE
        WHEN v_ticket.user_id IS NULL THEN 'the play ticket is not genuine'
        WHEN v_ticket.user_id IS DISTINCT FROM p_user_id THEN 'the play ticket is that of another player'
        WHEN v_ticket.mode_digest <> submission.mode_digest(p_game_mode)
            THEN 'the play ticket is that of another game mode'
    END;
END
$$;

COMMENT ON FUNCTION submission.ticket_problem(text, bigint, text) IS
    'Why a play ticket is not that of a player and game mode; NULL: it is.';
