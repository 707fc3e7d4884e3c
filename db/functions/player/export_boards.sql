-- Purpose:  the totals and ranks of a player on all boards, for an export: first the live ones, then those of closed
--           seasons. Boards that are being filled from the ledger are left out.
-- Args:     p_user_id.
-- Returns:  JSON objects. total_score is an integer of the board's unit; hidden: what a banned player would have.
CREATE OR REPLACE FUNCTION player.export_boards(p_user_id integer) RETURNS TABLE (item json)
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN QUERY
    SELECT json_strip_nulls(json_build_object(
        'board', b.name,
        'season', CASE WHEN b.period IS NOT NULL OR b.manual_seasons THEN r.number END,
        'split', nullif(r.split, ''),
        'closed_at', r.closed_at,
        'total_score', CASE WHEN b.lowest_wins THEN -e.total_score ELSE e.total_score END,
        'unit', b.unit,
        'decimals', nullif(b.decimals, 0),
        'rank', e.rank,
        'players', e.players,
        'hidden', e.hidden
    ))
    FROM public.rankings AS r
    JOIN public.boards AS b ON b.id = r.board_id
    CROSS JOIN LATERAL (
        SELECT l.total_score, 1 + c.above AS rank, c.players, NULL::boolean AS hidden
        FROM public.leaderboard AS l
        CROSS JOIN LATERAL rank_index.count_above_one(r.id, l.total_score) AS c
        WHERE r.closed_at IS NULL AND r.filled_to IS NULL AND l.user_id = p_user_id AND l.board_id = r.id
        UNION ALL
        SELECT h.total_score, h.rank, h.players, true
        FROM moderation.hidden_ranks(r.id, false, ARRAY[p_user_id]) AS h
        WHERE r.closed_at IS NULL AND r.filled_to IS NULL
        UNION ALL
        SELECT a.total_score, a.rank, r.players, NULL
        FROM archive.entries(r.id, ARRAY[p_user_id]) AS a
        WHERE r.closed_at IS NOT NULL
    ) AS e
    ORDER BY r.closed_at IS NOT NULL, b.id, r.number, r.split;
END
$$;

COMMENT ON FUNCTION player.export_boards(integer) IS 'The totals and ranks of a player on all boards, for an export.';
