-- Purpose:  lists the splits of a board: the values of the attribute by which it is split, with their players.
-- Args:     p_board  a board, or a season of one such as 'daily@previous'.
-- Returns:  one row per value, the one with most players first; none if the board is not split. Values without players
--           at the moment are left out.
-- Errors:   LB010 when the board does not exist, LB014 when the season does not, LB018 when the split does not, LB032
--           while the board or its splits are being filled from the ledger.
-- Locks:    none. STABLE: one snapshot for all rows.
CREATE OR REPLACE FUNCTION api.board_splits(p_board text) RETURNS TABLE (split text, players bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
    v_ranking record := board.ranking_of(split_part(p_board, '/', 1));
BEGIN
    IF EXISTS (SELECT FROM public.rankings AS r WHERE r.id = v_ranking.id AND r.splits_to IS NOT NULL) THEN
        RAISE EXCEPTION 'the splits of board % are being filled; retry later', p_board
            USING ERRCODE = 'LB032', HINT = board.fill_hint();
    END IF;
    RETURN QUERY
    SELECT s.split, p.players
    FROM public.rankings AS r
    JOIN public.rankings AS s ON s.board_id = r.board_id AND s.number = r.number AND s.split > ''
    CROSS JOIN LATERAL (SELECT board.players(s.id, s.closed_at IS NOT NULL, s.players) AS players OFFSET 0) AS p
    WHERE r.id = v_ranking.id AND p.players > 0
    ORDER BY p.players DESC, s.split;
END
$$;

COMMENT ON FUNCTION api.board_splits(text) IS 'The splits of a board or season, and how many players each has.';
