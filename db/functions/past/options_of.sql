-- Purpose:  what of a board decides its totals, as text: a copy of a ranking is of use as long as it stays the same.
-- Args:     p_board.
-- Returns:  the text. Boards that count alike have the same one.
-- Note:     the planner inlines it.
CREATE OR REPLACE FUNCTION past.options_of(p_board public.boards) RETURNS text
LANGUAGE sql STABLE
RETURN jsonb_build_array(
    p_board.aggregate, p_board.lowest_wins, p_board.game_mode, p_board.min_score, p_board.max_score,
    CASE WHEN p_board.period IS NULL AND NOT p_board.manual_seasons
        THEN jsonb_build_array(
            extract(epoch FROM p_board.opens_at), extract(epoch FROM p_board.closes_at), p_board.grace::text
        )
    END
)::text;

COMMENT ON FUNCTION past.options_of(public.boards) IS 'What of a board decides its totals.';
