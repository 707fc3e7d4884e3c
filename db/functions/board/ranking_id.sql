-- Purpose:  the id of a board's current ranking, for a read of it.
-- Args:     p_board  name of the board.
-- Returns:  the id.
-- Errors:   LB010 when the board does not exist or the name is NULL, LB032 while it is being filled from the ledger.
CREATE OR REPLACE FUNCTION board.ranking_id(p_board text) RETURNS integer
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_id        integer;
    v_filled_to integer;
BEGIN
    SELECT r.id, r.filled_to INTO v_id, v_filled_to
    FROM public.boards AS b
    JOIN public.rankings AS r ON r.board_id = b.id AND r.split = '' AND r.starts_at <= now() AND r.ends_at > now()
    WHERE b.name = p_board;
    IF v_id IS NULL THEN
        PERFORM board.board_id(p_board);
    ELSIF v_filled_to IS NOT NULL THEN
        RAISE EXCEPTION 'board % is being filled from the ledger; retry later', p_board
            USING ERRCODE = 'LB032',
                HINT = 'A running service fills it, or: SELECT api.fill_boards(), until it is false';
    END IF;
    RETURN v_id;
END
$$;

COMMENT ON FUNCTION board.ranking_id(text) IS
    'The id of a board''s current ranking; LB010 when there is no board, LB032 while it is being filled.';
