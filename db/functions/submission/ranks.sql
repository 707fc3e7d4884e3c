-- Purpose:  the ranks of the players of a call.
-- Args:     p_board_id; p_user_ids  each once.
-- Returns:  an element for each id, in the same order: 1 + the number of players with a higher total; NULL if the
--           player is not on the board.
-- Note:     rank_index.ranks costs more: it has names and numbers of players too, and cannot be inlined as a whole.
CREATE OR REPLACE FUNCTION submission.ranks(p_board_id integer, p_user_ids integer[]) RETURNS bigint[]
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    v_totals   bigint[];
    v_distinct bigint[];
BEGIN
    SELECT array_agg(p.total ORDER BY p.position), array_agg(DISTINCT p.total) FILTER (WHERE p.total IS NOT NULL)
    INTO v_totals, v_distinct
    FROM (
        SELECT u.position, (
            SELECT l.total_score FROM public.leaderboard AS l WHERE l.user_id = u.id AND l.board_id = p_board_id
        ) AS total
        FROM unnest(p_user_ids) WITH ORDINALITY AS u(id, position)
        OFFSET 0  -- each total is looked up once
    ) AS p;
    IF cardinality(v_totals) = 1 THEN
        RETURN ARRAY(
            SELECT CASE WHEN v_totals[1] IS NOT NULL THEN 1 + c.above END
            FROM rank_index.count_above_one(p_board_id, v_totals[1]) AS c
        );
    END IF;
    RETURN ARRAY(
        SELECT 1 + c.above
        FROM unnest(v_totals) WITH ORDINALITY AS t(total, position)
        FULL JOIN rank_index.count_above(p_board_id, v_distinct) AS c ON c.total = t.total  -- FULL: never a nested loop
        ORDER BY t.position
    );
END
$$;

COMMENT ON FUNCTION submission.ranks(integer, integer[]) IS 'The ranks of players, in the order of their ids.';
