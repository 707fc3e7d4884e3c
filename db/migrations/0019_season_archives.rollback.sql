-- The older release would delete the archives.
DO $$
DECLARE
    v_boards text;
BEGIN
    SELECT string_agg(b.name, ', ' ORDER BY b.id) INTO v_boards
    FROM public.boards AS b
    WHERE b.id IN (
        SELECT r.board_id FROM public.rankings AS r WHERE r.id IN (SELECT p.ranking_id FROM public.season_places AS p)
    );
    IF v_boards IS NOT NULL THEN
        RAISE EXCEPTION 'boards have closed seasons, whose archives would be lost: %', v_boards
            USING HINT = 'Delete these boards (api.delete_board), and roll back then.';
    END IF;
END
$$;

DROP TRIGGER IF EXISTS archived_places ON public.users;

DROP TRIGGER IF EXISTS archived_places_truncate ON public.users;

DROP FUNCTION IF EXISTS
    api.list_seasons(text, integer, integer), api.player_seasons(bigint, text, integer, integer),
    archive.count_above(integer, bigint), archive.drop(integer), archive.entries(integer, integer[]),
    archive.histogram(integer, bigint, bigint, integer), archive.page(integer, bigint, integer),
    archive.place_after(integer, bigint, bigint, integer), archive.place_of(integer, integer),
    archive.tg_users__erase(), archive.total_range(integer), archive.write(integer);

DROP TABLE public.season_players;

DROP TABLE public.season_places;

DROP SCHEMA archive;
