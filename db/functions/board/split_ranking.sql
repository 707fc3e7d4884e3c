-- Purpose:  the split of a ranking that a read is about.
-- Args:     p_board; p_ranking  the ranking of all players, as board.season_of returns it; NULL: only check that the
--           split is or was one of the board. p_split  the value.
-- Returns:  the split's row. If no player with the value has a total in the ranking, it may have none: then id is NULL.
-- Errors:   LB018 when the ranking is not split, or no player with this value has ever had a total on the board.
CREATE OR REPLACE FUNCTION board.split_ranking(p_board public.boards, p_ranking public.rankings, p_split text)
RETURNS public.rankings
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    v_split public.rankings;
    v_known boolean;
BEGIN
    SELECT s.* INTO v_split
    FROM public.rankings AS s
    WHERE s.board_id = p_board.id AND s.split = p_split AND p_split <> '' AND s.starts_at = p_ranking.starts_at;
    IF NOT FOUND THEN
        v_known := EXISTS (
            SELECT FROM public.rankings AS s WHERE s.board_id = p_board.id AND s.split = p_split AND p_split <> ''
        );
        IF p_board.split_by IS NULL AND (NOT v_known OR p_ranking.starts_at IS NOT NULL) THEN
            RAISE EXCEPTION 'board % is not split', p_board.name
                USING ERRCODE = 'LB018', HINT = format(
                    'SELECT api.alter_board(%L, ''{"split_by": "country"}'') splits it by an attribute of players',
                    p_board.name
                );
        ELSIF NOT v_known THEN
            RAISE EXCEPTION 'board % has no split %: no player whose % has this value has played on it, or there are'
                ' more than % values', p_board.name, coalesce(quote_literal(left(p_split, 60)), 'NULL'),
                p_board.split_by, board.max_splits()
                USING ERRCODE = 'LB018', HINT = format('SELECT * FROM api.board_splits(%L)', p_board.name);
        END IF;
        v_split.number := p_ranking.number;
        v_split.starts_at := p_ranking.starts_at;
        v_split.ends_at := p_ranking.ends_at;
    END IF;
    RETURN v_split;
END
$$;

COMMENT ON FUNCTION board.split_ranking(public.boards, public.rankings, text) IS
    'The split of a ranking, for a read; LB018 when there is none.';
