-- Purpose:  fills leaderboard.rank by RANK() from one snapshot.
-- Args:     p_board_id; p_user_ids  only these players, whom the caller has locked (internal.lock_users); NULL: all,
--           for a caller that holds the boards lock exclusively.
-- Returns:  the number of rows whose rank changed.
-- Locks:    the changed leaderboard rows. Writes: leaderboard.rank.
CREATE OR REPLACE FUNCTION board.write_ranks(p_board_id integer, p_user_ids integer[]) RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_changed bigint;
BEGIN
    UPDATE public.leaderboard AS l
    SET rank = ranked.rank
    FROM (
        SELECT b.user_id, rank() OVER (ORDER BY b.total_score DESC)::integer AS rank
        FROM public.leaderboard AS b
        WHERE b.board_id = p_board_id
    ) AS ranked
    WHERE l.board_id = p_board_id AND l.user_id = ranked.user_id
        AND (p_user_ids IS NULL OR l.user_id = ANY (p_user_ids))
        AND l.rank IS DISTINCT FROM ranked.rank;
    GET DIAGNOSTICS v_changed = ROW_COUNT;
    RETURN v_changed;
END
$$;

COMMENT ON FUNCTION board.write_ranks(integer, integer[]) IS
    'Fills leaderboard.rank by RANK() for players that the caller has locked.';
