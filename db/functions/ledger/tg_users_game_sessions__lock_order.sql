-- Purpose:  trigger function: takes, before the first row, the locks that a DELETE of players and plain SQL on existing
--           sessions need in the global order. A DELETE of players and the filling of a board wait for each other; the
--           board would otherwise count deleted players. The DELETE locks players before their sessions, and plain SQL
--           on sessions locks sessions before their players: so these two wait for each other here. Deletes of players
--           run side by side.
-- Locks:    the boards lock, shared; the deletion lock, shared for users, exclusive for game_sessions. All until the
--           transaction ends.
CREATE OR REPLACE FUNCTION ledger.tg_users_game_sessions__lock_order() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM internal.lock_boards_shared();
    IF TG_RELID = 'public.users'::regclass THEN
        PERFORM internal.lock_deletion_shared();
    ELSE
        PERFORM internal.lock_deletion();
    END IF;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION ledger.tg_users_game_sessions__lock_order() IS
    'Trigger: takes the locks that a DELETE of players and plain SQL on sessions need, in the global order.';

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_trigger AS t
        WHERE t.tgrelid = 'public.users'::regclass AND t.tgname = 'player_locks'
    ) THEN
        CREATE TRIGGER player_locks BEFORE DELETE ON public.users
            FOR EACH STATEMENT EXECUTE FUNCTION ledger.tg_users_game_sessions__lock_order();
        -- Not within another trigger: sessions deleted with their player are covered by the locks of that DELETE.
        CREATE TRIGGER ledger_locks BEFORE UPDATE OR DELETE ON public.game_sessions
            FOR EACH STATEMENT WHEN (pg_catalog.pg_trigger_depth() = 0)
            EXECUTE FUNCTION ledger.tg_users_game_sessions__lock_order();
    END IF;
END
$$;
