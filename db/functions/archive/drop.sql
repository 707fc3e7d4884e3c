-- Purpose:  deletes the archive of a season. A deleted ranking takes its archive along, too.
-- Args:     p_ranking_id.
-- Locks:    the ranking, as a DELETE of players does (archive.tg_users__erase). Writes: season_places, season_players.
CREATE OR REPLACE FUNCTION archive.drop(p_ranking_id integer) RETURNS void
LANGUAGE sql VOLATILE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT FROM public.rankings AS r WHERE r.id = p_ranking_id FOR UPDATE;
    DELETE FROM public.season_places AS s WHERE s.ranking_id = p_ranking_id;
    DELETE FROM public.season_players AS s WHERE s.ranking_id = p_ranking_id;
END;

COMMENT ON FUNCTION archive.drop(integer) IS 'Deletes the archive of a season.';
