-- Purpose:  ends the season of a board with manual seasons now, and begins the next one. Every submission counts on one
--           of both. The ended season goes on counting sessions that were played in it for the board's grace, and is
--           closed then (api.close_seasons).
-- Args:     p_board  its name, or the season that is to end, such as 'cup@3': then a retry ends no second one.
-- Returns:  one row: the numbers of the season that ended and of the one that began, and when.
-- Errors:   LB001 when the board has no manual seasons, LB010 when it does not exist or p_board is NULL, LB026 when it
--           is closed, or the named season is not the one that runs, LB014 when it is no season, LB027 when the board
--           has not opened yet, LB030 when the transaction is not READ COMMITTED.
-- Locks:    the boards lock, exclusive, until the transaction ends; players with
--           sessions in the future, which only plain SQL can write. Writes: rankings, rank_state; for these players
--           leaderboard.
CREATE OR REPLACE FUNCTION api.end_season(p_board text)
RETURNS TABLE (ended integer, started integer, "at" timestamptz)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    -- Sessions of transactions that had not committed when the ledger was scanned are among the last ones.
    c_in_flight CONSTANT bigint := 50000;
    c_started   CONSTANT timestamptz := clock_timestamp();
    v_name      CONSTANT text := split_part(p_board, '@', 1);
    v_season    CONSTANT text := nullif(split_part(p_board, '@', 2), '');
    v_board     public.boards;
    v_ranking   public.rankings;
    v_next_id   integer;
    v_newest    bigint;
    v_user_ids  integer[];
BEGIN
    PERFORM internal.require_key(ARRAY['admin']);
    PERFORM internal.require_read_committed();
    PERFORM board.board_id(v_name);
    IF p_board LIKE '%@%' THEN
        PERFORM board.board_with_season(p_board);
    END IF;
    SELECT max(g.id), array_agg(DISTINCT g.user_id) FILTER (WHERE coalesce(g.played_at, g."timestamp") >= c_started)
    INTO v_newest, v_user_ids
    FROM public.game_sessions AS g;
    PERFORM internal.lock_boards();
    SELECT b.* INTO v_board FROM public.boards AS b WHERE b.id = board.board_id(v_name);
    IF NOT v_board.manual_seasons THEN
        RAISE EXCEPTION 'board % has no seasons that a call ends', quote_literal(v_name)
            USING ERRCODE = 'LB001', HINT = 'api.create_board(..., p_manual_seasons => true) makes one that has';
    END IF;
    at := clock_timestamp();
    IF at >= v_board.closes_at THEN
        RAISE EXCEPTION 'board % closed at %', quote_literal(v_name), internal.utc(v_board.closes_at)
            USING ERRCODE = 'LB026';
    ELSIF at < v_board.opens_at THEN
        RAISE EXCEPTION 'board % opens at %', quote_literal(v_name), internal.utc(v_board.opens_at)
            USING ERRCODE = 'LB027';
    END IF;
    SELECT r.* INTO STRICT v_ranking
    FROM public.rankings AS r
    WHERE r.board_id = v_board.id AND r.split = ''
    ORDER BY r.starts_at DESC
    LIMIT 1;
    IF v_season <> 'current' AND v_season <> v_ranking.number::text THEN
        RAISE EXCEPTION 'season % of board % does not run; it is in its season %', v_season, v_name, v_ranking.number
            USING ERRCODE = 'LB026';
    END IF;
    -- The clock may have been set back.
    at := greatest(at, v_ranking.starts_at + interval '1 microsecond');
    UPDATE public.rankings AS r SET ends_at = at, deadline = at + v_board.grace WHERE r.id = v_ranking.id;
    INSERT INTO public.rankings (board_id, number, starts_at, ends_at, deadline)
    SELECT v_board.id, v_ranking.number + 1, at, c.ends_at, c.ends_at + v_board.grace
    FROM (SELECT coalesce(v_board.closes_at, 'infinity') AS ends_at) AS c
    RETURNING id INTO v_next_id;
    INSERT INTO public.rank_state (board_id) VALUES (v_next_id);
    v_user_ids := ARRAY(
        SELECT unnest(v_user_ids)
        UNION
        SELECT g.user_id
        FROM public.game_sessions AS g
        WHERE g.id > coalesce(v_newest, 0) - c_in_flight AND coalesce(g.played_at, g."timestamp") >= at
    );
    IF v_user_ids <> '{}' THEN
        PERFORM internal.lock_users(v_user_ids);
        PERFORM FROM ledger.correct_totals(ARRAY[v_ranking.id, v_next_id], v_user_ids);
    END IF;
    ended := v_ranking.number;
    started := v_ranking.number + 1;
    RETURN NEXT;
END
$$;

COMMENT ON FUNCTION api.end_season(text) IS 'Ends the season of a board with manual seasons, and begins the next one.';
