-- Purpose:  trigger function: deletes the rejected submissions of deleted players.
-- Locks:    the deleted rows; rows that another session holds are skipped. Writes: rejected_submissions.
CREATE OR REPLACE FUNCTION submission.tg_users__delete_rejections() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Skip rows locked by a concurrent purge: waiting could deadlock. A later purge removes them.
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

COMMENT ON FUNCTION submission.tg_users__delete_rejections() IS
    'Trigger: rejected submissions are deleted with their player.';

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
