-- Purpose:  trigger function: makes a change of names visible, since reads return names with totals.
-- Locks, writes: see rank_index.log_change.
CREATE OR REPLACE FUNCTION rank_index.tg_users__log_name_change() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM rank_index.log_change();
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION rank_index.tg_users__log_name_change() IS
    'Trigger: a change of usernames changes the change marker.';

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_trigger AS t
        WHERE t.tgrelid = 'public.users'::regclass AND t.tgname = 'name_change'
    ) THEN
        CREATE TRIGGER name_change AFTER UPDATE OF username ON public.users
            FOR EACH STATEMENT EXECUTE FUNCTION rank_index.tg_users__log_name_change();
    END IF;
END
$$;
