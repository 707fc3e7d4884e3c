-- Purpose:  trigger function: a deleted player leaves the archives. Their places stay, without their id: no rank of
--           another player changes, and a player who gets the id later does not get the places.
-- Errors:   LB030 when there are seasons and the transaction is not READ COMMITTED: it might not see an archive that
--           was written after it began.
-- Locks:    the rankings in which they have a place, by id, so that such deletes follow each other there. Writes:
--           season_places, season_players.
CREATE OR REPLACE FUNCTION archive.tg_users__erase() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off
AS $$
DECLARE
    v_rankings integer[];
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        UPDATE public.season_places AS s SET user_ids = array_fill(0, ARRAY[cardinality(s.user_ids)]);
        DELETE FROM public.season_players;
        RETURN NULL;
    END IF;
    IF NOT EXISTS (SELECT FROM public.season_players)
        AND NOT EXISTS (SELECT FROM public.boards AS b WHERE b.period IS NOT NULL OR b.manual_seasons)
    THEN
        RETURN NULL;
    END IF;
    PERFORM internal.require_read_committed();
    v_rankings := ARRAY(
        SELECT r.id
        FROM public.rankings AS r
        WHERE EXISTS (SELECT FROM gone AS g CROSS JOIN LATERAL archive.place_of(r.id, g.id))
        ORDER BY r.id
        FOR NO KEY UPDATE
    );

    WITH place AS MATERIALIZED (
        SELECT r.id AS ranking_id, g.id AS user_id, p.place
        FROM unnest(v_rankings) AS r(id)
        CROSS JOIN gone AS g
        CROSS JOIN LATERAL archive.place_of(r.id, g.id) AS p
    ), by_place AS (
        UPDATE public.season_places AS s
        SET user_ids = ARRAY(
            SELECT CASE WHEN s.first_place + u.number - 1 = ANY (b.places) THEN 0 ELSE u.id END
            FROM unnest(s.user_ids) WITH ORDINALITY AS u(id, number)
            ORDER BY u.number
        )
        FROM (
            SELECT p.ranking_id, f.first_place, array_agg(p.place) AS places
            FROM place AS p
            CROSS JOIN LATERAL (
                SELECT n.first_place
                FROM public.season_places AS n
                WHERE n.ranking_id = p.ranking_id AND n.first_place <= p.place
                ORDER BY n.first_place DESC
                LIMIT 1
            ) AS f
            GROUP BY p.ranking_id, f.first_place
        ) AS b
        WHERE s.ranking_id = b.ranking_id AND s.first_place = b.first_place
    ), by_user AS (
        SELECT b.ranking_id, b.first_user_id, left_over.user_ids, left_over.places
        FROM (
            SELECT p.ranking_id, f.first_user_id, f.user_ids, f.places, array_agg(p.user_id) AS gone
            FROM place AS p
            CROSS JOIN LATERAL (
                SELECT n.first_user_id, n.user_ids, n.places
                FROM public.season_players AS n
                WHERE n.ranking_id = p.ranking_id AND n.first_user_id <= p.user_id
                ORDER BY n.first_user_id DESC
                LIMIT 1
            ) AS f
            GROUP BY p.ranking_id, f.first_user_id, f.user_ids, f.places
        ) AS b
        CROSS JOIN LATERAL (
            SELECT array_agg(u.id ORDER BY u.id) AS user_ids, array_agg(u.place ORDER BY u.id) AS places
            FROM unnest(b.user_ids, b.places) AS u(id, place)
            WHERE u.id <> ALL (b.gone)
        ) AS left_over
    ), emptied AS (
        DELETE FROM public.season_players AS s
        USING by_user AS b
        WHERE b.user_ids IS NULL AND s.ranking_id = b.ranking_id AND s.first_user_id = b.first_user_id
    )
    UPDATE public.season_players AS s
    SET first_user_id = b.user_ids[1], user_ids = b.user_ids, places = b.places
    FROM by_user AS b
    WHERE b.user_ids IS NOT NULL AND s.ranking_id = b.ranking_id AND s.first_user_id = b.first_user_id;
    RETURN NULL;
END
$$;

COMMENT ON FUNCTION archive.tg_users__erase() IS 'Trigger: a deleted player leaves the archives; their places stay.';

DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_trigger AS t
        WHERE t.tgrelid = 'public.users'::regclass AND t.tgname = 'archived_places'
    ) THEN
        CREATE TRIGGER archived_places AFTER DELETE ON public.users
            REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION archive.tg_users__erase();
        CREATE TRIGGER archived_places_truncate AFTER TRUNCATE ON public.users
            FOR EACH STATEMENT EXECUTE FUNCTION archive.tg_users__erase();
    END IF;
END
$$;
