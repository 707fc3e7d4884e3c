-- Purpose:  adds the seasons that boards with periods lack, up to those that begin within a minute
--           (board.missing_seasons). One that counts nothing any more is added as closing: its archive is computed from
--           the ledger, which is empty for it unless plain SQL wrote sessions of that time.
-- Returns:  how many it added.
-- Locks:    the boards lock, shared, if there is something to add. Writes: rankings, rank_state.
CREATE OR REPLACE FUNCTION board.add_missing_seasons() RETURNS integer
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_now     CONSTANT timestamptz := clock_timestamp();
    c_ahead   CONSTANT timestamptz := c_now + interval '1 minute';
    v_ids     integer[];
    v_board   public.boards;
    v_at      timestamptz;
    v_row     integer;
    v_added   integer := 0;
BEGIN
    v_ids := ARRAY(
        SELECT b.id
        FROM public.boards AS b
        CROSS JOIN LATERAL (SELECT least(c_ahead, b.closes_at - interval '1 microsecond') AS until) AS u
        WHERE b.period IS NOT NULL AND b.opens_at <= c_ahead
            AND coalesce((SELECT r.ends_at FROM board.latest_ranking(b.id, u.until) AS r) <= u.until, true)
        UNION
        SELECT b.id
        FROM public.rankings AS r
        JOIN public.boards AS b ON b.id = r.board_id
        WHERE r.closing_xid IS NULL AND r.deadline < 'infinity' AND r.split = ''
            AND b.period IS NOT NULL AND r.starts_at > b.opens_at
            AND (
                SELECT o.ends_at
                FROM public.rankings AS o
                WHERE o.board_id = r.board_id AND o.split = '' AND o.starts_at < r.starts_at
                ORDER BY o.starts_at DESC
                LIMIT 1
            ) IS DISTINCT FROM r.starts_at
    );
    IF v_ids = '{}' THEN
        RETURN 0;
    END IF;
    PERFORM internal.lock_boards_shared();
    FOR v_board IN SELECT b.* FROM public.boards AS b WHERE b.id = ANY (v_ids) ORDER BY b.id LOOP
        FOREACH v_at IN ARRAY board.missing_seasons(v_board, c_ahead) LOOP
            INSERT INTO public.rankings (board_id, number, starts_at, ends_at, deadline, closing_xid, filled_to)
            SELECT v_board.id, s.number, s.starts_at, s.ends_at, s.ends_at + v_board.grace, '0', 0
            FROM board.season_at(v_board, v_at) AS s
            WHERE s.ends_at + v_board.grace <= c_now
            ON CONFLICT DO NOTHING;
            GET DIAGNOSTICS v_row = ROW_COUNT;
            v_added := v_added + v_row + board.add_seasons(v_board, ARRAY[v_at], c_now);
        END LOOP;
    END LOOP;
    RETURN v_added;
END
$$;

COMMENT ON FUNCTION board.add_missing_seasons() IS 'Adds the seasons that boards with periods lack.';
