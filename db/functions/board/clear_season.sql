-- Purpose:  deletes leaderboard rows of a closed season, by one step: 5,000 rows.
-- Returns:  whether it deleted some.
-- Locks:    the rows; it passes over those that are locked. Writes: leaderboard, rankings.cleared.
CREATE OR REPLACE FUNCTION board.clear_season() RETURNS boolean
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_rows CONSTANT integer := 5000;
    v_id   integer;
    v_rows integer;
BEGIN
    SELECT r.id INTO v_id
    FROM public.rankings AS r
    WHERE r.closing_xid IS NOT NULL AND NOT r.cleared AND r.closed_at IS NOT NULL
        AND r.filled_to IS NULL  -- not of a deleted board: see board.drop_rankings
    ORDER BY r.ends_at, r.id
    LIMIT 1;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    DELETE FROM public.leaderboard AS l
    WHERE l.ctid = ANY (ARRAY(
        SELECT o.ctid FROM public.leaderboard AS o WHERE o.board_id = v_id LIMIT c_rows FOR UPDATE SKIP LOCKED
    ));
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    UPDATE public.rankings AS r
    SET cleared = true
    WHERE r.id = v_id AND NOT EXISTS (SELECT FROM public.leaderboard AS l WHERE l.board_id = v_id);
    RETURN v_rows > 0;
END
$$;

COMMENT ON FUNCTION board.clear_season() IS 'Deletes leaderboard rows of a closed season, by one step.';
