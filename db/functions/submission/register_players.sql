-- Purpose:  registers players that do not exist yet. A player whose requested name is taken stays unregistered; if only
--           the default name user_<id> is taken, the player gets a variation of it.
-- Args:     p_user_ids, p_usernames (NULL element: the default name), same length. Known players are skipped; if an id
--           comes more than once, its first name counts.
-- Errors:   none for a taken name: see which players do not exist afterwards.
-- Locks:    the registration lock, shared; exclusive for several new players with requested names, because two such
--           calls could wait for each other's names. New rows come by id. Writes: users.
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
        -- A scalar stays one look-up per player; NOT EXISTS may read all users.
        WHERE (SELECT u.id FROM public.users AS u WHERE u.id = i.id) IS NULL
        GROUP BY i.id
    ) AS n;
    IF cardinality(v_ids) > 1 AND cardinality(array_remove(v_names, NULL)) > 0 THEN
        PERFORM internal.lock_registration();
    ELSE
        PERFORM internal.lock_registration_shared();
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

COMMENT ON FUNCTION submission.register_players(integer[], text[]) IS 'Registers players that do not exist yet.';
