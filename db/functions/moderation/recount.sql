-- Purpose:  recounts the totals of players from the ledger, after what counts of their sessions has changed.
-- Args:     p_user_ids     players that the caller has locked
--           p_session_ids  the sessions that changed; NULL: any, so every ranking is recounted.
-- Returns:  how many totals changed, appeared or went. Closed and closing seasons stay as they are.
-- Errors:   LB023 when a total would leave its range.
-- Locks:    the caller holds the boards lock, shared. Leaderboard rows of the players; above 10,000 totals the fold
--           lock. Writes: leaderboard, and by its triggers the rank index.
CREATE OR REPLACE FUNCTION moderation.recount(p_user_ids integer[], p_session_ids bigint[]) RETURNS bigint
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    v_rankings integer[];
BEGIN
    IF p_user_ids IS NULL OR p_user_ids = '{}' THEN
        RETURN 0;
    END IF;
    -- With a transaction id, before it looks: a season that closes from here on waits for this transaction.
    PERFORM pg_current_xact_id();
    IF p_session_ids IS NULL THEN
        v_rankings := ARRAY(
            SELECT r.id FROM public.rankings AS r WHERE r.closing_xid IS NULL AND r.split = '' ORDER BY r.id
        );
    ELSE
        -- Those that may count one of them.
        v_rankings := ARRAY(
            SELECT r.id
            FROM (
                SELECT g.game_mode, min(g.score) AS lowest, max(g.score) AS highest,
                       min(coalesce(g.played_at, g."timestamp")) AS oldest,
                       max(coalesce(g.played_at, g."timestamp")) AS newest
                FROM public.game_sessions AS g
                WHERE g.id = ANY (p_session_ids)
                GROUP BY g.game_mode
            ) AS s
            CROSS JOIN LATERAL board.matching_boards(s.game_mode, s.lowest, s.highest) AS b
            JOIN public.rankings AS r
                ON r.board_id = b.id AND r.split = '' AND r.closing_xid IS NULL
                AND r.starts_at <= s.newest AND r.ends_at > s.oldest
            GROUP BY r.id
            ORDER BY r.id
        );
    END IF;
    IF v_rankings = '{}' THEN
        RETURN 0;
    END IF;
    RETURN (SELECT sum(c.corrected) FROM ledger.correct_totals(v_rankings, p_user_ids) AS c);
END
$$;

COMMENT ON FUNCTION moderation.recount(integer[], bigint[]) IS 'Recounts the totals of players from the ledger.';
