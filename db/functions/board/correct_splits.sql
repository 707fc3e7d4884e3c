-- Purpose:  makes what the splits of rankings hold of players what the ranking of all players says: after their totals
--           there, or their attributes, have changed in any way.
-- Args:     p_ranking_ids  of rankings of all players that are not closed; those of boards without splits are passed
--           over. p_user_ids  players that the caller has locked.
-- Locks:    see board.copy_to_splits. Writes: leaderboard, rankings, rank_state.
-- Note:     enable_seqscan = off keeps look-ups by player, however small leaderboard was when it was last analyzed.
CREATE OR REPLACE FUNCTION board.correct_splits(p_ranking_ids integer[], p_user_ids integer[]) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
AS $$
DECLARE
    v_rankings integer[] := ARRAY(
        SELECT r.id
        FROM public.boards AS b
        JOIN public.rankings AS r ON r.board_id = b.id
        WHERE b.split_by IS NOT NULL AND r.id = ANY (p_ranking_ids) AND r.split = ''
        ORDER BY r.id
    );
BEGIN
    IF v_rankings = '{}' THEN
        RETURN;
    END IF;
    DELETE FROM public.leaderboard AS l
    USING (
        SELECT o.user_id, o.board_id
        FROM unnest(p_user_ids) AS p(id)
        CROSS JOIN LATERAL (
            SELECT t.user_id, t.board_id, s.split, r.id AS ranking_id, b.split_by
            FROM public.leaderboard AS t
            JOIN public.rankings AS s ON s.id = t.board_id AND s.split <> ''
            JOIN public.rankings AS r
                ON r.board_id = s.board_id AND r.split = '' AND r.starts_at = s.starts_at AND r.id = ANY (v_rankings)
            JOIN public.boards AS b ON b.id = r.board_id
            WHERE t.user_id = p.id
            OFFSET 0
        ) AS o
        LEFT JOIN LATERAL (
            SELECT u.attributes
            FROM public.leaderboard AS t
            JOIN public.users AS u ON u.id = t.user_id
            WHERE t.user_id = o.user_id AND t.board_id = o.ranking_id
            OFFSET 0
        ) AS has ON true
        WHERE board.split_of(o.split_by, has.attributes) IS DISTINCT FROM o.split
    ) AS stale
    WHERE l.user_id = stale.user_id AND l.board_id = stale.board_id;
    PERFORM board.copy_to_splits(v_rankings, p_user_ids);
END
$$;

COMMENT ON FUNCTION board.correct_splits(integer[], integer[]) IS
    'Makes the splits of rankings hold what the ranking of all players says of players.';
