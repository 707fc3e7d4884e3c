-- Purpose:  the rankings that have pending deltas, for what looks at every ranking, such as folds.
-- Returns:  their ids.
-- Note:     while rank_delta is small, which it is unless vacuum is held back or behind, it goes from one ranking to
--           the next in the index of rank_delta, and rankings without deltas cost nothing. That reads dead rows too, so
--           in a larger table it looks beyond the horizon of every ranking instead: 1 us each.
CREATE OR REPLACE FUNCTION rank_index.dirty_boards() RETURNS SETOF integer
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF pg_relation_size('public.rank_delta') <= 524288 THEN
        RETURN QUERY
        WITH RECURSIVE found(board_id) AS (
            (SELECT d.board_id FROM public.rank_delta AS d ORDER BY d.board_id, d.xid LIMIT 1)
            UNION ALL
            SELECT (
                SELECT d.board_id
                FROM public.rank_delta AS d
                WHERE d.board_id > f.board_id
                ORDER BY d.board_id, d.xid
                LIMIT 1
            )
            FROM found AS f
            WHERE f.board_id IS NOT NULL
        )
        SELECT f.board_id
        FROM found AS f
        -- A scalar stays one look-up each; EXISTS may read all of rank_state.
        WHERE (SELECT s.board_id FROM public.rank_state AS s WHERE s.board_id = f.board_id) IS NOT NULL;
    ELSE
        RETURN QUERY
        SELECT s.board_id
        FROM public.rank_state AS s
        CROSS JOIN LATERAL (
            SELECT FROM rank_index.pending_deltas(s.board_id, s.horizon, s.in_flight) OFFSET 0 LIMIT 1
        ) AS pending;
    END IF;
END
$$;

COMMENT ON FUNCTION rank_index.dirty_boards() IS 'The rankings that have pending deltas.';
