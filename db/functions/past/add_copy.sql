-- Purpose:  adds the copy of a ranking for a past moment: how many players had each total, by the sessions recorded
--           before that count. If the copy before or after has the same totals, its blocks are used.
-- Args:     p_ranking_id; p_at  a moment of which the ledger is complete (past.all_ended).
-- Returns:  whether it was added: not if the board or the ranking is being changed, or the ranking is gone.
-- Note:     the totals, and whether the board still counts in this way, are from one statement, so no lock is needed.
-- Writes:   rank_copies, rank_copy_blocks.
CREATE OR REPLACE FUNCTION past.add_copy(p_ranking_id integer, p_at timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    c_totals  CONSTANT integer := 1024;  -- of a block
    v_ranking public.rankings;
    v_all     public.rankings;
    v_board   public.boards;
    v_id      bigint := nextval(pg_get_serial_sequence('public.rank_copies', 'id'));
    v_totals  text;
    v_added   integer;
BEGIN
    SELECT r.* INTO v_ranking FROM public.rankings AS r WHERE r.id = p_ranking_id;
    SELECT b.* INTO v_board FROM public.boards AS b WHERE b.id = v_ranking.board_id;
    v_all := board.ranking_of_all(v_ranking);
    IF v_board.id IS NULL OR v_all.filled_to IS NOT NULL OR v_ranking.split <> '' AND v_all.splits_to IS NOT NULL THEN
        RETURN false;
    END IF;
    IF v_ranking.closed_at IS NULL THEN
        v_totals := $part$
            SELECT l.total_score AS total, count(*) AS players
            FROM public.leaderboard AS l
            WHERE l.board_id = ($2).id
            GROUP BY l.total_score
            UNION ALL
            SELECT v.total, v.players
            FROM (SELECT c.* FROM past.changed_totals($1, $2, $3, $4) AS c OFFSET 0) AS p
            CROSS JOIN LATERAL (VALUES (p.total_now, -1), (p.total_before, 1)) AS v(total, players)
            WHERE v.total IS NOT NULL AND p.total_before IS DISTINCT FROM p.total_now$part$;
    ELSE
        v_totals := 'SELECT t.total_score AS total, 1 AS players FROM past.totals_between($1, $3) AS t';
        v_all.split := v_ranking.split;
        v_all.split_by := v_ranking.split_by;
        v_all.deadline := least(v_all.deadline, p_at);
    END IF;
    EXECUTE format($query$
        WITH unchanged AS MATERIALIZED (
            SELECT FROM public.boards AS b WHERE b.id = ($1).id AND b *= $1
                AND EXISTS (SELECT FROM public.rankings AS r WHERE r.id = ($2).id AND r *= $2)
        ), total AS (
            SELECT t.total, sum(t.players) AS players
            FROM (%s) AS t
            GROUP BY t.total
            HAVING sum(t.players) <> 0
        ), block AS MATERIALIZED (
            SELECT min(n.total) AS lowest, min(n.above) AS above, sum(n.players) AS all_players,
                   array_agg(n.total ORDER BY n.total) AS totals,
                   array_agg(n.players::integer ORDER BY n.total) AS players
            FROM (
                SELECT t.total, t.players, sum(t.players) OVER before - t.players AS above,
                       (row_number() OVER before - 1) / $6 AS number
                FROM total AS t
                WINDOW before AS (ORDER BY t.total DESC)
            ) AS n
            GROUP BY n.number
        ), neighbour AS (
            (SELECT c.same_as, c.players FROM public.rank_copies AS c
             WHERE c.ranking_id = ($2).id AND c.counts = past.options_of($1) AND c.at < $4 ORDER BY c.at DESC LIMIT 1)
            UNION
            (SELECT c.same_as, c.players FROM public.rank_copies AS c
             WHERE c.ranking_id = ($2).id AND c.counts = past.options_of($1) AND c.at > $4 ORDER BY c.at LIMIT 1)
        ), same AS MATERIALIZED (
            SELECT n.same_as
            FROM neighbour AS n
            WHERE n.players = (SELECT coalesce(sum(b.all_players), 0) FROM block AS b) AND NOT EXISTS (
                SELECT
                FROM block AS b
                FULL JOIN (
                    SELECT o.* FROM public.rank_copy_blocks AS o WHERE o.copy_id = n.same_as
                ) AS o ON o.lowest = b.lowest
                WHERE (o.totals, o.players) IS DISTINCT FROM (b.totals, b.players)
            )
            LIMIT 1
        ), written AS (
            INSERT INTO public.rank_copy_blocks (copy_id, lowest, above, totals, players)
            SELECT $5, b.lowest, b.above, b.totals, b.players
            FROM block AS b
            WHERE EXISTS (SELECT FROM unchanged) AND NOT EXISTS (SELECT FROM same)
        )
        INSERT INTO public.rank_copies (id, ranking_id, at, counts, players, same_as)
        OVERRIDING SYSTEM VALUE
        SELECT $5, ($2).id, $4, past.options_of($1), (SELECT coalesce(sum(b.all_players), 0) FROM block AS b),
               coalesce((SELECT s.same_as FROM same AS s), $5)
        FROM unchanged
        $query$, v_totals)
    USING v_board, v_ranking, v_all, p_at, v_id, c_totals;
    GET DIAGNOSTICS v_added = ROW_COUNT;
    RETURN v_added > 0;
END
$$;

COMMENT ON FUNCTION past.add_copy(integer, timestamptz) IS 'Adds the copy of a ranking for a past moment.';
