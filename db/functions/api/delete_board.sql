-- Purpose:  deletes a board with its totals, ranks and seasons, closed ones too. The sessions stay in the ledger, and
--           keys of submissions stay known. A board that is created again is filled from the ledger.
-- Args:     p_name     name of the board
--           p_confirm  the name a second time.
-- Errors:   LB001 for the board overall, LB010 when the board does not exist, LB033 when p_confirm is not its name.
-- Locks:    the boards lock, exclusive, until the transaction ends. Writes: boards, rankings, leaderboard, rank index,
--           archives. Many totals are deleted in steps later (api.fill_boards).
CREATE OR REPLACE FUNCTION api.delete_board(p_name text, p_confirm text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM internal.require_key(ARRAY['admin']);
    PERFORM internal.require_read_committed();
    PERFORM board.board_id(p_name);
    IF p_confirm IS DISTINCT FROM p_name THEN
        RAISE EXCEPTION 'deleting board % deletes its totals and its closed seasons for good; confirm it by its name',
            p_name
            USING ERRCODE = 'LB033', HINT = format('SELECT api.delete_board(%L, p_confirm => %L)', p_name, p_name);
    END IF;
    DELETE FROM public.boards AS b WHERE b.name = p_name;
END
$$;

COMMENT ON FUNCTION api.delete_board(text, text) IS 'Deletes a board with its totals and seasons.';
