-- Purpose:  adds the rankings of a new board: one, or one for each season from opens_at up to now. Seasons that are
--           over are added as closing: their archives are computed from the ledger. The others count from now on. Later
--           seasons are added when they are needed (board.add_seasons).
-- Args:     p_board  without rankings, its options valid.
-- Errors:   LB001 when there are more than 1,000 seasons.
-- Locks:    the caller holds the boards lock exclusively. Writes: rankings, rank_state.
CREATE OR REPLACE FUNCTION board.add_rankings(p_board public.boards) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_most   CONSTANT integer := 1000;
    v_now    timestamptz := clock_timestamp();
    v_at     timestamptz := p_board.opens_at;
    v_number bigint;
    v_over   boolean;
    v_season record;
BEGIN
    IF p_board.period IS NULL THEN
        v_over := p_board.manual_seasons AND p_board.closes_at + p_board.grace <= v_now;
        INSERT INTO public.rankings (id, board_id, starts_at, ends_at, deadline, closing_xid, filled_to)
        SELECT CASE WHEN p_board.manual_seasons THEN nextval('public.boards_id_seq') ELSE p_board.id END, p_board.id,
               coalesce(v_at, '-infinity'), w.ends_at, w.ends_at + p_board.grace,
               CASE WHEN v_over THEN '0'::xid8 END, CASE WHEN v_over THEN 0 END
        FROM (SELECT coalesce(p_board.closes_at, 'infinity') AS ends_at) AS w;
    ELSIF v_at <= v_now THEN
        SELECT s.number INTO v_number FROM board.season_at(p_board, least(
            v_now, p_board.closes_at - interval '1 microsecond'
        )) AS s;
        IF v_number > c_most THEN
            RAISE EXCEPTION 'from opens_at on, the board has % seasons up to now, and a board begins with at most %',
                v_number, c_most
                USING ERRCODE = 'LB001', HINT = 'Choose a later opens_at, or a longer period';
        END IF;
        WHILE v_at <= v_now AND coalesce(v_at < p_board.closes_at, true) LOOP
            SELECT s.number, s.starts_at, s.ends_at, s.ends_at + p_board.grace AS deadline INTO STRICT v_season
            FROM board.season_at(p_board, v_at) AS s;
            v_over := v_season.deadline <= v_now;
            INSERT INTO public.rankings (board_id, number, starts_at, ends_at, deadline, closing_xid, filled_to)
            VALUES (
                p_board.id, v_season.number, v_season.starts_at, v_season.ends_at, v_season.deadline,
                CASE WHEN v_over THEN '0'::xid8 END, CASE WHEN v_over THEN 0 END
            );
            v_at := v_season.ends_at;
        END LOOP;
    END IF;
    INSERT INTO public.rank_state (board_id)
    SELECT r.id
    FROM public.rankings AS r
    WHERE r.board_id = p_board.id AND r.closing_xid IS NULL
    ORDER BY r.id;
END
$$;

COMMENT ON FUNCTION board.add_rankings(public.boards) IS
    'Adds the rankings of a new board, with its seasons up to now.';
