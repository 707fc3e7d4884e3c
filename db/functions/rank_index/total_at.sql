-- Purpose:  the total of the player at a place of a board's order: the rank index read the other way round, exact at
--           the snapshot of the statement. From the top level down it finds the slot in which the place lies.
-- Args:     p_board_id; p_place  from 1.
-- Returns:  total    NULL when the board has fewer players
--           above    players with a higher total: the place is number p_place - above within its tie
--           players  on the board.
-- Note:     it reads the pending deltas once, and drops at each level those of other slots. unnest and generate_series
--           are selected, because in FROM they would be stored before they are read.
CREATE OR REPLACE FUNCTION rank_index.total_at(
    p_board_id integer, p_place bigint, OUT total bigint, OUT above bigint, OUT players bigint
)
RETURNS record
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    v_shift  integer;
    v_slot   bigint;    -- the one found on the level above; NULL on the top level, which has up to two nodes
    v_higher bigint;
    v_new    bigint[];  -- the totals of the pending deltas that lie in it
    v_old    bigint[];
BEGIN
    SELECT s.top_shift, s.players + count(d.new_total) - count(d.old_total),
           array_agg(d.new_total) FILTER (WHERE d.new_total IS NOT NULL),
           array_agg(d.old_total) FILTER (WHERE d.old_total IS NOT NULL)
    INTO v_shift, players, v_new, v_old
    FROM public.rank_state AS s
    LEFT JOIN LATERAL rank_index.pending_deltas(s.board_id, s.horizon, s.in_flight) AS d ON true
    WHERE s.board_id = p_board_id
    GROUP BY s.board_id;

    above := 0;
    WHILE v_shift >= 0 AND p_place <= players LOOP
        SELECT q.slot, q.higher INTO v_slot, v_higher
        FROM (
            SELECT p.slot, p.players, sum(p.players) OVER (ORDER BY p.slot DESC) - p.players AS higher
            FROM (
                SELECT c.slot, sum(c.players) AS players
                FROM (
                    SELECT n.parent * 64 + generate_series(0, 63) AS slot, unnest(n.players[1:64]) AS players
                    FROM public.rank_node AS n
                    WHERE n.board_id = p_board_id AND n.shift = v_shift
                        AND n.parent BETWEEN coalesce(v_slot, -1) AND coalesce(v_slot, 0)
                    UNION ALL
                    SELECT unnest(v_new) >> v_shift, 1
                    UNION ALL
                    SELECT unnest(v_old) >> v_shift, -1
                ) AS c
                WHERE c.players <> 0
                GROUP BY c.slot
            ) AS p
        ) AS q
        WHERE above + q.higher < p_place AND above + q.higher + q.players >= p_place;
        above := above + v_higher;
        total := v_slot;
        IF v_new IS NOT NULL OR v_old IS NOT NULL THEN
            v_new := ARRAY(SELECT d.total FROM (SELECT unnest(v_new) AS total) AS d WHERE d.total >> v_shift = v_slot);
            v_old := ARRAY(SELECT d.total FROM (SELECT unnest(v_old) AS total) AS d WHERE d.total >> v_shift = v_slot);
        END IF;
        v_shift := v_shift - 6;
    END LOOP;
END
$$;

COMMENT ON FUNCTION rank_index.total_at(integer, bigint) IS
    'The total of the player at a place, from the rank index: exact at the snapshot.';
