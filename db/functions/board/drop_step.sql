-- Purpose:  deletes the totals of deleted boards by one more step, and in the end their rankings.
-- Returns:  whether there was something to delete.
-- Locks:    the caller holds the boards lock, shared, and the fill lock. Writes: leaderboard, rankings.
CREATE OR REPLACE FUNCTION board.drop_step() RETURNS boolean
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_rows CONSTANT integer := 2000;
    v_id   integer;
BEGIN
    SELECT r.id INTO v_id
    FROM public.rankings AS r
    WHERE r.filled_to IS NOT NULL AND NOT EXISTS (SELECT FROM public.boards AS b WHERE b.id = r.board_id)
    ORDER BY r.id
    LIMIT 1;
    IF v_id IS NULL THEN
        RETURN false;
    END IF;
    DELETE FROM public.leaderboard AS l
    WHERE l.ctid = ANY (ARRAY(
        SELECT o.ctid FROM public.leaderboard AS o WHERE o.board_id = v_id LIMIT c_rows FOR UPDATE SKIP LOCKED
    ));
    IF NOT EXISTS (SELECT FROM public.leaderboard AS l WHERE l.board_id = v_id) THEN
        DELETE FROM public.rankings AS r WHERE r.id = v_id;
    END IF;
    RETURN true;
END
$$;

COMMENT ON FUNCTION board.drop_step() IS 'Deletes the totals of deleted boards by one more step.';
