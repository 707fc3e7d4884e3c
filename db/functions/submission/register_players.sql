-- Purpose:  registers the players of a call that nobody knows yet.
--           A name that was asked for and is taken leaves its player unregistered; a default name user_<id> that somebody else has
--           is varied until it is free.
-- Args:     p_user_ids, p_usernames (NULL element: the default name), same length; known and doubled ids are skipped, the first
--           name of a doubled id counts.
-- Errors:   none for a taken name: see who is still unknown.
-- Locks:    the registration lock, shared; exclusive for a call that brings several new players with names of their own choice: two such calls
--           could otherwise wait for each other's names. New rows are made by id. Writes: users.
CREATE OR REPLACE FUNCTION submission.register_players(p_user_ids integer[], p_usernames text[]) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_ids     integer[];
    v_names   text[];
    v_unnamed integer[];
BEGIN
    SELECT array_agg(n.id ORDER BY n.id), array_agg(n.name ORDER BY n.id) INTO v_ids, v_names
    FROM (
        SELECT i.id, (array_agg(i.name ORDER BY i.position) FILTER (WHERE i.name IS NOT NULL))[1] AS name
        FROM unnest(p_user_ids, p_usernames) WITH ORDINALITY AS i(id, name, position)
        WHERE (SELECT u.id FROM public.users AS u WHERE u.id = i.id) IS NULL  -- a scalar stays a look-up each; NOT EXISTS may read all users
        GROUP BY i.id
    ) AS n;
    IF cardinality(v_ids) > 1 AND cardinality(array_remove(v_names, NULL)) > 0 THEN
        PERFORM pg_advisory_xact_lock(7201, 3);  -- the registration lock
    ELSE
        PERFORM pg_advisory_xact_lock_shared(7201, 3);
    END IF;

    INSERT INTO public.users (id, username)
    SELECT n.id, coalesce(n.name, 'user_' || n.id)
    FROM unnest(v_ids, v_names) AS n(id, name)
    ORDER BY n.id
    ON CONFLICT DO NOTHING;

    LOOP
        SELECT array_agg(n.id ORDER BY n.id) INTO v_unnamed
        FROM unnest(v_ids, v_names) AS n(id, name)
        WHERE n.name IS NULL AND (SELECT u.id FROM public.users AS u WHERE u.id = n.id) IS NULL;
        EXIT WHEN v_unnamed IS NULL;
        INSERT INTO public.users (id, username)
        SELECT n.id, 'user_' || n.id || '_' || substr(md5(random()::text), 1, 6)
        FROM unnest(v_unnamed) AS n(id)
        ORDER BY n.id
        ON CONFLICT DO NOTHING;
    END LOOP;
END
$$;

COMMENT ON FUNCTION submission.register_players(integer[], text[]) IS 'Registers the unknown players of a call.';
