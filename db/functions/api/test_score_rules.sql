-- Purpose:  whom score rules would have caught: tries them on the sessions that a board counted in the last days. It
--           changes nothing; to set rules, see api.set_score_rules.
-- Args:     p_board  name of the board; p_days  1 to 365
--           p_min_score, p_max_score, p_max_submissions_per_minute, p_max_gain_per_hour  as in api.set_score_rules
--           p_max_score_per_second  the highest score for each second since the player's session before, at most a day:
--           of a session with a play ticket that is the most that it can have lasted. NULL: not that rule; at least
--           one must be given
--           p_limit  1 to 1000.
-- Returns:  one row per player, those with most such sessions first: sessions, how many of theirs break a rule, each
--           taken with what was counted before it; worst_score, the best of these scores; rules, which rules they
--           break; when they came, the first and the last.
-- Errors:   LB001 for an invalid argument or no rule, LB010 when the board does not exist; 42501 for the service
--           without a key with the scope moderate or admin.
-- Locks:    none. STABLE. Cost: a scan of the ledger and a sort of what the board counts.
CREATE OR REPLACE FUNCTION api.test_score_rules(
    p_board text, p_days integer DEFAULT 7, p_min_score bigint DEFAULT NULL, p_max_score bigint DEFAULT NULL,
    p_max_submissions_per_minute integer DEFAULT NULL, p_max_gain_per_hour bigint DEFAULT NULL,
    p_max_score_per_second bigint DEFAULT NULL, p_limit integer DEFAULT 100
)
RETURNS TABLE (
    user_id integer, username text, sessions bigint, worst_score bigint, rules text[], first_at timestamptz,
    last_at timestamptz
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
DECLARE
    v_board public.boards;
BEGIN
    PERFORM internal.require_key(ARRAY['moderate', 'admin']);
    SELECT b.* INTO v_board FROM public.boards AS b WHERE b.id = board.board_id(p_board);
    IF p_days IS NULL OR p_days NOT BETWEEN 1 AND 365 THEN
        RAISE EXCEPTION 'days must be 1 to 365' USING ERRCODE = 'LB001';
    ELSIF p_limit IS NULL OR p_limit NOT BETWEEN 1 AND 1000 THEN
        RAISE EXCEPTION 'the limit must be 1 to 1000' USING ERRCODE = 'LB001';
    ELSIF num_nonnulls(
        p_min_score, p_max_score, p_max_submissions_per_minute, p_max_gain_per_hour, p_max_score_per_second
    ) = 0 THEN
        RAISE EXCEPTION 'give at least one rule to test' USING ERRCODE = 'LB001';
    ELSIF p_max_submissions_per_minute < 1 OR p_max_gain_per_hour < 1 OR p_max_score_per_second < 1 THEN
        RAISE EXCEPTION 'a limit must be at least 1' USING ERRCODE = 'LB001';
    END IF;
    RETURN QUERY
    SELECT c.user_id, u.username, c.sessions, CASE WHEN v_board.lowest_wins THEN -c.worst ELSE c.worst END, c.rules,
           c.first_at, c.last_at
    FROM (
        SELECT s.user_id, count(DISTINCT s.number) AS sessions, max(s.value) AS worst,
               array_agg(DISTINCT s.rule) AS rules, min(s.counted_at) AS first_at, max(s.counted_at) AS last_at
        FROM (
            SELECT j.*, r.rule
            FROM (
                SELECT row_number() OVER () AS number, m.*
                FROM moderation.judged_sessions(v_board, now() - p_days * interval '1 day') AS m
            ) AS j
            CROSS JOIN LATERAL (
                VALUES
                ('min_score', j.score < p_min_score),
                ('max_score', j.score > p_max_score),
                ('max_submissions_per_minute', j.minute > p_max_submissions_per_minute),
                ('max_gain_per_hour', CASE v_board.aggregate
                    WHEN 'sum' THEN j.value > 0 AND j.gained > p_max_gain_per_hour
                    WHEN 'count' THEN j.gained > p_max_gain_per_hour
                    WHEN 'first' THEN j.first IS NULL AND NOT v_board.lowest_wins AND j.value > p_max_gain_per_hour
                    ELSE (j.value <= j.total AND v_board.aggregate = 'best') IS NOT TRUE
                        AND j.value - coalesce(j.hour_ago, CASE WHEN v_board.lowest_wins THEN j.first ELSE 0 END)
                            > p_max_gain_per_hour
                END),
                ('max_score_per_second', j.score > p_max_score_per_second * j.seconds)
            ) AS r(rule, broken)
            WHERE r.broken
        ) AS s
        GROUP BY s.user_id
        ORDER BY sessions DESC, s.user_id
        LIMIT p_limit
    ) AS c
    JOIN public.users AS u ON u.id = c.user_id
    ORDER BY c.sessions DESC, c.user_id;
END
$$;

COMMENT ON FUNCTION api.test_score_rules(text, integer, bigint, bigint, integer, bigint, bigint, integer) IS
    'Whom score rules would have caught in the last days.';
