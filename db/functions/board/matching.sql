-- Purpose:  the rankings on which sessions count: for one session, those for which board.counts_in is true.
-- Args:     p_game_mode, and p_lowest, p_highest  score of the sessions
--           p_played_at, p_counted_at  of the sessions. The seasons that cover p_played_at must exist
--                                      (submission.add_seasons).
-- Returns:  one row per ranking: its id and filled_to; the id, aggregate and bounds of its board; sign: -1 if the
--           lowest total wins, otherwise 1; earliest: whether ties are in the order of time.
-- Note:     plain SQL that the planner inlines.
CREATE OR REPLACE FUNCTION board.matching(
    p_game_mode text, p_lowest bigint, p_highest bigint, p_played_at timestamptz, p_counted_at timestamptz
)
RETURNS TABLE (
    id integer, filled_to integer, board_id integer, aggregate text, min_score bigint, max_score bigint, sign integer,
    earliest boolean
)
LANGUAGE sql STABLE
AS $$
    SELECT r.id, r.filled_to, m.id, m.aggregate, m.min_score, m.max_score,
           CASE WHEN m.lowest_wins THEN -1 ELSE 1 END, m.ties = 'earliest'
    FROM board.matching_boards(p_game_mode, p_lowest, p_highest) AS m
    CROSS JOIN LATERAL board.latest_ranking(m.id, p_played_at) AS r
    WHERE r.ends_at > p_played_at AND r.deadline > p_counted_at AND board.still_counts(r.closing_xid, r.filled_to)
$$;

COMMENT ON FUNCTION board.matching(text, bigint, bigint, timestamptz, timestamptz) IS
    'The rankings on which sessions of this game mode, range of scores and time count.';
