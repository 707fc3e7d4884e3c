-- Purpose:  the board of which a caller names a season.
-- Args:     p_board  'name@season', season as in board.ranking_of.
-- Returns:  the row of the board.
-- Errors:   LB010 when the board does not exist, LB014 when it has no seasons or the season is none.
CREATE OR REPLACE FUNCTION board.board_with_season(p_board text) RETURNS public.boards
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_board  public.boards;
    v_season text := substring(p_board FROM '@(.*)');
BEGIN
    SELECT b.* INTO v_board FROM public.boards AS b WHERE b.name = split_part(p_board, '@', 1);
    IF v_board.id IS NULL OR p_board NOT LIKE '%@%' THEN
        PERFORM board.board_id(p_board);
    END IF;
    IF v_board.period IS NULL AND NOT v_board.manual_seasons THEN
        RAISE EXCEPTION 'board % has no seasons', v_board.name USING ERRCODE = 'LB014';
    END IF;
    IF v_season NOT IN ('current', 'previous') AND (v_season !~ '^[1-9][0-9]*$' OR char_length(v_season) > 9) THEN
        RAISE EXCEPTION 'the season must be current, previous or a number from 1, not %',
            quote_literal(left(v_season, 20)) USING ERRCODE = 'LB014';
    END IF;
    RETURN v_board;
END
$$;

COMMENT ON FUNCTION board.board_with_season(text) IS 'The board of which a caller names a season.';
