-- Purpose:  rank_index.count_above for one total: the most frequent call, whose cost is mostly the start of its plan.
-- Args:     p_board_id; p_total  any total.
-- Returns:  one row: the players with a higher total, the players on the board. No row for an unknown board.
-- Note:     one plain SQL statement that the planner inlines: no SET, no SECURITY DEFINER, no CTE, no branch that one
--           total does not need.
CREATE OR REPLACE FUNCTION rank_index.count_above_one(p_board_id integer, p_total bigint)
RETURNS TABLE (above bigint, players bigint)
LANGUAGE sql STABLE
AS $$
    SELECT c.above, s.players + c.players
    FROM public.rank_state AS s
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(part.above), 0)::bigint AS above, coalesce(sum(part.players), 0)::bigint AS players
        FROM (
            SELECT coalesce(node.eights, 0) + coalesce(node.slots, 0) AS above, 0 AS players
            FROM (SELECT generate_series(0, s.top_shift, 6) AS shift) AS l
            CROSS JOIN LATERAL (
                SELECT unnest(n.players[((p_total >> l.shift) & 63) / 8 + 66 : 72]) AS eights,
                       unnest(n.players[((p_total >> l.shift) & 63) + 2 : ((p_total >> l.shift) & 56) + 8]) AS slots
                FROM public.rank_node AS n
                WHERE n.board_id = s.board_id AND n.shift = l.shift AND n.parent = p_total >> (l.shift + 6)
                OFFSET 0
            ) AS node
            UNION ALL
            SELECT unnest(n.players[65:72]), 0
            FROM public.rank_node AS n
            WHERE p_total < 0 AND n.board_id = s.board_id AND n.shift = s.top_shift
                AND n.parent > p_total >> (s.top_shift + 6)
            UNION ALL
            SELECT coalesce((d.new_total > p_total)::integer, 0) - coalesce((d.old_total > p_total)::integer, 0),
                   (d.new_total IS NOT NULL)::integer - (d.old_total IS NOT NULL)::integer
            FROM rank_index.pending_deltas(s.board_id, s.horizon, s.in_flight) AS d
        ) AS part
    ) AS c
    WHERE s.board_id = p_board_id
$$;

COMMENT ON FUNCTION rank_index.count_above_one(integer, bigint) IS
    'Players above one total, and on the board, from the rank index: exact at the snapshot.';
