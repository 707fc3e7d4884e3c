-- Purpose:  trigger function: makes a change of names, attributes or external ids visible, since reads return them with
--           totals.
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
    'Trigger: a change of names, attributes or external ids changes the change marker.';

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_trigger AS t
        WHERE t.tgrelid = 'public.users'::regclass AND t.tgname = 'name_change'
    ) THEN
        CREATE TRIGGER name_change AFTER UPDATE OF username, attributes ON public.users
            FOR EACH STATEMENT EXECUTE FUNCTION rank_index.tg_users__log_name_change();
    END IF;
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_trigger AS t
        WHERE t.tgrelid = 'public.player_ids'::regclass AND t.tgname = 'id_change'
    ) THEN
        -- Not within another trigger: with their player they are deleted one by one.
        CREATE TRIGGER id_change AFTER INSERT OR UPDATE OR DELETE ON public.player_ids
            FOR EACH STATEMENT WHEN (pg_catalog.pg_trigger_depth() = 0)
            EXECUTE FUNCTION rank_index.tg_users__log_name_change();
    END IF;
END
$$;
