-- Purpose:  the rankings that count sessions, or did so until a moment ago: all but closed and closing ones. Their
--           splits are apart: board.live_splits.
-- Args:     p_board  name of a board; NULL: all boards.
-- Returns:  one row per ranking: its id; label, the board's name, and with seasons that of the season, as in
--           'daily@12'; sign, -1 if the lowest total wins, otherwise 1; filled_to.
-- Note:     plain SQL that the planner inlines. A caller that is going to write totals needs a transaction id first
--           (pg_current_xact_id), so that a season that closes meanwhile waits for it.
CREATE OR REPLACE FUNCTION board.live_rankings(p_board text)
RETURNS TABLE (id integer, label text, sign integer, filled_to integer)
LANGUAGE sql STABLE
AS $$
    SELECT r.id, CASE WHEN r.id = b.id THEN b.name ELSE b.name || '@' || r.number END,
           CASE WHEN b.lowest_wins THEN -1 ELSE 1 END, r.filled_to
    FROM public.boards AS b
    JOIN public.rankings AS r ON r.board_id = b.id AND r.split = '' AND r.closing_xid IS NULL AND r.closed_at IS NULL
    WHERE p_board IS NULL OR b.name = p_board
$$;

COMMENT ON FUNCTION board.live_rankings(text) IS 'The rankings of a board, or of all, that are not closed or closing.';
