-- Purpose:  archives where each player is in seasons whose season_places are written.
-- Args:     p_ranking_ids.
-- Writes:   season_players.
-- Note:     a row has 240 players, the most of which four rows fill a page of 8 kB. Readers do not depend on it.
CREATE OR REPLACE FUNCTION archive.write_players(p_ranking_ids integer[]) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
DECLARE
    c_players CONSTANT integer := 240;
BEGIN
    INSERT INTO public.season_players (ranking_id, first_user_id, user_ids, places)
    SELECT o.ranking_id, min(o.user_id),
           array_agg(o.user_id ORDER BY o.user_id), array_agg(o.place ORDER BY o.user_id)
    FROM (
        SELECT u.ranking_id, u.user_id, u.place,
               row_number() OVER (PARTITION BY u.ranking_id ORDER BY u.user_id) AS number
        FROM (
            -- Not a lateral join: the planner would remember each block.
            SELECT s.ranking_id, unnest(s.user_ids) AS user_id,
                   s.first_place - 1 + generate_subscripts(s.user_ids, 1) AS place
            FROM public.season_places AS s
            WHERE s.ranking_id = ANY (p_ranking_ids)
        ) AS u
        WHERE u.user_id > 0
    ) AS o
    GROUP BY o.ranking_id, (o.number - 1) / c_players;
END
$$;

COMMENT ON FUNCTION archive.write_players(integer[]) IS
    'Archives where each player is in seasons whose places are archived.';
