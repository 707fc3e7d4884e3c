-- Purpose:  which of the steps of submission.count_submissions a call needs.
-- Args:     p_items; p_board_id  the board whose totals are returned.
-- Returns:  user_ids: the players; has_keys; tickets: whether a board demands tickets, or items have some; players: how
--           many have a total on the board; large: whether a total may leave its range; rules: whether a board has
--           score rules; best, last, first, periods, splits: whether a board keeps that score, has periods, is split;
--           filling: whether a board is being filled. Only boards that may count an item.
-- Note:     one statement, because starting one costs more than what it reads. Large are scores above 2^31 and totals
--           above 2^51: while a call waits for a player, it would take 3,000 others of 1,000 scores to get from there
--           to 2^53.
CREATE OR REPLACE FUNCTION submission.call_needs(
    p_items submission.item[], p_board_id integer, OUT user_ids integer[], OUT has_keys boolean, OUT tickets boolean,
    OUT players bigint, OUT large boolean, OUT rules boolean, OUT best boolean, OUT last boolean, OUT first boolean,
    OUT periods boolean, OUT splits boolean, OUT filling boolean
)
RETURNS record
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    SELECT i.user_ids, i.has_keys, i.has_tickets OR b.demands_ticket, l.players,
           i.largest > 2147483648 OR l.largest > 2251799813685248, b.rules, b.best, b.last, b.first, b.periods,
           b.splits, EXISTS (SELECT FROM public.rankings AS r WHERE r.filled_to IS NOT NULL AND r.closing_xid IS NULL)
    INTO user_ids, has_keys, tickets, players, large, rules, best, last, first, periods, splits, filling
    FROM (
        SELECT array_agg(DISTINCT s.user_id) AS user_ids, count(s.key) > 0 AS has_keys, max(abs(s.score)) AS largest,
               bool_or(s.key ~ '^play1') AS has_tickets
        FROM unnest(p_items) AS s
    ) AS i
    CROSS JOIN (
        SELECT bool_or(m.max_submissions_per_minute IS NOT NULL OR m.max_gain_per_hour IS NOT NULL) AS rules,
               bool_or(m.require_ticket) AS demands_ticket, bool_or(m.aggregate = 'best') AS best,
               bool_or(m.aggregate = 'last') AS last, bool_or(m.aggregate = 'first') AS first,
               bool_or(m.period IS NOT NULL) AS periods, bool_or(m.split_by IS NOT NULL) AS splits
        FROM (
            SELECT o.game_mode, min(o.score) AS lowest, max(o.score) AS highest
            FROM unnest(p_items) AS o
            GROUP BY o.game_mode
        ) AS g
        CROSS JOIN LATERAL board.matching_boards(g.game_mode, g.lowest, g.highest) AS m
    ) AS b
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE t.board_id = p_board_id) AS players, max(abs(t.total_score)) AS largest
        FROM public.leaderboard AS t
        WHERE t.user_id = ANY (i.user_ids)
    ) AS l;
END
$$;

COMMENT ON FUNCTION submission.call_needs(submission.item[], integer) IS 'Which steps a call needs.';
