-- Purpose:  which ranking of a board a read of a past moment is about.
-- Args:     p_board  a board, or a season or split of one, as board.ranking_of takes it; p_at.
-- Returns:  the same; where p_board names no season of a board that has some, with the one that ran at that time:
--           'daily/DE' becomes 'daily@12/DE'.
-- Errors:   LB014 when no season ran then.
CREATE OR REPLACE FUNCTION past.board_at(p_board text, p_at timestamptz) RETURNS text
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    v_name   text := split_part(p_board, '/', 1);
    v_board  public.boards;
    v_number integer;
BEGIN
    SELECT b.* INTO v_board FROM public.boards AS b WHERE b.name = v_name;
    IF NOT FOUND OR v_board.period IS NULL AND NOT v_board.manual_seasons THEN
        RETURN p_board;
    END IF;
    SELECT s.number INTO v_number FROM board.season_at(v_board, p_at) AS s;
    IF v_number IS NULL THEN
        RAISE EXCEPTION 'no season of board % ran at %', v_name, internal.utc(p_at)
            USING ERRCODE = 'LB014', HINT = format('SELECT * FROM api.list_seasons(%L)', v_name);
    END IF;
    RETURN v_name || '@' || v_number || substr(p_board, char_length(v_name) + 1);
END
$$;

COMMENT ON FUNCTION past.board_at(text, timestamptz) IS 'Which season of a board a read of a past moment is about.';
