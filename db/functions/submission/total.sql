-- Purpose:  the total of a player in a ranking, for a submission: of a banned player the one that they would have, so
--           that rules and answers are for them as if nothing was.
-- Args:     p_ranking_id  not closed or closing; p_user_id.
-- Returns:  it, as leaderboard holds it: negated if the lowest total wins. NULL: none.
CREATE OR REPLACE FUNCTION submission.total(p_ranking_id integer, p_user_id integer) RETURNS bigint
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN coalesce(
        (SELECT l.total_score FROM public.leaderboard AS l WHERE l.user_id = p_user_id AND l.board_id = p_ranking_id),
        CASE WHEN (SELECT u.ban_id FROM public.users AS u WHERE u.id = p_user_id) IS NOT NULL
            THEN ledger.hidden_total(p_ranking_id, p_user_id) END
    );
END
$$;

COMMENT ON FUNCTION submission.total(integer, integer) IS
    'The total of a player in a ranking; of a banned player the one that they would have.';
