-- Purpose:  archives the final ranks of the splits of a season from its own archive, in one pass: each player is in the
--           split of the attribute that the player has now. It adds splits that are missing, the largest first, up to
--           board.max_splits(). It closes nothing and deletes nothing.
-- Args:     p_ranking  the season, whose archive is written; p_split_by  boards.split_by; NULL: none.
-- Returns:  the ids of all splits of the season, those without players too.
-- Locks:    as archive.write. Writes: rankings, season_places, season_players.
CREATE OR REPLACE FUNCTION archive.write_splits(p_ranking public.rankings, p_split_by text) RETURNS integer[]
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
DECLARE
    c_places CONSTANT integer := archive.places_per_block();
    v_splits integer[];
BEGIN
    IF p_split_by IS NULL THEN
        RETURN '{}';
    END IF;
    INSERT INTO public.rankings (board_id, number, split, split_by, starts_at, closing_xid)
    SELECT p_ranking.board_id, p_ranking.number, v.split, p_split_by, p_ranking.starts_at, p_ranking.closing_xid
    FROM (
        SELECT board.split_of(p_split_by, u.attributes) AS split, count(*) AS players
        FROM (
            SELECT unnest(s.user_ids) AS user_id FROM public.season_places AS s WHERE s.ranking_id = p_ranking.id
        ) AS p
        JOIN public.users AS u ON u.id = p.user_id
        GROUP BY 1
    ) AS v
    WHERE v.split IS NOT NULL AND NOT EXISTS (
        SELECT FROM public.rankings AS s
        WHERE s.board_id = p_ranking.board_id AND s.split = v.split AND s.starts_at = p_ranking.starts_at
    )
    ORDER BY v.players DESC, v.split
    LIMIT greatest(0, board.max_splits() - (
        SELECT count(*)
        FROM public.rankings AS s
        WHERE s.board_id = p_ranking.board_id AND s.number = p_ranking.number AND s.split > ''
    ));
    v_splits := ARRAY(
        SELECT s.id
        FROM public.rankings AS s
        WHERE s.board_id = p_ranking.board_id AND s.number = p_ranking.number AND s.split > ''
        ORDER BY s.id
    );
    INSERT INTO public.season_places (ranking_id, first_place, first_rank, first_total, user_ids, totals)
    SELECT o.ranking_id, min(o.place), min(o.rank), max(o.total_score),
           array_agg(o.user_id ORDER BY o.place), array_agg(o.total_score ORDER BY o.place)
    FROM (
        SELECT r.id AS ranking_id, p.user_id, p.total_score,
               row_number() OVER (PARTITION BY r.id ORDER BY p.place) AS place,
               rank() OVER (PARTITION BY r.id ORDER BY p.total_score DESC) AS rank
        FROM (
            SELECT unnest(s.user_ids) AS user_id, unnest(s.totals) AS total_score,
                   s.first_place - 1 + generate_subscripts(s.user_ids, 1) AS place
            FROM public.season_places AS s
            WHERE s.ranking_id = p_ranking.id
        ) AS p
        JOIN public.users AS u ON u.id = p.user_id
        JOIN public.rankings AS r ON r.split = board.split_of(p_split_by, u.attributes) AND r.id = ANY (v_splits)
    ) AS o
    GROUP BY o.ranking_id, (o.place - 1) / c_places;
    PERFORM archive.write_players(v_splits);
    RETURN v_splits;
END
$$;

COMMENT ON FUNCTION archive.write_splits(public.rankings, text) IS
    'Archives the final ranks of the splits of a season, from the archive of the season.';
