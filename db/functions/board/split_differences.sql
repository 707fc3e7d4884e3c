-- Purpose:  the players whose total in a split of a ranking, or whose place within a tie, differs from that in the
--           ranking of all players. All splits at once, so the ledger need not be read for each.
-- Args:     p_ranking_id  the ranking of all players; p_user_ids  only these players; NULL for all.
-- Returns:  one row per player and split: the split's id (NULL: it is missing) and value; expected, the total in the
--           ranking of all players (NULL: the player is not in this split), found, that in the split (NULL: none), both
--           as leaderboard holds them; tie and found_tie, the same of leaderboard.tie. None while the split may lack
--           the player (rankings.splits_to), nor for values beyond board.max_splits().
CREATE OR REPLACE FUNCTION board.split_differences(p_ranking_id integer, p_user_ids integer[] DEFAULT NULL)
RETURNS TABLE (
    id integer, split text, user_id integer, expected bigint, found bigint, tie bigint, found_tie bigint
)
LANGUAGE sql STABLE
AS $$
    SELECT coalesce(e.id, f.id), coalesce(e.split, f.split), coalesce(e.user_id, f.user_id), e.total_score,
           f.total_score, e.tie, f.tie
    FROM (
        SELECT s.id, v.split, l.user_id, l.total_score, l.tie
        FROM public.rankings AS r
        JOIN public.boards AS b ON b.id = r.board_id AND b.split_by IS NOT NULL
        JOIN public.leaderboard AS l ON l.board_id = r.id
        JOIN public.users AS u ON u.id = l.user_id
        CROSS JOIN LATERAL (SELECT board.split_of(b.split_by, u.attributes) AS split) AS v
        LEFT JOIN public.rankings AS s
            ON s.board_id = r.board_id AND s.split = v.split AND s.starts_at = r.starts_at
        WHERE r.id = p_ranking_id AND v.split IS NOT NULL
            AND (p_user_ids IS NULL OR l.user_id = ANY (p_user_ids))
            AND (r.splits_to IS NULL OR l.user_id <= r.splits_to)
            AND (s.id IS NOT NULL OR board.max_splits() > (
                SELECT count(*)
                FROM public.rankings AS c
                WHERE c.board_id = r.board_id AND c.number = r.number AND c.split > ''
            ))
    ) AS e
    FULL JOIN (
        SELECT s.id, s.split, l.user_id, l.total_score, l.tie
        FROM public.rankings AS r
        JOIN public.rankings AS s
            ON s.board_id = r.board_id AND s.number = r.number AND s.split > '' AND s.starts_at = r.starts_at
        JOIN public.leaderboard AS l ON l.board_id = s.id
        WHERE r.id = p_ranking_id
            AND (p_user_ids IS NULL OR l.user_id = ANY (p_user_ids))
            AND (r.splits_to IS NULL OR l.user_id <= r.splits_to)
    ) AS f ON f.user_id = e.user_id AND f.split = e.split
    WHERE e.total_score IS DISTINCT FROM f.total_score OR e.tie IS DISTINCT FROM f.tie
$$;

COMMENT ON FUNCTION board.split_differences(integer, integer[]) IS
    'The players whose total in a split differs from that in the ranking of all players.';
