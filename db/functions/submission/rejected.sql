-- Purpose:  the outcome of an item that is refused.
-- Args:     p_item; p_error  SQLSTATE; p_message  what the caller is told.
-- Returns:  the outcome.
-- Note:     a plain expression that the planner inlines.
CREATE OR REPLACE FUNCTION submission.rejected(p_item submission.item, p_error text, p_message text)
RETURNS submission.outcome
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ROW(
    (p_item).position, 'rejected', nullif(greatest((p_item).user_id, 0), 0), (p_item).score, (p_item).game_mode,
    (p_item).key,
    NULL, NULL, NULL, NULL, p_error, p_message, (p_item).played_at, NULL, NULL, NULL, NULL
)::submission.outcome;

COMMENT ON FUNCTION submission.rejected(submission.item, text, text) IS 'The outcome of an item that is refused.';
