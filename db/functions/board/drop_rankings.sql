-- Purpose:  deletes the rankings of boards that do not exist any more, with their trees, archives and totals. Many
--           totals are deleted in steps that follow later (board.drop_step), since submits wait for the caller's
--           transaction; until then their rankings remain, as closed ones.
-- Locks:    the caller holds the boards lock exclusively. The fold lock. Writes: rankings, rank_node, rank_delta,
--           rank_state, leaderboard; see archive.drop.
CREATE OR REPLACE FUNCTION board.drop_rankings() RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_few  CONSTANT integer := 20000;  -- takes some tenths of a second
    v_id   integer;
    v_gone integer[] := ARRAY(
        SELECT r.id
        FROM public.rankings AS r
        WHERE NOT EXISTS (SELECT FROM public.boards AS b WHERE b.id = r.board_id)
        ORDER BY r.id
    );
BEGIN
    FOR v_id IN SELECT r.id FROM public.rankings AS r WHERE r.id = ANY (v_gone) AND r.players IS NOT NULL LOOP
        PERFORM archive.drop(v_id);
    END LOOP;
    PERFORM internal.lock_fold();
    DELETE FROM public.rank_state AS s WHERE s.board_id = ANY (v_gone);
    DELETE FROM public.rank_node AS n WHERE n.board_id = ANY (v_gone);
    DELETE FROM public.rank_delta AS d WHERE d.board_id = ANY (v_gone);
    IF EXISTS (SELECT FROM public.leaderboard AS l WHERE l.board_id = ANY (v_gone) OFFSET c_few) THEN
        -- filled_to is how a step finds them.
        UPDATE public.rankings AS r
        SET closing_xid = '0', closed_at = now(), filled_to = 0
        WHERE r.id = ANY (v_gone);
    ELSE
        DELETE FROM public.leaderboard AS l WHERE l.board_id = ANY (v_gone);
        DELETE FROM public.rankings AS r WHERE r.id = ANY (v_gone);
    END IF;
END
$$;

COMMENT ON FUNCTION board.drop_rankings() IS 'Deletes the rankings of boards that do not exist any more.';
