-- Purpose:  gives the rankings of a board the times of its options, after these changed. Seasons that have ended keep
--           theirs.
-- Args:     p_old, p_board  the row before and after the change.
-- Locks:    the caller holds the boards lock exclusively. Writes: rankings, rank_state.
CREATE OR REPLACE FUNCTION board.change_rankings(p_old public.boards, p_board public.boards) RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_now    timestamptz := clock_timestamp();
    v_starts timestamptz := coalesce(p_board.opens_at, '-infinity');
    v_ends   timestamptz := coalesce(p_board.closes_at, 'infinity');
BEGIN
    IF (p_old.opens_at, p_old.closes_at, p_old.grace)
        IS NOT DISTINCT FROM (p_board.opens_at, p_board.closes_at, p_board.grace)
    THEN
        RETURN;
    END IF;
    IF p_board.period IS NULL AND NOT p_board.manual_seasons THEN
        UPDATE public.rankings AS r
        SET starts_at = v_starts, ends_at = CASE r.split WHEN '' THEN v_ends ELSE r.ends_at END,
            deadline = CASE r.split WHEN '' THEN v_ends + p_board.grace ELSE r.deadline END
        WHERE r.board_id = p_board.id;
        RETURN;
    END IF;
    -- Seasons that begin later have no players yet. They are added again when they are needed.
    WITH later AS (
        DELETE FROM public.rankings AS r
        WHERE r.board_id = p_board.id AND r.starts_at > v_now AND p_board.period IS NOT NULL
        RETURNING r.id
    )
    DELETE FROM public.rank_state AS s USING later AS l WHERE s.board_id = l.id;
    UPDATE public.rankings AS r
    SET starts_at = CASE WHEN p_board.opens_at > v_now THEN v_starts ELSE r.starts_at END,
        ends_at = w.ends_at, deadline = w.ends_at + p_board.grace
    FROM (
        SELECT o.id, least(v_ends, CASE
            WHEN o.ends_at <> coalesce(p_old.closes_at, 'infinity') THEN o.ends_at
            ELSE p.ends_at
        END) AS ends_at
        FROM public.rankings AS o
        LEFT JOIN LATERAL board.period_at(p_board.period, p_board.anchor, p_board.time_zone, o.starts_at) AS p ON true
        WHERE o.board_id = p_board.id AND o.split = '' AND o.ends_at > v_now
    ) AS w
    WHERE r.id = w.id;
    -- A board that has not opened has one season. Plain SQL may have given it players, and so splits.
    IF p_board.opens_at > v_now THEN
        UPDATE public.rankings AS r SET starts_at = v_starts WHERE r.board_id = p_board.id AND r.split <> '';
    END IF;
END
$$;

COMMENT ON FUNCTION board.change_rankings(public.boards, public.boards) IS
    'Gives the rankings of a board the times of its changed options.';
