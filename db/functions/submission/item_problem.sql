-- Purpose:  checks an item of api.submit_scores, but for what its board and its history allow.
-- Args:     as given: p_user_id, p_player, p_score, p_game_mode, p_username, p_key, p_played_at, p_metadata
--           p_id      the user id of the player, NULL for a new one with an external id; p_object  p_metadata as JSON,
--                     NULL if it is not valid
--           p_board   the board that the call names.
-- Returns:  NULL when it is valid; otherwise the SQLSTATE and, without a space, the message.
-- Note:     plain SQL that the planner inlines. The functions of the problems take longer than the checks before them,
--           which nearly every value passes.
CREATE OR REPLACE FUNCTION submission.item_problem(
    p_user_id bigint, p_player text, p_id bigint, p_score bigint, p_game_mode text, p_username text, p_key text,
    p_played_at timestamptz, p_metadata text, p_object jsonb, p_board public.boards
)
RETURNS text
LANGUAGE sql VOLATILE
AS $$
    SELECT CASE
        WHEN p_player IS NOT NULL AND p_user_id IS NOT NULL
            THEN 'LB008give user_id or player, not both'
        WHEN (char_length(p_player) > 128 OR p_player ~ '[^!-~]|^[0-9]*$')
            AND internal.player_problem(p_player) IS NOT NULL
            THEN 'LB008' || internal.player_problem(p_player)
        WHEN p_player IS NULL AND (p_user_id IS NULL OR p_user_id NOT BETWEEN 1 AND 2147483647)
            THEN 'LB002user_id must be an integer from 1 to 2147483647'
        WHEN p_score IS NULL OR p_score NOT BETWEEN p_board.min_score AND p_board.max_score
            THEN format('LB003score must be an integer from %s to %s on board %s', p_board.min_score, p_board.max_score,
                        p_board.name)
        WHEN p_game_mode <> 'solo' AND (char_length(p_game_mode) NOT BETWEEN 1 AND 50 OR p_game_mode ~ '[^ -~]')
            AND internal.game_mode_problem(p_game_mode) IS NOT NULL
            THEN 'LB004' || internal.game_mode_problem(p_game_mode)
        WHEN (char_length(p_username) NOT BETWEEN 1 AND 255 OR p_username ~ '[^ -~]|^ | $')
            AND internal.username_problem(p_username) IS NOT NULL
            THEN 'LB005' || internal.username_problem(p_username)
        WHEN char_length(p_key) NOT BETWEEN 1 AND 255 OR p_key ~ '[^!-~]'
            THEN 'LB006the submission key must be 1 to 255 visible ASCII characters'
        WHEN p_played_at NOT BETWEEN '1970-01-01Z' AND clock_timestamp() + interval '5 minutes'
            THEN 'LB007played_at must be a time since 1970 that is not more than 5 minutes ahead'
        WHEN p_metadata IS NOT NULL AND p_object IS NULL
            THEN 'LB009metadata must be a JSON object of at most 1024 bytes'
        WHEN p_board.game_mode <> coalesce(p_game_mode, 'solo')
            THEN format('LB022board %s counts game_mode %s only', p_board.name, p_board.game_mode)
        WHEN p_key ~ '^play1' AND submission.ticket_problem(p_key, p_id, coalesce(p_game_mode, 'solo')) IS NOT NULL
            THEN 'LB029' || submission.ticket_problem(p_key, p_id, coalesce(p_game_mode, 'solo'))
    END
$$;

COMMENT ON FUNCTION submission.item_problem(
    bigint, text, bigint, bigint, text, text, text, timestamptz, text, jsonb, public.boards
) IS 'Why an item is invalid, with its SQLSTATE; NULL: it is valid.';
