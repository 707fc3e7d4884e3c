-- Purpose:  the live ranks of players.
-- Args:     p_board_id; p_user_ids.
-- Returns:  one row per player who is on the board: total, 1 + the number of players with a higher one, players on the
--           board.
-- Note:     it reads the pending deltas once for all players (rank_index.count_above). PL/pgSQL, because a function
--           with a subquery among its arguments is not inlined, and PostgreSQL up to 17 plans such a call each time.
CREATE OR REPLACE FUNCTION rank_index.ranks(p_board_id integer, p_user_ids integer[])
RETURNS TABLE (user_id integer, username text, total_score bigint, rank bigint, players bigint)
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    v_user_ids  integer[];
    v_usernames text[];
    v_totals    bigint[];
    v_distinct  bigint[];
BEGIN
    SELECT array_agg(t.user_id), array_agg(t.username), array_agg(t.total_score), array_agg(DISTINCT t.total_score)
    INTO v_user_ids, v_usernames, v_totals, v_distinct
    FROM rank_index.player_totals(p_board_id, p_user_ids) AS t;
    RETURN QUERY
    SELECT s.user_id, s.username, s.total_score, 1 + c.above, c.players
    FROM unnest(v_user_ids, v_usernames, v_totals) AS s(user_id, username, total_score)
    FULL JOIN rank_index.count_above(p_board_id, v_distinct) AS c ON c.total = s.total_score;  -- never a nested loop
END
$$;

COMMENT ON FUNCTION rank_index.ranks(integer, integer[]) IS
    'The totals and live ranks of the players who are on the board.';
