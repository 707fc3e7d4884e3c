-- Purpose:  trigger function: a player whose attribute changes moves from one split of each board to the other,
--           whatever changed it. Closing and closed seasons stay as they are.
-- Errors:   LB030 when a player moves and the transaction is not READ COMMITTED.
-- Locks:    player.tg_users__lock_boards has taken the boards lock, before the first row. The UPDATE itself locks the
--           players, so their submits wait. See board.correct_splits. Writes: leaderboard, rankings, rank_state.
CREATE OR REPLACE FUNCTION board.tg_users__move() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_user_ids integer[];
BEGIN
    IF NOT EXISTS (SELECT FROM public.boards AS b WHERE b.split_by IS NOT NULL) THEN
        RETURN NULL;
    END IF;
    SELECT array_agg(n.id ORDER BY n.id) INTO v_user_ids
    FROM new_rows AS n
    JOIN old_rows AS o ON o.id = n.id
    WHERE n.attributes IS DISTINCT FROM o.attributes AND EXISTS (
        SELECT FROM public.boards AS b
        WHERE b.split_by IS NOT NULL
            AND board.split_of(b.split_by, n.attributes) IS DISTINCT FROM board.split_of(b.split_by, o.attributes)
    );
    IF v_user_ids IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM internal.require_read_committed();
    PERFORM board.correct_splits(ARRAY(
        SELECT r.id
        FROM public.boards AS b
        JOIN public.rankings AS r ON r.board_id = b.id AND r.closing_xid IS NULL AND r.split = ''
        WHERE b.split_by IS NOT NULL
    ), v_user_ids);
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION board.tg_users__move() IS
    'Trigger: a player whose attribute changes moves from one split of each board to the other.';

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_trigger AS t
        WHERE t.tgrelid = 'public.users'::regclass AND t.tgname = 'splits'
    ) THEN
        CREATE TRIGGER splits AFTER UPDATE ON public.users
            REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION board.tg_users__move();
    END IF;
END
$$;
