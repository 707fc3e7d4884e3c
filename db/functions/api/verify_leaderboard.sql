-- Purpose:  checks totals against the ledger, and the rank index against the totals, in one snapshot, while the service
--           runs. Of a board that is being filled it checks the players that are done.
-- Args:     p_board  name of the board; NULL for all.
-- Returns:  the differences; no row means healthy. board: with the season and the split if it has some, as in
--           'daily@12' or 'daily@12/DE'. The totals of a split are checked against those of all players. check_name
--           'total': subject is the user id, expected the total of the ledger, found that of leaderboard (NULL: none).
--           'tie': the same of leaderboard.tie. 'rank_index': subject names level and position of the slot ('players':
--           the whole ranking), expected the number of players that leaderboard has there, found that of the index
--           (NULL: none); a slot of a board where the lowest total wins holds negated totals. 'orphan': players of a
--           board that does not exist. 'archive': players that a closed season had, and has. If there are differences,
--           a NOTICE says how to repair them: api.rebuild_leaderboard() repairs all but archives. For their causes see
--           docs/sql.md.
-- Errors:   LB010 when the board does not exist.
-- Locks:    none. STABLE. Cost: a scan of the ledger and of the board.
CREATE OR REPLACE FUNCTION api.verify_leaderboard(p_board text DEFAULT NULL)
RETURNS TABLE (board text, check_name text, subject text, expected bigint, found bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
BEGIN
    IF p_board IS NOT NULL THEN
        PERFORM board.board_id(p_board);
    END IF;
    RETURN QUERY
    SELECT l.label, c.name, d.user_id::text, CASE c.name WHEN 'tie' THEN d.tie ELSE d.expected * l.sign END,
           CASE c.name WHEN 'tie' THEN d.found_tie ELSE d.found * l.sign END
    FROM board.live_rankings(p_board) AS l
    CROSS JOIN LATERAL ledger.total_differences(l.id) AS d
    CROSS JOIN LATERAL (SELECT CASE d.expected WHEN d.found THEN 'tie' ELSE 'total' END) AS c(name)
    WHERE coalesce(d.user_id <= l.filled_to, true)
    UNION ALL
    SELECT s.label, c.name, d.user_id::text, CASE c.name WHEN 'tie' THEN d.tie ELSE d.expected * l.sign END,
           CASE c.name WHEN 'tie' THEN d.found_tie ELSE d.found * l.sign END
    FROM board.live_rankings(p_board) AS l
    CROSS JOIN LATERAL board.split_differences(l.id) AS d
    CROSS JOIN LATERAL (SELECT CASE d.expected WHEN d.found THEN 'tie' ELSE 'total' END) AS c(name)
    CROSS JOIN LATERAL (SELECT l.label || '/' || d.split) AS s(label)
    UNION ALL
    SELECT l.label, 'rank_index', coalesce('level ' || d.shift / 6 || ' position ' || d.position, 'players'),
           d.expected, d.found
    FROM (
        SELECT r.id, r.label FROM board.live_rankings(p_board) AS r
        UNION ALL
        SELECT s.id, s.label FROM board.live_splits(p_board) AS s
    ) AS l
    CROSS JOIN LATERAL rank_index.differences(l.id) AS d
    UNION ALL
    SELECT l.label, 'rank_index', 'players', (
        SELECT count(*) FROM public.leaderboard AS t WHERE t.board_id = l.id
    ), NULL
    FROM (
        SELECT r.id, r.label FROM board.live_rankings(p_board) AS r
        UNION ALL
        SELECT s.id, s.label FROM board.live_splits(p_board) AS s
    ) AS l
    WHERE NOT EXISTS (SELECT FROM public.rank_state AS s WHERE s.board_id = l.id)
    UNION ALL
    -- The next call adds seasons of a period that are missing.
    SELECT b.name, 'rank_index', 'players', 0, NULL
    FROM public.boards AS b
    WHERE (p_board IS NULL OR b.name = p_board) AND b.period IS NULL
        AND NOT EXISTS (SELECT FROM public.rankings AS r WHERE r.board_id = b.id)
    UNION ALL
    SELECT concat(b.name, '@', r.number, '/' || nullif(r.split, '')), 'archive', 'players', r.players,
           coalesce(sum(cardinality(s.user_ids)), 0)::bigint
    FROM public.boards AS b
    JOIN public.rankings AS r ON r.board_id = b.id AND r.closed_at IS NOT NULL
    LEFT JOIN public.season_places AS s ON s.ranking_id = r.id
    WHERE p_board IS NULL OR b.name = p_board
    GROUP BY b.name, r.id
    HAVING r.players IS DISTINCT FROM coalesce(sum(cardinality(s.user_ids)), 0)
        OR r.players <> max(s.first_place + cardinality(s.user_ids) - 1)
    UNION ALL
    SELECT NULL, 'orphan', 'board id ' || l.board_id, 0, count(*)
    FROM public.leaderboard AS l
    WHERE p_board IS NULL AND NOT EXISTS (SELECT FROM public.rankings AS r WHERE r.id = l.board_id)
    GROUP BY l.board_id;
    IF FOUND THEN
        RAISE NOTICE 'there are differences' USING HINT = internal.repair_hint();
    END IF;
END
$$;

COMMENT ON FUNCTION api.verify_leaderboard(text) IS
    'Checks totals against the ledger and the rank index against the totals; no row means healthy.';
