-- Purpose:  archives the final ranks of a season that counts nothing any more: from leaderboard, or, if its totals were
--           never there (rankings.filled_to is not NULL), from the ledger. It closes nothing and deletes nothing.
-- Args:     p_ranking_id  a ranking that has no archive
--           p_deleted  to write an archive anew, from the ledger: the totals of deleted players that the last one had,
--                      as leaderboard held them. They keep a place, without an id.
-- Returns:  the number of players.
-- Errors:   LB030 when the transaction is not READ COMMITTED, 23505 when there is an archive.
-- Locks:    the deletion lock, exclusive: a player who is being deleted is not archived. Submissions take none of its
--           locks. Writes: season_places, season_players.
CREATE OR REPLACE FUNCTION archive.write(p_ranking_id integer, p_deleted bigint[] DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp SET jit = off
AS $$
DECLARE
    c_places CONSTANT integer := archive.places_per_block();
    v_filled boolean := p_deleted IS NULL
        AND (SELECT r.filled_to IS NULL FROM public.rankings AS r WHERE r.id = p_ranking_id);
BEGIN
    PERFORM internal.require_read_committed();
    PERFORM internal.lock_deletion();
    INSERT INTO public.season_places (ranking_id, first_place, first_rank, first_total, user_ids, totals)
    SELECT p_ranking_id, min(o.place), min(o.rank), max(o.total_score),
           array_agg(o.user_id ORDER BY o.place), array_agg(o.total_score ORDER BY o.place)
    FROM (
        SELECT t.user_id, t.total_score,
               row_number() OVER (ORDER BY t.total_score DESC, t.tie, t.user_id) AS place,
               rank() OVER (ORDER BY t.total_score DESC) AS rank
        FROM (
            SELECT l.user_id, l.total_score, l.tie
            FROM public.leaderboard AS l
            WHERE v_filled AND l.board_id = p_ranking_id
            UNION ALL
            SELECT c.user_id, c.total_score, c.tie
            FROM ledger.totals(p_ranking_id, NULL) AS c
            WHERE NOT v_filled
            UNION ALL
            SELECT 0, d.total_score, NULL FROM unnest(p_deleted) AS d(total_score)
        ) AS t
    ) AS o
    GROUP BY (o.place - 1) / c_places;

    PERFORM archive.write_players(ARRAY[p_ranking_id]);
    RETURN (
        SELECT coalesce(sum(cardinality(s.user_ids)), 0)
        FROM public.season_places AS s
        WHERE s.ranking_id = p_ranking_id
    );
END
$$;

COMMENT ON FUNCTION archive.write(integer, bigint[]) IS
    'Archives the final ranks of a season that counts nothing any more.';
