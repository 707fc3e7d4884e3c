-- Purpose:  how many players of a board have a higher total: the rank index read at each of the totals, exact at the
--           snapshot of the statement. At each level of the tree it counts the players to the right of the total's own
--           slot, and then the pending deltas. Counting by ranges of doubling size is an order-statistic (Fenwick) tree
--           (P. Fenwick, A new data structure for cumulative frequency tables, 1994), here with 64 children per node.
-- Args:     p_board_id; p_totals  any totals, in any order.
-- Returns:  one row per element: the total, the players with a higher total, the players on the board. No row for an
--           unknown board.
-- Note:     one plain SQL statement that the planner inlines: no SET, no SECURITY DEFINER. It reads the pending deltas
--           once for all totals: the cost is the sum of both, not the product. For one total see
--           rank_index.count_above_one.
CREATE OR REPLACE FUNCTION rank_index.count_above(p_board_id integer, p_totals bigint[])
RETURNS TABLE (total bigint, above bigint, players bigint)
LANGUAGE sql STABLE
AS $$
    SELECT q.total, tree.above + q.above, s.players + q.players
    FROM public.rank_state AS s
    CROSS JOIN LATERAL (
        -- The pending deltas, netted by total and summed from the highest total down, past the requested totals.
        SELECT w.total, w.above, w.players
        FROM (
            SELECT e.total, e.asked,
                   sum(e.change) OVER (ORDER BY e.total DESC, e.asked DESC ROWS UNBOUNDED PRECEDING) AS above,
                   sum(e.change) OVER () AS players
            FROM (
                SELECT a.total, true AS asked, 0 AS change
                FROM unnest(p_totals) AS a(total)
                UNION ALL
                SELECT c.total, false, sum(c.change)::integer
                FROM (
                    SELECT d.new_total AS total, 1 AS change
                    FROM rank_index.pending_deltas(s.board_id, s.horizon, s.in_flight) AS d
                    WHERE d.new_total IS NOT NULL
                    UNION ALL
                    SELECT d.old_total, -1
                    FROM rank_index.pending_deltas(s.board_id, s.horizon, s.in_flight) AS d
                    WHERE d.old_total IS NOT NULL
                ) AS c
                GROUP BY c.total
            ) AS e
        ) AS w
        WHERE w.asked
    ) AS q
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(part.above), 0)::bigint AS above
        FROM (
            -- At each level, of the node that the total lies in: the sums of eight to the right of its own eight, and
            -- the slots to the right within its own eight. OFFSET 0 keeps this an index look-up: a join may become a
            -- hash over all nodes.
            SELECT coalesce(node.eights, 0) + coalesce(node.slots, 0) AS above
            FROM (SELECT generate_series(0, s.top_shift, 6) AS shift) AS l
            CROSS JOIN LATERAL (
                SELECT unnest(n.players[((q.total >> l.shift) & 63) / 8 + 66 : 72]) AS eights,
                       unnest(n.players[((q.total >> l.shift) & 63) + 2 : ((q.total >> l.shift) & 56) + 8]) AS slots
                FROM public.rank_node AS n
                WHERE n.board_id = s.board_id AND n.shift = l.shift AND n.parent = q.total >> (l.shift + 6)
                OFFSET 0
            ) AS node
            UNION ALL
            -- The top level has a node for totals from 0 and one for negative ones, which has the other to its right.
            SELECT unnest(n.players[65:72])
            FROM public.rank_node AS n
            WHERE q.total < 0 AND n.board_id = s.board_id AND n.shift = s.top_shift
                AND n.parent > q.total >> (s.top_shift + 6)
        ) AS part
    ) AS tree
    WHERE s.board_id = p_board_id
$$;

COMMENT ON FUNCTION rank_index.count_above(integer, bigint[]) IS
    'Players above each total, and on the board, from the rank index: exact at the snapshot.';
