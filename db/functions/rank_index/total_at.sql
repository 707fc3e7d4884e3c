-- Purpose:  the total of the player at a place of a board's order: the rank index read the other way round, exact at
--           the snapshot of the statement. From the top level down it finds the slot in which the place lies.
-- Args:     p_board_id; p_place  from 1.
-- Returns:  total    NULL when the board has fewer players
--           above    players with a higher total: the place is number p_place - above within its tie
--           players  on the board.
-- Note:     it reads the pending deltas once, nets them by total, and drops at each level those of other slots.
CREATE OR REPLACE FUNCTION rank_index.total_at(
    p_board_id integer, p_place bigint, OUT total bigint, OUT above bigint, OUT players bigint
)
RETURNS record
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    v_shift   integer;
    v_parent  bigint;   -- the slot found on the level above; NULL on the top level, which has up to two nodes
    v_totals  bigint[];
    v_changes bigint[];
    v_higher  bigint;
BEGIN
    SELECT s.top_shift, s.players + coalesce(sum(c.change), 0),
           array_agg(c.total) FILTER (WHERE c.change <> 0), array_agg(c.change) FILTER (WHERE c.change <> 0)
    INTO v_shift, players, v_totals, v_changes
    FROM public.rank_state AS s
    LEFT JOIN LATERAL (
        SELECT d.total, sum(d.change) AS change
        FROM (
            SELECT n.new_total AS total, 1 AS change
            FROM rank_index.pending_deltas(s.board_id, s.horizon, s.in_flight) AS n
            WHERE n.new_total IS NOT NULL
            UNION ALL
            SELECT o.old_total, -1
            FROM rank_index.pending_deltas(s.board_id, s.horizon, s.in_flight) AS o
            WHERE o.old_total IS NOT NULL
        ) AS d
        GROUP BY d.total
    ) AS c ON true
    WHERE s.board_id = p_board_id
    GROUP BY s.board_id;

    above := 0;
    WHILE v_shift >= 0 AND p_place <= players LOOP
        SELECT q.slot, q.higher INTO v_parent, v_higher
        FROM (
            SELECT p.slot, p.players, sum(p.players) OVER (ORDER BY p.slot DESC) - p.players AS higher
            FROM (
                SELECT c.slot, sum(c.players)::bigint AS players
                FROM (
                    SELECT n.parent * 64 + u.number - 1 AS slot, u.players::bigint AS players
                    FROM public.rank_node AS n
                    CROSS JOIN LATERAL unnest(n.players[1:64]) WITH ORDINALITY AS u(players, number)
                    WHERE n.board_id = p_board_id AND n.shift = v_shift
                        AND n.parent BETWEEN coalesce(v_parent, -1) AND coalesce(v_parent, 0)
                        AND u.players <> 0
                    UNION ALL
                    SELECT d.total >> v_shift, d.change
                    FROM unnest(v_totals, v_changes) AS d(total, change)
                ) AS c
                GROUP BY c.slot
            ) AS p
        ) AS q
        WHERE above + q.higher < p_place AND above + q.higher + q.players >= p_place;
        above := above + v_higher;
        total := v_parent;
        IF v_totals IS NOT NULL THEN
            SELECT array_agg(d.total), array_agg(d.change)
            INTO v_totals, v_changes
            FROM unnest(v_totals, v_changes) AS d(total, change)
            WHERE d.total >> v_shift = v_parent;
        END IF;
        v_shift := v_shift - 6;
    END LOOP;
END
$$;

COMMENT ON FUNCTION rank_index.total_at(integer, bigint) IS
    'The total of the player at a place, from the rank index: exact at the snapshot.';
