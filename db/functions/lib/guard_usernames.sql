-- Purpose:  the trigger function that holds names to lib.username_fault, whoever writes them, and stores them in normal form C. Names that are
--           there already stay as they are until they are changed. Plain ASCII never comes here: see the triggers' conditions;
--           the length is checked by the table.
-- Errors:   LB005 for a name that is refused.
-- Locks:    none.
CREATE OR REPLACE FUNCTION lib.guard_usernames() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_fault text := lib.username_fault(NEW.username);
BEGIN
    IF v_fault IS NOT NULL THEN
        RAISE EXCEPTION '%', v_fault USING ERRCODE = 'LB005';
    END IF;
    NEW.username := lib.in_nfc(NEW.username);
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION lib.guard_usernames() IS 'Trigger: refuses names that cannot be read and stores the others in normal form C.';

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_trigger AS t
        WHERE t.tgrelid = 'public.users'::regclass AND t.tgname = 'username_of_new_player'
    ) THEN
        CREATE TRIGGER username_of_new_player BEFORE INSERT ON public.users
            FOR EACH ROW WHEN (NEW.username ~ '[^ -~]|^ | $') EXECUTE FUNCTION lib.guard_usernames();
        CREATE TRIGGER username_changed BEFORE UPDATE OF username ON public.users
            FOR EACH ROW WHEN (NEW.username IS DISTINCT FROM OLD.username AND NEW.username ~ '[^ -~]|^ | $')
            EXECUTE FUNCTION lib.guard_usernames();
    END IF;
END
$$;
