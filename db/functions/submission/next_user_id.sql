-- Purpose:  the default of users.id: the next number of the sequence that no player has. Callers may register players
--           under ids of their own. Moving the sequence past the largest of these would let one large id use it up, so
--           taken numbers are skipped instead.
-- Returns:  a free id.
-- Errors:   2200H when the sequence has reached 2147483647.
-- Locks:    none. Writes: the sequence.
CREATE OR REPLACE FUNCTION submission.next_user_id() RETURNS integer
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_id integer;
BEGIN
    LOOP
        v_id := nextval('public.users_id_seq');
        EXIT WHEN NOT EXISTS (SELECT FROM public.users AS u WHERE u.id = v_id);
    END LOOP;
    RETURN v_id;
END
$$;

COMMENT ON FUNCTION submission.next_user_id() IS 'Default of users.id: the next sequence number that no player has.';

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_attrdef AS d
        WHERE d.adrelid = 'public.users'::regclass AND d.adnum = 1
    ) THEN
        ALTER TABLE public.users ALTER COLUMN id SET DEFAULT submission.next_user_id();
    END IF;
END
$$;
