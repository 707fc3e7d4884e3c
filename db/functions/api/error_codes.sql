-- Purpose:  lists the error codes: the SQLSTATEs that api functions raise, or return with a rejected item.
-- Returns:  one row per code: the SQLSTATE, its name in HTTP responses, its meaning.
CREATE OR REPLACE FUNCTION api.error_codes()
RETURNS TABLE (sqlstate text, code text, meaning text)
LANGUAGE plpgsql IMMUTABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY VALUES
        ('LB001', 'invalid_argument', 'an argument is missing or out of range'),
        ('LB002', 'invalid_user_id', 'a user id is not between 1 and 2147483647'),
        ('LB003', 'score_out_of_bounds', 'a score is missing or outside the bounds of the board'),
        ('LB004', 'invalid_game_mode', 'a game mode is not 1 to 50 printable characters'),
        ('LB005', 'invalid_username', 'a username is not 1 to 255 printable characters'),
        ('LB006', 'invalid_submission_key', 'a submission key is not 1 to 255 visible ASCII characters'),
        ('LB007', 'invalid_played_at', 'a played_at is not a time with a time zone, or more than 5 minutes ahead'),
        ('LB008', 'invalid_player', 'a player is not 1 to 128 printable characters, or is a number that is a user id'),
        ('LB009', 'invalid_metadata', 'a metadata is not a JSON object of at most 1024 bytes'),
        ('LB010', 'unknown_board', 'there is no such board'),
        ('LB011', 'unknown_player', 'the player is not on the board'),
        ('LB012', 'board_exists', 'a board with that name exists already'),
        ('LB013', 'unknown_api_key', 'there is no API key with that id'),
        ('LB014', 'unknown_season', 'the board has no such season, or no such season any more'),
        ('LB016', 'unknown_act', 'there is no act of moderation with that id'),
        ('LB017', 'invalid_attributes', 'an attribute is not declared, or its value is not of its kind'),
        ('LB018', 'unknown_split', 'the board is not split, or not by such a value'),
        ('LB020', 'username_taken', 'another player has that username'),
        ('LB021', 'submission_key_reused', 'the player already used that key for another submission'),
        ('LB022', 'game_mode_not_on_board', 'the board does not count that game mode'),
        ('LB023', 'total_out_of_range', 'a total would leave -9007199254740991 .. 9007199254740991'),
        ('LB024', 'too_many_submissions', 'the player has submitted as often as the board allows per minute'),
        ('LB025', 'gain_too_large', 'the player''s total would rise by more than the board allows per hour'),
        ('LB026', 'season_closed', 'the season, or the board, takes no more scores'),
        ('LB027', 'board_not_open', 'the board takes no scores yet: it opens later'),
        ('LB028', 'ticket_required', 'a board that counts the submission demands a play ticket'),
        ('LB029', 'invalid_ticket', 'the play ticket is not genuine, or is that of another player or game mode'),
        ('LB030', 'read_committed_required', 'the call needs the isolation level READ COMMITTED'),
        ('LB031', 'player_vanished', 'a player was deleted during the call; nothing was counted, call again'),
        ('LB032', 'board_filling', 'the board is being filled from the ledger; call again later'),
        ('LB033', 'confirmation_required', 'deleting a board, or a player, needs its name or id a second time'),
        ('LB034', 'played_too_fast', 'the submission comes sooner, or its score is higher, than a board allows'),
        ('LB035', 'ticket_expired', 'the play ticket is older than a board allows'),
        ('LB036', 'not_undoable', 'the act of moderation was undone already, or is an undo that another act followed'),
        ('LB037', 'player_id_taken', 'the external id belongs to another player');
END
$$;

COMMENT ON FUNCTION api.error_codes() IS 'The error codes that api functions raise or return.';
