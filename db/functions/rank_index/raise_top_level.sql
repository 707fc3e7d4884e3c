-- Purpose:  adds levels to a board's tree until the totals from p_lowest to p_highest are under at most two top nodes
--           (parent 0 for totals >= 0, parent -1 below), so that a read of the top level stays two rows at most. Totals
--           stay within 2^53, so the level of shift 48 is the last one that can be needed.
-- Args:     p_board_id; p_lowest, p_highest  of the totals that are about to be added.
-- Locks:    the caller holds the fold lock. Writes: rank_node, rank_state.
CREATE OR REPLACE FUNCTION rank_index.raise_top_level(p_board_id integer, p_lowest bigint, p_highest bigint)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_top integer;
BEGIN
    SELECT s.top_shift INTO STRICT v_top FROM public.rank_state AS s WHERE s.board_id = p_board_id;
    WHILE v_top < 48 AND ((p_lowest >> (v_top + 6)) < -1 OR (p_highest >> (v_top + 6)) > 0) LOOP
        INSERT INTO public.rank_node (board_id, shift, parent, players)
        SELECT p_board_id, v_top + 6, below.parent >> 6,
               rank_index.add_to_node(NULL, array_agg((below.parent & 63)::integer), array_agg(below.players))
        FROM (
            SELECT n.parent, (SELECT sum(p.players) FROM unnest(n.players[65:72]) AS p(players))::integer AS players
            FROM public.rank_node AS n
            WHERE n.board_id = p_board_id AND n.shift = v_top
        ) AS below
        GROUP BY below.parent >> 6;
        v_top := v_top + 6;
        UPDATE public.rank_state AS s SET top_shift = v_top WHERE s.board_id = p_board_id;
    END LOOP;
END
$$;

COMMENT ON FUNCTION rank_index.raise_top_level(integer, bigint, bigint) IS
    'Adds levels to a board''s rank tree for totals that are about to be added.';
