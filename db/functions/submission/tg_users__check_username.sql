-- Purpose:  trigger function: checks new names by internal.username_problem, whatever writes them, and stores them in
--           normal form C. Existing names stay until they are changed. Plain ASCII names skip it by the condition of
--           the triggers; the table checks the length.
-- Errors:   LB005 for a name that is rejected.
-- Locks:    none.
CREATE OR REPLACE FUNCTION submission.tg_users__check_username() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_problem text := internal.username_problem(NEW.username);
BEGIN
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'LB005';
    END IF;
    NEW.username := internal.to_nfc(NEW.username);
    RETURN NEW;
END
$$;

COMMENT ON FUNCTION submission.tg_users__check_username() IS
    'Trigger: rejects unreadable names and stores the others in normal form C.';

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_trigger AS t
        WHERE t.tgrelid = 'public.users'::regclass AND t.tgname = 'username_of_new_player'
    ) THEN
        CREATE TRIGGER username_of_new_player BEFORE INSERT ON public.users
            FOR EACH ROW WHEN (NEW.username ~ '[^ -~]|^ | $') EXECUTE FUNCTION submission.tg_users__check_username();
        CREATE TRIGGER username_changed BEFORE UPDATE OF username ON public.users
            FOR EACH ROW WHEN (NEW.username IS DISTINCT FROM OLD.username AND NEW.username ~ '[^ -~]|^ | $')
            EXECUTE FUNCTION submission.tg_users__check_username();
    END IF;
END
$$;
