-- Purpose:  the totals right after each item, where a player has several items in a call.
-- Args:     p_counted    outcomes of all counted items, with the totals after the call
--           p_aggregate  of the board: sum or count; others: the totals stay.
-- Returns:  the outcomes; from each total what the later items of the player added is subtracted.
CREATE OR REPLACE FUNCTION submission.running_totals(p_counted submission.outcome[], p_aggregate text)
RETURNS submission.outcome[]
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN ARRAY(
        SELECT ROW(
            c.position, c.status, c.user_id, c.score, c.game_mode, c.key, c.session_id,
            (c.total_score - coalesce(sum(
                CASE p_aggregate WHEN 'count' THEN 1 ELSE c.score END
            ) OVER later, 0))::bigint,
            NULL, NULL, NULL, NULL, c.played_at, c.counted_at, c.ranking_id, NULL, NULL
        )::submission.outcome
        FROM unnest(p_counted) AS c
        WINDOW later AS (
            PARTITION BY c.user_id, c.ranking_id ORDER BY c.position DESC
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        )
    );
END
$$;

COMMENT ON FUNCTION submission.running_totals(submission.outcome[], text) IS
    'The totals right after each item, where a player has several.';
