-- Purpose:  the trigger function that lets refused submissions go with their player.
-- Locks:    the deleted rows; rows that somebody else holds are skipped. Writes: rejected_submissions.
CREATE OR REPLACE FUNCTION submission.tg_users__delete_rejections() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- What somebody else holds is being purged (and if he gives up, goes with a later purge). To wait for him could be a deadlock: he may want the player next.
    DELETE FROM public.rejected_submissions AS r
    USING (
        SELECT h.id
        FROM public.rejected_submissions AS h
        WHERE h.user_id IN (SELECT g.id FROM gone AS g)
        FOR UPDATE SKIP LOCKED
    ) AS held
    WHERE r.id = held.id;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION submission.tg_users__delete_rejections() IS 'Trigger: refused submissions go with their player.';

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_trigger AS t
        WHERE t.tgrelid = 'public.users'::regclass AND t.tgname = 'rejections_of_player'
    ) THEN
        CREATE TRIGGER rejections_of_player AFTER DELETE ON public.users
            REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION submission.tg_users__delete_rejections();
    END IF;
END
$$;
