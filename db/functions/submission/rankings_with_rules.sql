-- Purpose:  the rankings on which items would count and whose boards have rules beyond their bounds.
-- Args:     p_items; p_now  time of the call.
-- Returns:  one row per ranking, in the order of boards and times: the board and the ranking. A season that has no
--           ranking yet, because no session needed it, has one without an id.
CREATE OR REPLACE FUNCTION submission.rankings_with_rules(p_items submission.item[], p_now timestamptz)
RETURNS TABLE (board public.boards, ranking public.rankings)
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN QUERY
    SELECT b, r.ranking
    FROM (
        SELECT DISTINCT m.id, coalesce(i.played_at, i.counted_at, p_now) AS played,
               coalesce(i.counted_at, p_now) AS counted
        FROM unnest(p_items) AS i
        CROSS JOIN LATERAL board.matching_boards(i.game_mode, i.score, i.score) AS m
        WHERE m.max_submissions_per_minute IS NOT NULL OR m.max_gain_per_hour IS NOT NULL
    ) AS t
    JOIN public.boards AS b ON b.id = t.id
    CROSS JOIN LATERAL (
        SELECT l AS ranking
        FROM public.rankings AS l
        WHERE l.board_id = t.id AND l.split = '' AND l.starts_at <= t.played AND l.ends_at > t.played
            AND l.deadline > t.counted AND l.closing_xid IS NULL
        UNION ALL
        SELECT v
        FROM board.season_at(b, t.played) AS s
        CROSS JOIN LATERAL jsonb_populate_record(NULL::public.rankings, jsonb_build_object(
            'board_id', b.id, 'number', s.number, 'starts_at', s.starts_at, 'ends_at', s.ends_at,
            'deadline', s.ends_at + b.grace
        )) AS v
        WHERE b.period IS NOT NULL AND v.deadline > t.counted AND NOT EXISTS (
            SELECT FROM public.rankings AS l
            WHERE l.board_id = t.id AND l.split = '' AND l.starts_at <= t.played AND l.ends_at > t.played
        )
    ) AS r
    GROUP BY b.id, b, r.ranking
    ORDER BY b.id, (r.ranking).starts_at;
END
$$;

COMMENT ON FUNCTION submission.rankings_with_rules(submission.item[], timestamptz) IS
    'The rankings on which items would count and whose boards have rules beyond their bounds.';
