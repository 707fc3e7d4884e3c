-- Purpose:  the ranking of a board that began last: the only one that may cover a time.
-- Args:     p_board_id; p_at  the time.
-- Returns:  its row; it may have ended by then. No row if none had begun.
-- Note:     plain SQL that the planner inlines: one look-up, however many seasons there were, and however small the
--           table was when the plan was made.
CREATE OR REPLACE FUNCTION board.latest_ranking(p_board_id integer, p_at timestamptz) RETURNS SETOF public.rankings
LANGUAGE sql STABLE
AS $$
    SELECT r.*
    FROM public.rankings AS r
    WHERE r.board_id = p_board_id AND r.split = '' AND r.starts_at <= p_at
    ORDER BY r.starts_at DESC
    LIMIT 1
$$;

COMMENT ON FUNCTION board.latest_ranking(integer, timestamptz) IS
    'The ranking of a board that began last at a time; it may have ended by then.';
