-- Purpose:  deletes closed seasons beyond the number that their boards keep (boards.keep_seasons), up to 20 of them.
-- Returns:  whether it deleted some. Then leaderboard.closed_seasons is [] for this transaction (board.close_season).
-- Locks:    the rankings, by id. Writes: rankings; see archive.drop.
CREATE OR REPLACE FUNCTION board.drop_old_seasons() RETURNS boolean
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_most CONSTANT integer := 20;
    v_id   integer;
    v_any  boolean := false;
BEGIN
    FOR v_id IN
        SELECT o.id
        FROM public.boards AS b
        CROSS JOIN LATERAL (
            SELECT r.id, r.cleared
            FROM public.rankings AS r
            WHERE r.board_id = b.id AND r.split = '' AND r.closed_at IS NOT NULL
            ORDER BY r.starts_at DESC
            OFFSET b.keep_seasons
        ) AS o
        WHERE b.keep_seasons IS NOT NULL AND o.cleared
            -- Two look-ups, as a rule: numbers say that there are no more than that.
            AND b.keep_seasons <= (
                SELECT r.number
                FROM public.rankings AS r
                WHERE r.board_id = b.id AND r.split = '' AND r.closed_at IS NOT NULL
                ORDER BY r.starts_at DESC
                LIMIT 1
            ) - (
                SELECT r.number FROM public.rankings AS r WHERE r.board_id = b.id AND r.split = ''
                ORDER BY r.starts_at
                LIMIT 1
            )
        ORDER BY o.id  -- as archive.tg_users__erase locks them
        LIMIT c_most
    LOOP
        PERFORM archive.drop(v_id);
        DELETE FROM public.rankings AS r WHERE r.id = v_id;
        v_any := true;
    END LOOP;
    IF v_any THEN
        PERFORM set_config('leaderboard.closed_seasons', '[]', true);
    END IF;
    RETURN v_any;
END
$$;

COMMENT ON FUNCTION board.drop_old_seasons() IS 'Deletes closed seasons beyond the number that their boards keep.';
