-- Purpose:  checks totals and ranks of some players, cheaply enough for a schedule. api.verify_leaderboard checks all.
-- Args:     p_players  how many players, 1 to 1000; each call draws others.
-- Returns:  the differences; no row means healthy. check_name 'total': subject is the user id, expected the total of
--           the ledger (NULL: none), found that of leaderboard (NULL: none). 'tie': the same of leaderboard.tie.
--           'rank_index': subject names a range of totals around a player, or above the best one drawn, negated if the
--           lowest total wins; expected is the number of players that leaderboard has there, found that of the index.
--           If there are differences, a NOTICE says how to repair them, as in
--           api.verify_leaderboard.
-- Errors:   LB001 for NULL or a number outside 1 to 1000.
-- Locks:    none. STABLE: one snapshot. Cost: for each player drawn the ledger rows, an index range of some 50 players
--           (more where many share a total) and the pending deltas; for each board one range of 5,000 players, and one
--           of about 1/p_players of the board.
CREATE OR REPLACE FUNCTION api.verify_sample(p_players integer DEFAULT 100)
RETURNS TABLE (board text, check_name text, subject text, expected bigint, found bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_custom_plan SET jit = off
AS $$
DECLARE
    v_last integer := (SELECT max(u.id) FROM public.users AS u);
    v_user_ids integer[];
    v_differ boolean;
BEGIN
    IF p_players IS NULL OR p_players NOT BETWEEN 1 AND 1000 THEN
        RAISE EXCEPTION 'a sample has 1 to 1000 players, not %', coalesce(p_players::text, 'NULL')
            USING ERRCODE = 'LB001';
    END IF;
    -- The first player from a random id on. Drawn from users, so that players missing in leaderboard are found too.
    WITH place AS MATERIALIZED (
        SELECT 1 + floor(random() * v_last)::integer AS id FROM generate_series(1, p_players)
    )
    SELECT coalesce(array_agg(DISTINCT u.id), '{}')
    INTO v_user_ids
    FROM place AS p
    CROSS JOIN LATERAL (SELECT x.id FROM public.users AS x WHERE x.id >= p.id ORDER BY x.id LIMIT 1) AS u;

    RETURN QUERY
    SELECT r.label, c.name, d.user_id::text, CASE c.name WHEN 'tie' THEN d.tie ELSE d.expected * r.sign END,
           CASE c.name WHEN 'tie' THEN d.found_tie ELSE d.found * r.sign END
    FROM board.live_rankings(NULL) AS r
    CROSS JOIN LATERAL ledger.total_differences(r.id, v_user_ids) AS d
    CROSS JOIN LATERAL (SELECT CASE d.expected WHEN d.found THEN 'tie' ELSE 'total' END) AS c(name)
    WHERE coalesce(d.user_id <= r.filled_to, true);
    v_differ := FOUND;

    IF EXISTS (SELECT FROM public.boards AS b WHERE b.split_by IS NOT NULL) THEN
        RETURN QUERY
        SELECT r.label || '/' || d.split, c.name, d.user_id::text,
               CASE c.name WHEN 'tie' THEN d.tie ELSE d.expected * r.sign END,
               CASE c.name WHEN 'tie' THEN d.found_tie ELSE d.found * r.sign END
        FROM board.live_rankings(NULL) AS r
        CROSS JOIN LATERAL board.split_differences(r.id, v_user_ids) AS d
        CROSS JOIN LATERAL (SELECT CASE d.expected WHEN d.found THEN 'tie' ELSE 'total' END) AS c(name);
        v_differ := v_differ OR FOUND;
    END IF;

    RETURN QUERY
    WITH live AS MATERIALIZED (
        SELECT r.id, r.label FROM board.live_rankings(NULL) AS r
        UNION ALL
        SELECT s.id, s.label FROM board.live_splits(NULL) AS s
    ), total AS MATERIALIZED (
        SELECT l.board_id, l.total_score
        FROM public.leaderboard AS l
        WHERE l.user_id = ANY (v_user_ids) AND l.board_id IN (SELECT r.id FROM live AS r)
    ), drawn AS MATERIALIZED (
        SELECT l.board_id, l.total_score AS highest, 50 AS places FROM total AS l GROUP BY l.board_id, l.total_score
        UNION ALL
        -- An error high up in the tree cancels out in a narrow range, so one range of each board is wide.
        SELECT l.board_id, max(l.total_score), 5000 FROM total AS l GROUP BY l.board_id
    ), span AS MATERIALIZED (
        SELECT d.board_id, d.highest, coalesce((
            SELECT l.total_score
            FROM public.leaderboard AS l
            WHERE l.board_id = d.board_id AND l.total_score <= d.highest
            ORDER BY l.total_score DESC, l.user_id
            OFFSET d.places LIMIT 1
        ), (SELECT min(l.total_score) FROM public.leaderboard AS l WHERE l.board_id = d.board_id)) AS lowest
        FROM drawn AS d
        UNION ALL
        SELECT d.board_id, NULL, max(d.highest) + 1 FROM drawn AS d GROUP BY d.board_id
    ), counted AS MATERIALIZED (  -- once per range, and not once more for each board that the join tries
        SELECT s.board_id, s.lowest, s.highest, (
            SELECT count(*)
            FROM public.leaderboard AS l
            WHERE l.board_id = s.board_id AND l.total_score >= s.lowest
                AND l.total_score <= coalesce(s.highest, 9223372036854775807)
        ) AS expected, (
            SELECT sum(CASE WHEN c.total = s.highest THEN -c.above ELSE c.above END)::bigint
            FROM rank_index.count_above(s.board_id, CASE
                WHEN s.highest IS NULL THEN ARRAY[s.lowest - 1]
                ELSE ARRAY[s.lowest - 1, s.highest]
            END) AS c
        ) AS found
        FROM span AS s
    )
    SELECT DISTINCT r.label, 'rank_index', concat('totals from ', c.lowest, ' to ' || c.highest), c.expected, c.found
    FROM counted AS c
    JOIN live AS r ON r.id = c.board_id
    WHERE c.expected IS DISTINCT FROM c.found;
    IF FOUND OR v_differ THEN
        RAISE NOTICE 'there are differences' USING HINT = internal.repair_hint();
    END IF;
END
$$;

COMMENT ON FUNCTION api.verify_sample(integer) IS
    'Checks totals and ranks of some players, others at each call; no row means healthy.';
