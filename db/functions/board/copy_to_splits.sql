-- Purpose:  gives the splits of rankings the totals that players have in the ranking of all players. Splits that are
--           not there yet are added (board.add_splits).
-- Args:     p_ranking_ids  of rankings of all players that are not closed; those of boards without splits are passed
--           over. p_user_ids  players that the caller has locked.
-- Locks:    the caller holds the boards lock and has a transaction id; see board.add_splits. Writes: leaderboard,
--           rankings, rank_state.
-- Note:     no player leaves a split here: that is left to board.correct_splits. No SET: it costs time, and submits run
--           with the settings of api.submit_scores.
CREATE OR REPLACE FUNCTION board.copy_to_splits(p_ranking_ids integer[], p_user_ids integer[]) RETURNS void
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    v_rankings integer[];
    v_splits   text[];
BEGIN
    LOOP
        WITH total AS MATERIALIZED (
            SELECT r.id AS ranking_id, s.id, l.user_id, l.total_score, l.tie, l.split
            FROM unnest(p_ranking_ids) AS i(id)
            CROSS JOIN LATERAL (
                SELECT k.id, k.board_id, k.starts_at, b.split_by
                FROM public.rankings AS k
                JOIN public.boards AS b ON b.id = k.board_id
                WHERE k.id = i.id AND k.split = '' AND b.split_by IS NOT NULL
                OFFSET 0
            ) AS r
            CROSS JOIN unnest(p_user_ids) AS p(id)
            CROSS JOIN LATERAL (
                SELECT t.user_id, t.total_score, t.tie, board.split_of(r.split_by, u.attributes) AS split
                FROM public.leaderboard AS t
                JOIN public.users AS u ON u.id = t.user_id
                WHERE t.user_id = p.id AND t.board_id = r.id
                OFFSET 0
            ) AS l
            LEFT JOIN LATERAL (
                SELECT k.id
                FROM public.rankings AS k
                WHERE k.board_id = r.board_id AND k.split = l.split AND k.starts_at = r.starts_at
                OFFSET 0
            ) AS s ON true
            WHERE l.split IS NOT NULL
        ), copied AS (
            INSERT INTO public.leaderboard (board_id, user_id, total_score, tie)
            SELECT t.id, t.user_id, t.total_score, t.tie
            FROM total AS t
            LEFT JOIN LATERAL (  -- see submission.raise_best_totals
                SELECT o.total_score, o.tie
                FROM public.leaderboard AS o
                WHERE o.user_id = t.user_id AND o.board_id = t.id
                OFFSET 0
            ) AS o ON true
            WHERE t.id IS NOT NULL
                AND (t.total_score IS DISTINCT FROM o.total_score OR t.tie IS DISTINCT FROM o.tie)
            ORDER BY t.user_id, t.id
            ON CONFLICT (user_id, board_id) DO UPDATE SET total_score = excluded.total_score, tie = excluded.tie
        )
        SELECT array_agg(m.ranking_id), array_agg(m.split) INTO v_rankings, v_splits
        FROM (SELECT DISTINCT t.ranking_id, t.split FROM total AS t WHERE t.id IS NULL) AS m;
        -- Once more for splits that it has added.
        EXIT WHEN v_rankings IS NULL OR NOT board.add_splits(v_rankings, v_splits);
    END LOOP;
END
$$;

COMMENT ON FUNCTION board.copy_to_splits(integer[], integer[]) IS
    'Gives the splits of rankings the totals that players have in the ranking of all players.';
