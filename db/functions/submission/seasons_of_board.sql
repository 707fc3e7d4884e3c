-- Purpose:  finds, for each item, the ranking of the board of the call that counts it: a season, or the one ranking
--           of a board that opens or closes.
-- Args:     p_items; p_board; p_season  the season that the call names, see board.ranking_of; NULL: any
--           p_now  time of the call.
-- Returns:  the items with their ranking_id. Those that no ranking counts have none.
CREATE OR REPLACE FUNCTION submission.seasons_of_board(
    p_items submission.item[], p_board public.boards, p_season text, p_now timestamptz
)
RETURNS submission.item[]
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    v_number integer;
BEGIN
    IF p_season ~ '^[0-9]' THEN
        v_number := p_season;
    ELSIF p_season IS NOT NULL THEN
        SELECT r.number - (p_season = 'previous')::integer INTO v_number
        FROM board.latest_ranking(p_board.id, p_now) AS r
        WHERE r.ends_at > p_now;
    END IF;
    RETURN ARRAY(
        SELECT ROW(
            i.position, i.user_id, i.score, i.game_mode, i.username, i.key, i.played_at, i.counted_at, r.id,
            i.player, i.metadata
        )::submission.item
        FROM (
            SELECT o.*, coalesce(o.played_at, o.counted_at, p_now) AS played, coalesce(o.counted_at, p_now) AS counted
            FROM unnest(p_items) AS o
        ) AS i
        LEFT JOIN LATERAL board.latest_ranking(p_board.id, i.played) AS r
            ON r.ends_at > i.played AND r.deadline > i.counted AND board.still_counts(r.closing_xid, r.filled_to)
            AND (p_season IS NULL OR r.number = v_number)
        ORDER BY i.position
    );
END
$$;

COMMENT ON FUNCTION submission.seasons_of_board(submission.item[], public.boards, text, timestamptz) IS
    'Finds the ranking of the board of a call that counts each item.';
