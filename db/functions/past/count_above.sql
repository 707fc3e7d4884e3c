-- Purpose:  how many players had a higher total in a copy of a ranking.
-- Args:     p_same_as, p_players  of the copy (rank_copies)
--           p_total  any total, as leaderboard holds it.
-- Returns:  the number.
-- Note:     plain SQL: one look-up of the block in which the total lies.
CREATE OR REPLACE FUNCTION past.count_above(p_same_as bigint, p_players bigint, p_total bigint) RETURNS bigint
LANGUAGE sql STABLE
AS $$
    SELECT coalesce((
        SELECT b.above + (
            SELECT coalesce(sum(p.players), 0)
            FROM unnest(b.players[width_bucket(p_total, b.totals) + 1 :]) AS p(players)
        )
        FROM public.rank_copy_blocks AS b
        WHERE b.copy_id = p_same_as AND b.lowest <= p_total
        ORDER BY b.lowest DESC
        LIMIT 1
    ), p_players)::bigint
$$;

COMMENT ON FUNCTION past.count_above(bigint, bigint, bigint) IS
    'How many players had a higher total in a copy of a ranking.';
