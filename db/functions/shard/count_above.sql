-- Purpose:  how many players of a board have a higher total: the rank index read at each of the totals, exact at the statement's snapshot.
--           At each level of the tree the slots right of the total's own slot are counted, at the top level also the nodes to the right,
--           then the deltas that no fold has moved yet. Counting by ranges of doubling size is an order-statistic (Fenwick) tree
--           (P. Fenwick, A new data structure for cumulative frequency tables, 1994), here with 64 children a node.
-- Args:     p_board_id; p_totals  any totals, in any order.
-- Returns:  a row an element: the total, players with a higher total, players on the board. No row for an unknown board.
-- Note:     one plain SQL statement that the planner inlines: no SET, no SECURITY DEFINER.
CREATE OR REPLACE FUNCTION shard.count_above(p_board_id integer, p_totals bigint[])
RETURNS TABLE (total bigint, above bigint, players bigint)
LANGUAGE sql STABLE
AS $$
    SELECT q.total, tree.above + top.above + pending.above, top.players + pending.players
    FROM public.rank_state AS s
    CROSS JOIN unnest(p_totals) AS q(total)
    CROSS JOIN LATERAL (
        SELECT coalesce(sum((
            SELECT sum(c.players) FROM unnest(n.players[((q.total >> n.shift) & 63) + 2 : 64]) AS c(players)
        )), 0)::bigint AS above
        FROM generate_series(0, s.top_shift, 6) AS l(shift)
        JOIN public.rank_node AS n
            ON n.board_id = s.board_id AND n.shift = l.shift AND n.parent = q.total >> (l.shift + 6)
    ) AS tree
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(t.players) FILTER (WHERE t.parent > q.total >> (s.top_shift + 6)), 0)::bigint AS above,
               coalesce(sum(t.players), 0)::bigint AS players
        FROM (
            SELECT n.parent, (SELECT sum(c.players) FROM unnest(n.players) AS c(players)) AS players
            FROM public.rank_node AS n
            WHERE n.board_id = s.board_id AND n.shift = s.top_shift
        ) AS t
    ) AS top
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE d.new_total > q.total) - count(*) FILTER (WHERE d.old_total > q.total) AS above,
               count(d.new_total) - count(d.old_total) AS players
        FROM public.rank_delta AS d
        WHERE d.board_id = s.board_id AND d.xid >= lib.effective_horizon(s.horizon)
    ) AS pending
    WHERE s.board_id = p_board_id
$$;

COMMENT ON FUNCTION shard.count_above(integer, bigint[]) IS 'Players above each total, and on the board, from the rank index: exact at the snapshot.';
