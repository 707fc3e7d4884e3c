-- Purpose:  the ranking that a read is about, with what the read needs to know about its board.
-- Args:     p_board  a board, or a season of one: 'daily' or 'daily@current', 'daily@previous', 'daily@12'; or a split
--           of one of these: 'daily/DE', 'daily@12/DE'.
-- Returns:  id         of the ranking; NULL for a current season or a split without players, whose row may not be there
--           board      the name without the season and the split
--           season     its number; NULL on a board without seasons
--           sign       -1 if the board stores its totals negated (lowest_wins), otherwise 1
--           displays, unit, decimals  whether totals have a display, and what internal.display_score needs for it
--           earliest   whether the order within a tie is that of leaderboard.tie
--           closed     whether it is in the archive; players: how many, if so.
-- Errors:   LB010 when the board does not exist or p_board is NULL, LB014 when the season does not, LB018 when the
--           split does not, LB032 while the ranking is being filled from the ledger.
-- Note:     a board without seasons, and a season that runs, are one statement. It reads the time at which the
--           caller's statement began, as its snapshot: the caller's other statements see the same season.
CREATE OR REPLACE FUNCTION board.ranking_of(
    p_board text, OUT id integer, OUT board text, OUT season integer, OUT sign integer, OUT displays boolean,
    OUT unit text, OUT decimals integer, OUT earliest boolean, OUT closed boolean, OUT players bigint
)
RETURNS record
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    v_filling boolean;
    v_name    text;
    v_board   public.boards;
    v_ranking public.rankings;
BEGIN
    SELECT r.id, b.name, CASE WHEN r.id <> b.id THEN r.number END, CASE WHEN b.lowest_wins THEN -1 ELSE 1 END,
           b.decimals > 0 OR b.unit IN ('ms', 's'), b.unit, b.decimals, b.ties = 'earliest', r.closed_at IS NOT NULL,
           r.players, r.filled_to IS NOT NULL
    INTO id, board, season, sign, displays, unit, decimals, earliest, closed, players, v_filling
    FROM public.boards AS b
    CROSS JOIN LATERAL board.latest_ranking(b.id, statement_timestamp()) AS r
    WHERE b.name = p_board AND (r.id = b.id OR r.ends_at > statement_timestamp());
    IF NOT FOUND THEN
        v_name := split_part(p_board, '/', 1);
        SELECT b.* INTO v_board FROM public.boards AS b WHERE b.name = split_part(v_name, '@', 1);
        IF NOT FOUND THEN
            PERFORM board.board_id(p_board);
        END IF;
        v_ranking := board.season_of(v_board, substring(v_name FROM '@(.*)'));
        v_filling := v_ranking.filled_to IS NOT NULL;
        IF v_name <> p_board THEN
            v_filling := v_filling OR v_ranking.splits_to IS NOT NULL;
            v_ranking := board.split_ranking(v_board, v_ranking, substr(p_board, char_length(v_name) + 2));
        END IF;
        id := v_ranking.id;
        board := v_board.name;
        season := CASE WHEN v_board.period IS NOT NULL OR v_board.manual_seasons THEN v_ranking.number END;
        sign := CASE WHEN v_board.lowest_wins THEN -1 ELSE 1 END;
        displays := v_board.decimals > 0 OR v_board.unit IN ('ms', 's');
        unit := v_board.unit;
        decimals := v_board.decimals;
        earliest := v_board.ties = 'earliest';
        closed := v_ranking.closed_at IS NOT NULL;
        players := v_ranking.players;
    END IF;
    IF v_filling THEN
        RAISE EXCEPTION 'board % is being filled from the ledger; retry later', p_board
            USING ERRCODE = 'LB032',
                HINT = 'A running service fills it, or: SELECT api.fill_boards(), until it is false';
    END IF;
END
$$;

COMMENT ON FUNCTION board.ranking_of(text) IS
    'The ranking of a board, season or split, for a read; an error when there is none, or while it is being filled.';
