-- Purpose:  adds the splits of rankings that players need, up to board.max_splits() of each ranking. Players with
--           further values are only in the ranking of all players.
-- Args:     p_ranking_ids  of rankings of all players; p_splits  same length: the values. No pair twice.
-- Returns:  whether there may be more splits now.
-- Locks:    the caller holds the boards lock, shared. It waits for transactions that add the same split, so they are
--           added in one order, after players are locked and seasons added. Writes: rankings, rank_state.
CREATE OR REPLACE FUNCTION board.add_splits(p_ranking_ids integer[], p_splits text[]) RETURNS boolean
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    v_missing record;
    v_left    integer;
    v_any     boolean := false;
BEGIN
    FOR v_missing IN
        SELECT r.board_id, r.number, r.starts_at, b.split_by, array_agg(m.split ORDER BY m.split) AS splits
        FROM unnest(p_ranking_ids, p_splits) AS m(id, split)
        JOIN public.rankings AS r ON r.id = m.id
        JOIN public.boards AS b ON b.id = r.board_id
        GROUP BY r.board_id, r.number, r.starts_at, b.split_by
        ORDER BY r.board_id, r.starts_at
    LOOP
        SELECT board.max_splits() - count(*) INTO v_left
        FROM public.rankings AS s
        WHERE s.board_id = v_missing.board_id AND s.number = v_missing.number AND s.split > '';
        CONTINUE WHEN v_left <= 0;
        v_any := true;
        WITH added AS (
            INSERT INTO public.rankings (board_id, number, split, split_by, starts_at)
            SELECT v_missing.board_id, v_missing.number, n.split, v_missing.split_by, v_missing.starts_at
            FROM unnest(v_missing.splits[:v_left]) AS n(split)
            ORDER BY n.split
            ON CONFLICT DO NOTHING
            RETURNING id
        )
        INSERT INTO public.rank_state (board_id) SELECT a.id FROM added AS a;
    END LOOP;
    RETURN v_any;
END
$$;

COMMENT ON FUNCTION board.add_splits(integer[], text[]) IS 'Adds the splits of rankings that players need.';
