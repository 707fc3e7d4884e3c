-- Purpose:  the slots of a board's rank index, at every level, whose count differs from leaderboard.
-- Args:     p_board_id.
-- Returns:  one row per slot (or sum of eight slots, named by the first of them): shift of its level, position (total
--           >> shift), players expected, players found (tree + pending deltas). NULLs for shift and position: the
--           number of players on the board.
CREATE OR REPLACE FUNCTION rank_index.differences(p_board_id integer)
RETURNS TABLE (shift integer, "position" bigint, expected bigint, found bigint)
LANGUAGE sql STABLE
AS $$
    WITH level AS (
        SELECT s.board_id, l.shift
        FROM public.rank_state AS s
        CROSS JOIN LATERAL generate_series(0, s.top_shift, 6) AS l(shift)
        WHERE s.board_id = p_board_id
    ), total AS MATERIALIZED (
        SELECT l.total_score AS total, count(*) AS players
        FROM public.leaderboard AS l
        WHERE l.board_id = p_board_id
        GROUP BY l.total_score
    ), expected AS (
        SELECT level.shift, total.total >> level.shift AS position, sum(total.players)::bigint AS players
        FROM level
        CROSS JOIN total
        GROUP BY level.shift, total.total >> level.shift
    ), pending AS MATERIALIZED (
        SELECT d.old_total, d.new_total
        FROM public.rank_state AS s
        CROSS JOIN LATERAL rank_index.pending_deltas(s.board_id, s.horizon, s.in_flight) AS d
        WHERE s.board_id = p_board_id
    ), found AS (
        SELECT c.shift, c.position, sum(c.players)::bigint AS players
        FROM (
            SELECT n.shift::integer AS shift, n.parent * 64 + slot.number - 1 AS position,
                   slot.players::bigint AS players
            FROM public.rank_node AS n
            CROSS JOIN LATERAL unnest(n.players[1:64]) WITH ORDINALITY AS slot(players, number)
            WHERE n.board_id = p_board_id AND slot.players <> 0
            UNION ALL
            SELECT level.shift, p.new_total >> level.shift, 1
            FROM level
            CROSS JOIN pending AS p
            WHERE p.new_total IS NOT NULL
            UNION ALL
            SELECT level.shift, p.old_total >> level.shift, -1
            FROM level
            CROSS JOIN pending AS p
            WHERE p.old_total IS NOT NULL
        ) AS c
        GROUP BY c.shift, c.position
        HAVING sum(c.players) <> 0
    )
    SELECT coalesce(e.shift, f.shift), coalesce(e.position, f.position), coalesce(e.players, 0), coalesce(f.players, 0)
    FROM expected AS e
    FULL JOIN found AS f ON f.shift = e.shift AND f.position = e.position
    WHERE e.players IS DISTINCT FROM f.players
    UNION ALL
    SELECT n.shift, n.parent * 64 + g * 8, slots.players, n.players[65 + g]
    FROM public.rank_node AS n
    CROSS JOIN generate_series(0, 7) AS g
    CROSS JOIN LATERAL (
        SELECT sum(slot.players) AS players FROM unnest(n.players[g * 8 + 1 : g * 8 + 8]) AS slot(players)
    ) AS slots
    WHERE n.board_id = p_board_id AND n.players[65 + g] <> slots.players
    UNION ALL
    SELECT NULL, NULL, (SELECT coalesce(sum(t.players), 0) FROM total AS t)::bigint, c.players
    FROM rank_index.count_above_one(p_board_id, 0) AS c
    WHERE c.players <> (SELECT coalesce(sum(t.players), 0) FROM total AS t)
$$;

COMMENT ON FUNCTION rank_index.differences(integer) IS
    'The slots of a board''s rank index whose count differs from leaderboard.';
