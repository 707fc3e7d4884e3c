-- Purpose:  answers items whose key was used before: with the first outcome of the key, or with LB021 if that was
--           another submission.
-- Args:     p_items; p_board_id  the board that the call names.
-- Returns:  an outcome with status replayed or rejected for each item with a known key. Where an item has a ranking_id,
--           a replay without a rank has that of the season in which the first one counted. hidden: true for a player
--           who is banned.
-- Locks:    the known keys, so that no purge deletes them before the call ends. The caller holds the players.
CREATE OR REPLACE FUNCTION submission.replays(p_items submission.item[], p_board_id integer)
RETURNS submission.outcome[]
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    RETURN ARRAY(
        SELECT CASE
            WHEN k.score = i.score AND k.game_mode = i.game_mode AND k.board_id = p_board_id THEN ROW(
                i.position, 'replayed', i.user_id, i.score, i.game_mode, i.key,
                k.session_id, k.total_score, k.previous_rank, k.rank, NULL, NULL, i.played_at, NULL,
                CASE WHEN k.rank IS NULL AND i.ranking_id IS NOT NULL THEN (
                    SELECT r.id
                    FROM public.game_sessions AS g
                    CROSS JOIN LATERAL board.latest_ranking(p_board_id, coalesce(g.played_at, g."timestamp")) AS r
                    WHERE g.id = k.session_id
                ) END, NULL, (
                    SELECT true
                    FROM public.users AS u
                    JOIN public.moderation AS m ON m.id = u.ban_id
                    WHERE u.id = i.user_id AND m.action = 'ban'
                )
            )::submission.outcome
            ELSE submission.rejected(i, 'LB021', 'this submission key was used for another submission; use a new key')
        END
        FROM unnest(p_items) AS i
        -- The lock also keeps this a look-up per key, however small the table was when the statement was planned.
        CROSS JOIN LATERAL (
            SELECT n.* FROM public.submission_keys AS n WHERE n.user_id = i.user_id AND n.key = i.key FOR KEY SHARE
        ) AS k
    );
END
$$;

COMMENT ON FUNCTION submission.replays(submission.item[], integer) IS
    'The outcomes of items whose key was used before.';
