-- Purpose:  adds a board, which a trigger on boards (board.tg_boards__fill) fills from the ledger: at once if that
--           has few players and sessions, otherwise in steps while submits go on (api.fill_boards). Submits count on it
--           from now on; none is lost or counted twice. Until it is filled its reads fail with LB032.
-- Args:     p_name       1 to 50 of A-Z a-z 0-9 _ . -, starting with a letter or digit
--           p_game_mode  the game mode it counts; NULL: any
--           p_aggregate  'sum', 'best' or 'last' of a player's scores
--           p_min_score, p_max_score  scores outside do not count on it, and are rejected when submitted to it by name.
-- Returns:  the id of the board.
-- Errors:   LB001 for an invalid argument, LB012 when the name is taken, LB023 when a total would leave its range,
--           LB030 when the transaction is not READ COMMITTED.
-- Locks:    the boards lock, exclusive, until the transaction ends. Writes: boards, leaderboard, rank index.
CREATE OR REPLACE FUNCTION api.create_board(
    p_name text, p_game_mode text DEFAULT NULL, p_aggregate text DEFAULT 'sum',
    p_min_score bigint DEFAULT 0, p_max_score bigint DEFAULT 2147483647
)
RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_board_id integer;
    v_problem  text;
BEGIN
    PERFORM internal.require_read_committed();
    v_problem := CASE
        WHEN p_name IS NULL OR char_length(p_name) > 50 OR p_name !~ '^[A-Za-z0-9][A-Za-z0-9_.-]*$'
            THEN 'the name must be 1 to 50 of A-Z a-z 0-9 _ . - and start with a letter or digit'
        WHEN internal.game_mode_problem(p_game_mode) IS NOT NULL
            THEN internal.game_mode_problem(p_game_mode) || ' (NULL for any)'
        WHEN p_aggregate IS NULL OR p_aggregate NOT IN ('sum', 'best', 'last')
            THEN 'the aggregate must be sum, best or last'
        WHEN p_min_score IS NULL OR p_max_score IS NULL OR p_min_score > p_max_score
            THEN 'min_score must not be above max_score'
        WHEN p_min_score < -9007199254740991 OR p_max_score > 9007199254740991
            THEN 'min_score and max_score must lie within -9007199254740991 and 9007199254740991'
    END;
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'LB001';
    END IF;
    INSERT INTO public.boards (name, game_mode, aggregate, min_score, max_score)
    VALUES (p_name, p_game_mode, p_aggregate, p_min_score, p_max_score)
    ON CONFLICT (name) DO NOTHING
    RETURNING id INTO v_board_id;
    IF v_board_id IS NULL THEN
        RAISE EXCEPTION 'a board named % already exists', quote_literal(p_name) USING ERRCODE = 'LB012';
    END IF;
    RETURN v_board_id;
END
$$;

COMMENT ON FUNCTION api.create_board(text, text, text, bigint, bigint) IS
    'Adds a board, which is filled from the ledger.';
