-- Purpose:  the id of a board by its name.
-- Args:     p_board.
-- Returns:  its id.
-- Errors:   LB010 when the board does not exist or the name is NULL.
CREATE OR REPLACE FUNCTION board.board_id(p_board text) RETURNS integer
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_id integer;
BEGIN
    SELECT b.id INTO v_id FROM public.boards AS b WHERE b.name = p_board;
    IF v_id IS NULL THEN
        RAISE EXCEPTION 'there is no board %; api.list_boards() lists them',
            coalesce(quote_literal(left(p_board, 60)), 'NULL')
            USING ERRCODE = 'LB010';
    END IF;
    RETURN v_id;
END
$$;

COMMENT ON FUNCTION board.board_id(text) IS 'The id of a board by its name; LB010 when there is none.';
