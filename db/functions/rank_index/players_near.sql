-- Purpose:  the players next to a place in a board's order.
-- Args:     p_board_id; p_earliest  whether ties are in the order of leaderboard.tie
--           p_above, p_below  how many at most before and after the place
--           p_total, p_tie, p_user_id  the place, excluded; p_tie only with p_earliest. All NULL: before the first.
-- Returns:  their ids, in any order.
-- Note:     PL/pgSQL, so that only the statement of the board's order is started.
CREATE OR REPLACE FUNCTION rank_index.players_near(
    p_board_id integer, p_earliest boolean, p_above integer, p_below integer, p_total bigint, p_tie bigint,
    p_user_id integer
)
RETURNS integer[]
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF p_earliest THEN
        RETURN ARRAY(
            SELECT a.user_id FROM rank_index.rows_above_by_tie(p_board_id, p_above, p_total, p_tie, p_user_id) AS a
            UNION ALL
            SELECT w.user_id FROM rank_index.rows_below_by_tie(p_board_id, p_below, p_total, p_tie, p_user_id) AS w
        );
    END IF;
    RETURN ARRAY(
        SELECT a.user_id FROM rank_index.rows_above(p_board_id, p_above, p_total, p_user_id) AS a
        UNION ALL
        SELECT w.user_id FROM rank_index.rows_below(p_board_id, p_below, p_total, p_user_id) AS w
    );
END
$$;

COMMENT ON FUNCTION rank_index.players_near(integer, boolean, integer, integer, bigint, bigint, integer) IS
    'The players next to a place in the board''s order.';
