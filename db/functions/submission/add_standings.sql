-- Purpose:  adds to outcomes what is known only once all of the call is counted: ranks, and the totals of boards that
--           keep one score.
-- Args:     p_outcomes; p_board  the board whose totals and ranks are returned
--           p_rankings, p_user_ids  where the players of the call are counted, no pair twice
--           p_previous_ranks        their ranks before the call, in the same order; NULL: no ranks are asked for
-- Returns:  the outcomes. Accepted items have their total, previous rank and rank; replays that had no rank have the
--           rank of now.
CREATE OR REPLACE FUNCTION submission.add_standings(
    p_outcomes submission.outcome[], p_board public.boards, p_rankings integer[], p_user_ids integer[],
    p_previous_ranks bigint[]
)
RETURNS submission.outcome[]
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    v_ranks bigint[];
BEGIN
    IF p_previous_ranks IS NOT NULL THEN
        v_ranks := submission.ranks_in(p_rankings, p_user_ids);
    END IF;
    RETURN ARRAY(
        SELECT CASE
            WHEN o.status = 'accepted' AND o.hidden IS NOT NULL THEN o  -- submission.count_hidden has done so
            WHEN o.status = 'accepted' THEN ROW(
                o.position, o.status, o.user_id, o.score, o.game_mode, o.key, o.session_id,
                CASE WHEN p_board.aggregate IN ('sum', 'count') THEN o.total_score ELSE (
                    SELECT CASE WHEN p_board.lowest_wins THEN -1 ELSE 1 END * l.total_score
                    FROM public.leaderboard AS l
                    WHERE l.user_id = o.user_id AND l.board_id = o.ranking_id
                ) END,
                r.previous_rank, r.rank, NULL, NULL, o.played_at, o.counted_at, o.ranking_id, NULL, NULL
            )::submission.outcome
            WHEN o.status = 'replayed' THEN ROW(
                o.position, o.status, o.user_id, o.score, o.game_mode, o.key, o.session_id,
                o.total_score, o.previous_rank, coalesce(o.rank, r.rank, CASE WHEN p_previous_ranks IS NOT NULL THEN (
                    -- Of a banned player, the one that they would have.
                    SELECT submission.rank_of_total(s.id, s.total)
                    FROM (
                        SELECT i.id, submission.total(i.id, o.user_id) AS total
                        FROM public.rankings AS i
                        WHERE i.id = coalesce(o.ranking_id, p_board.id) AND i.closing_xid IS NULL
                        OFFSET 0
                    ) AS s
                    WHERE s.total IS NOT NULL
                ) END), NULL, NULL, o.played_at, o.counted_at, o.ranking_id, NULL, o.hidden
            )::submission.outcome
            ELSE o
        END
        FROM unnest(p_outcomes) AS o
        LEFT JOIN unnest(p_rankings, p_user_ids, p_previous_ranks, v_ranks)
            AS r(ranking_id, user_id, previous_rank, rank)
            ON r.user_id = o.user_id AND r.ranking_id = coalesce(o.ranking_id, p_board.id)
    );
END
$$;

COMMENT ON FUNCTION submission.add_standings(submission.outcome[], public.boards, integer[], integer[], bigint[]) IS
    'Adds ranks and final totals to outcomes.';
