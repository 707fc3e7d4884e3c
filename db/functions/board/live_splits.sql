-- Purpose:  the splits of the rankings that are not closed or closing (board.live_rankings).
-- Args:     p_board  name of a board; NULL: all boards.
-- Returns:  one row per split: its id; ranking_id, the ranking of all players; label, as in 'daily@12/DE'; sign, -1 if
--           the lowest total wins, otherwise 1.
-- Note:     plain SQL that the planner inlines.
CREATE OR REPLACE FUNCTION board.live_splits(p_board text)
RETURNS TABLE (id integer, ranking_id integer, label text, sign integer)
LANGUAGE sql STABLE
AS $$
    SELECT s.id, r.id, r.label || '/' || s.split, r.sign
    FROM board.live_rankings(p_board) AS r
    JOIN public.rankings AS k ON k.id = r.id
    JOIN public.rankings AS s
        ON s.board_id = k.board_id AND s.number = k.number AND s.split > '' AND s.starts_at = k.starts_at
$$;

COMMENT ON FUNCTION board.live_splits(text) IS 'The splits of a board, or of all, that are not closed or closing.';
