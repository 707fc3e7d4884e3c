-- Purpose:  the outcomes of items that the board of the call does not count because of their time.
-- Args:     p_items  after submission.seasons_of_board; p_board; p_season  the season that the call names, or NULL
--           p_now    time of the call.
-- Returns:  for each item without a ranking: LB027 if the board opens later, otherwise LB026.
CREATE OR REPLACE FUNCTION submission.out_of_season(
    p_items submission.item[], p_board public.boards, p_season text, p_now timestamptz
)
RETURNS submission.outcome[]
LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN ARRAY(
        SELECT CASE
            WHEN p_now < p_board.opens_at THEN submission.rejected(
                i, 'LB027', format('board %s opens at %s', p_board.name, internal.utc(p_board.opens_at))
            )
            WHEN p_now >= p_board.closes_at THEN submission.rejected(
                i, 'LB026', format('board %s has been closed since %s', p_board.name, internal.utc(p_board.closes_at))
            )
            WHEN i.played_at < p_board.opens_at THEN submission.rejected(i, 'LB026', format(
                'board %s opened at %s, after this score was played', p_board.name, internal.utc(p_board.opens_at)
            ))
            WHEN p_season IS NOT NULL THEN submission.rejected(i, 'LB026', format(
                'season %s of board %s does not count a score that was played at %s; played_at says when, and a season'
                ' that is over counts late scores for the grace of its board only', p_season, p_board.name,
                internal.utc(coalesce(i.played_at, p_now))
            ))
            ELSE submission.rejected(i, 'LB026', format(
                'board %s does not count a score that was played at %s any more', p_board.name,
                internal.utc(coalesce(i.played_at, p_now))
            ))
        END
        FROM unnest(p_items) AS i
        WHERE i.ranking_id IS NULL
    );
END
$$;

COMMENT ON FUNCTION submission.out_of_season(submission.item[], public.boards, text, timestamptz) IS
    'The outcomes of items that the board of the call does not count because of their time.';
