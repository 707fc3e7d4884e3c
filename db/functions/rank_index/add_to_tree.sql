-- Purpose:  adds players to a board's tree, or removes them: at every level, for every total, the change of its slot.
-- Args:     p_board_id
--           p_totals   distinct totals; p_changes  players more (or fewer, negative) at each.
-- Locks:    the caller holds the fold lock, so no other session writes rank_node. Writes: rank_node, rank_state.
CREATE OR REPLACE FUNCTION rank_index.add_to_tree(p_board_id integer, p_totals bigint[], p_changes integer[])
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_lowest  bigint;
    v_highest bigint;
    v_top     integer;
    v_shifts  integer[];
    v_parents bigint[];
    v_empty   integer[] := array_fill(0, ARRAY[72]);
BEGIN
    IF coalesce(cardinality(p_totals), 0) = 0 THEN
        RETURN;
    END IF;
    SELECT min(t.total), max(t.total) INTO v_lowest, v_highest FROM unnest(p_totals) AS t(total);
    PERFORM rank_index.raise_top_level(p_board_id, v_lowest, v_highest);
    UPDATE public.rank_state AS s
    SET players = s.players + (SELECT sum(c.change) FROM unnest(p_changes) AS c(change))
    WHERE s.board_id = p_board_id
    RETURNING s.top_shift INTO STRICT v_top;

    -- One row per changed node, with its slots and their changes as arrays. A node that becomes empty is deleted.
    WITH slot AS (
        SELECT l.shift, (t.total >> l.shift) AS position, sum(t.change)::integer AS change
        FROM unnest(p_totals, p_changes) AS t(total, change)
        CROSS JOIN generate_series(0, v_top, 6) AS l(shift)
        GROUP BY l.shift, t.total >> l.shift
        HAVING sum(t.change) <> 0
    ), node AS (
        SELECT slot.shift, slot.position >> 6 AS parent,
               array_agg((slot.position & 63)::integer) AS slots, array_agg(slot.change) AS changes
        FROM slot
        GROUP BY slot.shift, slot.position >> 6
    ), changed AS (
        UPDATE public.rank_node AS n
        SET players = rank_index.add_to_node(n.players, node.slots, node.changes)
        FROM node
        WHERE n.board_id = p_board_id AND n.shift = node.shift AND n.parent = node.parent
        RETURNING n.shift, n.parent, n.players = v_empty AS is_empty
    ), added AS (
        INSERT INTO public.rank_node (board_id, shift, parent, players)
        SELECT p_board_id, node.shift, node.parent, rank_index.add_to_node(NULL, node.slots, node.changes)
        FROM node
        WHERE NOT EXISTS (SELECT FROM changed WHERE changed.shift = node.shift AND changed.parent = node.parent)
    )
    SELECT array_agg(changed.shift), array_agg(changed.parent) INTO v_shifts, v_parents
    FROM changed
    WHERE changed.is_empty;

    IF v_shifts IS NOT NULL THEN
        DELETE FROM public.rank_node AS n
        USING unnest(v_shifts, v_parents) AS e(shift, parent)
        WHERE n.board_id = p_board_id AND n.shift = e.shift AND n.parent = e.parent;
    END IF;
END
$$;

COMMENT ON FUNCTION rank_index.add_to_tree(integer, bigint[], integer[]) IS
    'Adds changes of player counts to a board''s rank tree.';
