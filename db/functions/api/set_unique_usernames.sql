-- Purpose:  sets whether two players may have one name. They may not, until this says otherwise: then a submission or a
--           rename with a name that is taken is refused.
-- Args:     p_unique.
-- Returns:  p_unique.
-- Errors:   LB001 for NULL, LB020 when names are to be unique and are not: the message has the first ten, and who has
--           them; 55P03 when other transactions hold the table for half a minute.
-- Locks:    users: to end it ACCESS EXCLUSIVE, for a moment; to begin it SHARE while the index of all names is built:
--           new players and renames wait, submits of others and reads do not. While it waits for this lock, others wait
--           behind it for at most a fifth of a second.
-- Note:     the setting is the unique index users_username_key. A function cannot build one CONCURRENTLY.
CREATE OR REPLACE FUNCTION api.set_unique_usernames(p_unique boolean) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_deadline     CONSTANT timestamptz := clock_timestamp() + interval '30 seconds';
    c_lock_timeout CONSTANT text := current_setting('lock_timeout');
    v_names        text;
BEGIN
    IF p_unique IS NULL THEN
        RAISE EXCEPTION 'p_unique must be true or false' USING ERRCODE = 'LB001';
    END IF;
    LOOP
        BEGIN
            PERFORM set_config('lock_timeout', '200ms', true);
            IF p_unique THEN
                LOCK TABLE public.users IN SHARE MODE;
            ELSE
                LOCK TABLE public.users IN ACCESS EXCLUSIVE MODE;
            END IF;
            PERFORM set_config('lock_timeout', c_lock_timeout, true);
            EXIT;
        EXCEPTION
            WHEN lock_not_available THEN
                IF clock_timestamp() > c_deadline THEN
                    RAISE;
                END IF;
        END;
        PERFORM pg_sleep(0.1 + 0.2 * random());  -- so that others get on
    END LOOP;
    IF NOT p_unique THEN
        ALTER TABLE public.users DROP CONSTRAINT IF EXISTS users_username_key;
        DROP INDEX IF EXISTS public.users_username_key;
    ELSIF to_regclass('public.users_username_key') IS NULL THEN
        CREATE UNIQUE INDEX users_username_key ON public.users (username);
    END IF;
    RETURN p_unique;
EXCEPTION
    WHEN unique_violation THEN
        SELECT string_agg(d.shown, '; ' ORDER BY d.username) INTO v_names
        FROM (
            SELECT u.username, format('%s: players %s', to_json(u.username), string_agg(u.id::text, ', ' ORDER BY u.id))
                AS shown
            FROM public.users AS u
            GROUP BY u.username
            HAVING count(*) > 1
            ORDER BY u.username
            LIMIT 10
        ) AS d;
        RAISE EXCEPTION 'several players have one name: %', v_names
            USING ERRCODE = 'LB020', HINT = 'Rename them (api.rename_player), and call this again.';
END
$$;

COMMENT ON FUNCTION api.set_unique_usernames(boolean) IS 'Sets whether two players may have one name.';
