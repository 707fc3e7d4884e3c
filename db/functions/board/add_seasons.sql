-- Purpose:  adds the seasons of a board with periods in which sessions are to count, if they have no rankings yet.
--           Whatever sets the time of a session calls it before it looks for the rankings that count the session.
-- Args:     p_board  a row of boards; p_times  of the sessions: when they were played, or else counted
--           p_now    when they are counted: a season that counts nothing any more by then is not added.
-- Returns:  how many it added. On boards without periods 0.
-- Locks:    the caller holds the boards lock, shared, and the players' locks. It waits for transactions that add the
--           same season, so seasons are added in the order of their times: call it for several boards in the order of
--           their ids. Writes: rankings, rank_state.
CREATE OR REPLACE FUNCTION board.add_seasons(
    p_board public.boards, p_times timestamptz[], p_now timestamptz DEFAULT clock_timestamp()
)
RETURNS integer
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_at         timestamptz;
    v_ranking_id integer;
    v_added      integer := 0;
BEGIN
    IF p_board.period IS NULL THEN
        RETURN 0;
    END IF;
    FOR v_at IN
        SELECT t.at
        FROM unnest(p_times) AS t(at)
        WHERE NOT EXISTS (
            SELECT FROM public.rankings AS r
            WHERE r.board_id = p_board.id AND r.split = '' AND r.starts_at <= t.at AND r.ends_at > t.at
        )
        GROUP BY t.at
        ORDER BY t.at
    LOOP
        -- Each sees the ones added before it: then the season exists and the conflict adds nothing.
        INSERT INTO public.rankings (board_id, number, starts_at, ends_at, deadline)
        SELECT p_board.id, s.number, s.starts_at, s.ends_at, s.ends_at + p_board.grace
        FROM board.season_at(p_board, v_at) AS s
        WHERE p_now < s.ends_at + p_board.grace
        ON CONFLICT DO NOTHING
        RETURNING id INTO v_ranking_id;
        IF v_ranking_id IS NOT NULL THEN
            INSERT INTO public.rank_state (board_id) VALUES (v_ranking_id);
            v_added := v_added + 1;
        END IF;
    END LOOP;
    RETURN v_added;
END
$$;

COMMENT ON FUNCTION board.add_seasons(public.boards, timestamptz[], timestamptz) IS
    'Adds the seasons of a board in which sessions at these times count.';
