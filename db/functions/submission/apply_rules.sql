-- Purpose:  checks items against the rules of every board that counts them.
-- Args:     p_items  items whose keys are new; p_rules  whether a board has score rules; p_tickets  whether one demands
--           tickets, or items have some; p_now  time of the call.
-- Returns:  the outcomes of the refused items.
-- Locks:    the caller holds the boards lock and, except for new players, the players. Writes: rejected_submissions.
CREATE OR REPLACE FUNCTION submission.apply_rules(
    p_items submission.item[], p_rules boolean, p_tickets boolean, p_now timestamptz
)
RETURNS submission.outcome[]
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    v_outcomes submission.outcome[] := '{}';
BEGIN
    IF p_tickets THEN
        v_outcomes := submission.apply_ticket_rules(p_items, p_now);
    END IF;
    IF p_rules THEN
        v_outcomes := v_outcomes
            || submission.apply_score_rules(submission.pending_items(p_items, v_outcomes), p_now);
    END IF;
    RETURN v_outcomes;
END
$$;

COMMENT ON FUNCTION submission.apply_rules(submission.item[], boolean, boolean, timestamptz) IS
    'The outcomes of items that break a rule of a board that counts them.';
