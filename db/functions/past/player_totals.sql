-- Purpose:  a player's totals at past moments, according to the ledger as it counts today.
-- Args:     p_board; p_all  a ranking of all players; p_user_id, banned or not
--           p_ats  the moments, ascending: sessions recorded before count.
-- Returns:  one row per moment at which the player had a total, as leaderboard would have held it.
-- Note:     one pass over the player's sessions, however many moments there are. EXECUTE plans it for this board.
CREATE OR REPLACE FUNCTION past.player_totals(
    p_board public.boards, p_all public.rankings, p_user_id integer, p_ats timestamptz[]
)
RETURNS TABLE (at timestamptz, total_score bigint)
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN QUERY EXECUTE $query$
        -- A session with this number of moments up to it counts at the later ones.
        WITH step AS (
            SELECT width_bucket(g."timestamp", $4) AS passed, sum(g.score)::bigint AS sum, count(*) AS number,
                   max(CASE WHEN $1.lowest_wins THEN -g.score ELSE g.score END) AS best,
                   (array_agg(g.score ORDER BY g."timestamp", g.id))[1] AS first,
                   (array_agg(g.score ORDER BY g."timestamp" DESC, g.id DESC))[1] AS last
            FROM public.game_sessions AS g
            WHERE g.user_id = $3 AND board.counts_in($1, $2, g) AND g.void_id IS NULL
            GROUP BY 1
        ), total AS (
            SELECT s.passed, lead(s.passed) OVER before AS next, CASE $1.aggregate
                WHEN 'best' THEN max(s.best) OVER before
                ELSE CASE WHEN $1.lowest_wins THEN -1 ELSE 1 END * CASE $1.aggregate
                    WHEN 'sum' THEN (sum(s.sum) OVER before)::bigint
                    WHEN 'count' THEN (sum(s.number) OVER before)::bigint
                    WHEN 'first' THEN first_value(s.first) OVER before
                    ELSE s.last
                END
            END AS total
            FROM step AS s
            WINDOW before AS (ORDER BY s.passed)
        )
        SELECT m.at, t.total
        FROM unnest($4) WITH ORDINALITY AS m(at, number)
        JOIN total AS t ON t.passed < m.number AND (t.next >= m.number) IS NOT FALSE
        $query$
    USING p_board, p_all, p_user_id, p_ats;
END
$$;

COMMENT ON FUNCTION past.player_totals(public.boards, public.rankings, integer, timestamptz[]) IS
    'A player''s totals at past moments, according to the ledger.';
