-- Purpose:  trigger function: takes the boards lock before attributes of players change: an attribute that is being
--           dropped (api.drop_attribute), or by which a board is split, must not change meanwhile.
-- Locks:    the boards lock, shared, until the transaction ends.
CREATE OR REPLACE FUNCTION player.tg_users__lock_boards() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM internal.lock_boards_shared();
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION player.tg_users__lock_boards() IS
    'Trigger: takes the boards lock before attributes of players change.';

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_trigger AS t
        WHERE t.tgrelid = 'public.users'::regclass AND t.tgname = 'attribute_locks'
    ) THEN
        CREATE TRIGGER attribute_locks BEFORE UPDATE OF attributes ON public.users
            FOR EACH STATEMENT EXECUTE FUNCTION player.tg_users__lock_boards();
    END IF;
END
$$;
