-- Purpose:  the totals right after each item, where a player has several items in a call.
-- Args:     p_counted  outcomes of all counted items, with the totals after the call, of a board that adds scores up.
-- Returns:  the outcomes; from each total the later scores of the player are subtracted.
CREATE OR REPLACE FUNCTION submission.running_totals(p_counted submission.outcome[]) RETURNS submission.outcome[]
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN ARRAY(
        SELECT ROW(
            c.position, c.status, c.user_id, c.score, c.game_mode, c.key, c.session_id,
            (c.total_score - coalesce(sum(c.score) OVER later, 0))::bigint, NULL, NULL, NULL, NULL, c.played_at
        )::submission.outcome
        FROM unnest(p_counted) AS c
        WINDOW later AS (
            PARTITION BY c.user_id ORDER BY c.position DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        )
    );
END
$$;

COMMENT ON FUNCTION submission.running_totals(submission.outcome[]) IS
    'The totals right after each item, where a player has several.';
