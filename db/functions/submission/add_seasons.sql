-- Purpose:  makes sure that the seasons exist on which items count, before they are counted.
-- Args:     p_items; p_now  time of the call.
-- Locks:    the caller holds the boards lock. Writes: rankings, rank_state.
CREATE OR REPLACE FUNCTION submission.add_seasons(p_items submission.item[], p_now timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    v_missing record;
BEGIN
    FOR v_missing IN
        SELECT m.id, array_agg(DISTINCT g.played) AS times
        FROM (
            SELECT i.game_mode, coalesce(i.played_at, i.counted_at, p_now) AS played, min(i.score) AS lowest,
                   max(i.score) AS highest
            FROM unnest(p_items) AS i
            GROUP BY 1, 2
        ) AS g
        CROSS JOIN LATERAL board.matching_boards(g.game_mode, g.lowest, g.highest) AS m
        LEFT JOIN LATERAL board.latest_ranking(m.id, g.played) AS r ON true
        WHERE m.period IS NOT NULL AND coalesce(r.ends_at <= g.played, true)
        GROUP BY m.id
        ORDER BY m.id
    LOOP
        PERFORM board.add_seasons(b, v_missing.times, p_now) FROM public.boards AS b WHERE b.id = v_missing.id;
    END LOOP;
END
$$;

COMMENT ON FUNCTION submission.add_seasons(submission.item[], timestamptz) IS
    'Makes sure that the seasons exist on which items count.';
