-- Purpose:  the sessions of a board with what score rules look at, to try rules on them.
-- Args:     p_board  a row of boards; p_since  sessions since then are wanted.
-- Returns:  one row per session that the board counts, counted since then, not void:
--           value     the score, negated if the lowest total wins
--           minute    sessions of the player that the board counts, within the minute before it, and itself
--           gained    on boards that add up or count: what the hour before it, and itself, have added to the total
--           total     on the other boards: the total just before it; NULL: none
--           hour_ago  that of an hour before; NULL: none
--           first     the player's first score there, as value; NULL for that session itself
--           seconds   since the player's session before it, at most a day.
--           All as it was counted. With seasons, totals are those of the season.
-- Note:     EXECUTE plans it for this board. It scans the ledger and sorts what the board counted since a day before
--           p_since; of boards that keep one score, since the season of p_since began.
CREATE OR REPLACE FUNCTION moderation.judged_sessions(p_board public.boards, p_since timestamptz)
RETURNS TABLE (
    user_id integer, score bigint, counted_at timestamptz, value bigint, minute bigint, gained numeric, total bigint,
    hour_ago bigint, first bigint, seconds double precision
)
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    v_adds CONSTANT boolean := p_board.aggregate IN ('sum', 'count');
    -- What is looked at: where totals keep one score, all that may have been in the seasons since then.
    v_from CONSTANT timestamptz := CASE WHEN v_adds THEN p_since - interval '1 day' ELSE coalesce((
        SELECT min(r.starts_at) - interval '1 hour'
        FROM public.rankings AS r
        WHERE r.board_id = p_board.id AND r.split = '' AND r.ends_at > p_since
    ), '-infinity') END;
BEGIN
    RETURN QUERY EXECUTE format(
        $query$
            SELECT s.user_id, s.score, s.counted_at, s.value, s.minute, %s,
                   extract(epoch FROM least(s.counted_at - s.before, interval '1 day'))::double precision
            FROM (
                SELECT g.user_id, g.score, g."timestamp" AS counted_at, g.value, count(*) OVER (
                           PARTITION BY g.user_id ORDER BY g.at
                           RANGE BETWEEN interval '59.999999 seconds' PRECEDING AND CURRENT ROW
                       ) AS minute, %s, coalesce(
                           lag(g."timestamp") OVER (PARTITION BY g.user_id ORDER BY g.at),
                           g."timestamp" - interval '1 day'
                       ) AS before
                FROM (
                    SELECT o.id, o.user_id, o.score, o."timestamp", r.id AS ranking_id,
                           -- in the order in which they were counted, those of one call too
                           o."timestamp" + interval '1 microsecond' * row_number() OVER (
                               PARTITION BY o.user_id, o."timestamp" ORDER BY o.id
                           ) AS at,
                           CASE WHEN ($1).lowest_wins THEN -o.score ELSE o.score END AS value
                    FROM public.game_sessions AS o
                    LEFT JOIN public.rankings AS r
                        ON r.board_id = ($1).id AND r.split = '' AND ($1).id <> r.id
                        AND r.starts_at <= coalesce(o.played_at, o."timestamp")
                        AND r.ends_at > coalesce(o.played_at, o."timestamp") AND r.ends_at > $3
                    WHERE board.counts($1, o.game_mode, o.score) AND o.void_id IS NULL
                        AND o."timestamp" > $3 AND o."timestamp" < 'infinity'
                ) AS g
            ) AS s
            WHERE s.counted_at >= $2
        $query$,
        CASE WHEN v_adds THEN 's.gained, NULL::bigint, NULL::bigint, NULL::bigint'
            ELSE 'NULL::numeric, s.total, s.hour_ago, s.first' END,
        CASE
            WHEN v_adds THEN format(
                'sum(%s) OVER (PARTITION BY g.user_id, g.ranking_id ORDER BY g.at'
                ' RANGE BETWEEN interval ''59 minutes 59.999999 seconds'' PRECEDING AND CURRENT ROW)::numeric'
                ' AS gained', CASE p_board.aggregate
                    WHEN 'count' THEN CASE WHEN p_board.lowest_wins THEN '0' ELSE '1' END
                    ELSE 'greatest(g.value, 0)'
                END
            )
            ELSE format(
                '%1$s(g.value) OVER (PARTITION BY g.user_id, g.ranking_id ORDER BY g.at'
                ' ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS total,'
                ' %1$s(g.value) OVER (PARTITION BY g.user_id, g.ranking_id ORDER BY g.at'
                ' RANGE BETWEEN UNBOUNDED PRECEDING AND interval ''1 hour'' PRECEDING) AS hour_ago,'
                ' first_value(g.value) OVER (PARTITION BY g.user_id, g.ranking_id ORDER BY g.at'
                ' ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS first',
                CASE p_board.aggregate WHEN 'best' THEN 'max' WHEN 'last' THEN 'last_value' ELSE 'first_value' END
            )
        END
    )
    USING p_board, p_since, v_from;
END
$$;

COMMENT ON FUNCTION moderation.judged_sessions(public.boards, timestamptz) IS
    'The sessions of a board with what score rules look at.';
