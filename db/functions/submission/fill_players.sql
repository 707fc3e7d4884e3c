-- Purpose:  fills the boards that are being filled from the ledger for the players of a call, so that what it adds to
--           their totals makes them exact.
-- Args:     p_items; p_now  time of the call.
-- Errors:   LB023 when a total would leave its range.
-- Locks:    the caller holds the boards lock and the players. Writes: leaderboard, and by its triggers the rank index.
CREATE OR REPLACE FUNCTION submission.fill_players(p_items submission.item[], p_now timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    v_rankings integer[];
    v_user_ids integer[];
BEGIN
    SELECT array_agg(DISTINCT m.id), array_agg(DISTINCT i.user_id) INTO v_rankings, v_user_ids
    FROM unnest(p_items) AS i
    CROSS JOIN LATERAL board.matching(
        i.game_mode, i.score, i.score, coalesce(i.played_at, i.counted_at, p_now), coalesce(i.counted_at, p_now)
    ) AS m
    WHERE m.filled_to < i.user_id;
    IF v_rankings IS NOT NULL THEN
        PERFORM FROM ledger.correct_totals(v_rankings, v_user_ids);
    END IF;
END
$$;

COMMENT ON FUNCTION submission.fill_players(submission.item[], timestamptz) IS
    'Fills boards that are being filled for the players of a call.';
