-- Without the table everybody is let in, so it does not go by accident.
DO $$
BEGIN
    IF EXISTS (SELECT FROM public.api_keys) THEN
        RAISE EXCEPTION 'there are API keys, and without this migration everybody is let in: DELETE FROM api_keys first, if that is meant';
    END IF;
END
$$;

-- The functions of this migration's release do not work without the table; those of the older one do not need it.
DROP TABLE public.api_keys;
