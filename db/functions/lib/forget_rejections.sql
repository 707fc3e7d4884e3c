-- Purpose:  the trigger function that lets refused submissions go with their player.
-- Locks:    the deleted rows. Writes: rejected_submissions.
CREATE OR REPLACE FUNCTION lib.forget_rejections() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    DELETE FROM public.rejected_submissions AS r USING gone AS g WHERE r.user_id = g.id;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION lib.forget_rejections() IS 'Trigger: refused submissions go with their player.';

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_trigger AS t
        WHERE t.tgrelid = 'public.users'::regclass AND t.tgname = 'rejections_of_player'
    ) THEN
        CREATE TRIGGER rejections_of_player AFTER DELETE ON public.users
            REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION lib.forget_rejections();
    END IF;
END
$$;
