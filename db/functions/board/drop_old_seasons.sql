-- Purpose:  deletes closed seasons beyond the number that their boards keep (boards.keep_seasons), up to 20 of them, or
--           200 of their splits. A season goes once its splits are gone.
-- Returns:  whether it deleted some. Then leaderboard.closed_seasons is [] for this transaction (board.close_season).
-- Locks:    the rankings, by id. Writes: rankings; see archive.drop.
CREATE OR REPLACE FUNCTION board.drop_old_seasons() RETURNS boolean
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_seasons CONSTANT integer := 20;
    c_splits  CONSTANT integer := 200;
    v_id      integer;
    v_any     boolean := false;
BEGIN
    FOR v_id IN
        WITH old AS MATERIALIZED (
            SELECT o.*
            FROM public.boards AS b
            CROSS JOIN LATERAL (
                SELECT r.id, r.board_id, r.number, r.cleared
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
            ORDER BY o.id
            LIMIT c_seasons
        ), split AS MATERIALIZED (
            SELECT s.id, o.id AS season_id, s.cleared
            FROM old AS o
            JOIN public.rankings AS s ON s.board_id = o.board_id AND s.number = o.number AND s.split > ''
        )
        SELECT g.id
        FROM (
            (SELECT s.id FROM split AS s WHERE s.cleared ORDER BY s.id LIMIT c_splits)
            UNION ALL
            SELECT o.id FROM old AS o WHERE NOT EXISTS (SELECT FROM split AS s WHERE s.season_id = o.id)
        ) AS g
        ORDER BY g.id  -- as archive.tg_users__erase locks them
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
