-- Purpose:  gives a player a play ticket: a submission key that the player can use once, for one game mode, while the
--           time since then fits the rules of the boards (api.set_score_rules). For games without a server of their
--           own: a board with require_ticket takes no score without one.
-- Args:     p_user_id, or p_player  the player; a new one is registered
--           p_game_mode  NULL: that of the board, or 'solo'
--           p_board  a board that must count the mode; NULL: any.
-- Returns:  one row: ticket: the submission key, good for a day; user_id; game_mode; min_seconds: how long to wait at
--           least before the score is submitted, 0: not at all; expires_at: until when it must be there: both by the
--           strictest board that counts the mode.
-- Errors:   LB001 when p_user_id and p_player are both given, LB002, LB004, LB008, LB010, LB022, LB030; LB031 when the
--           player is deleted during the call.
-- Locks:    the boards lock, shared; see submission.register_players. Writes: users, player_ids, ticket_key.
CREATE OR REPLACE FUNCTION api.start_play(
    p_user_id bigint DEFAULT NULL, p_player text DEFAULT NULL, p_game_mode text DEFAULT NULL, p_board text DEFAULT NULL
)
RETURNS TABLE (ticket text, user_id integer, game_mode text, min_seconds integer, expires_at timestamptz)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
    v_now     timestamptz := clock_timestamp();
    v_player  text := internal.to_nfc(p_player);
    v_board   public.boards;
    v_item    submission.item;
    v_problem text;
BEGIN
    PERFORM internal.require_read_committed();
    PERFORM internal.lock_boards_shared();
    IF p_board IS NOT NULL THEN
        SELECT b.* INTO v_board FROM public.boards AS b WHERE b.id = board.board_id(p_board);
    END IF;
    game_mode := coalesce(p_game_mode, v_board.game_mode, 'solo');
    v_problem := CASE
        WHEN p_player IS NOT NULL AND p_user_id IS NOT NULL
            THEN 'LB001give p_user_id or p_player, not both'
        WHEN internal.player_problem(v_player) IS NOT NULL
            THEN 'LB008' || internal.player_problem(v_player)
        WHEN p_player IS NULL AND coalesce(p_user_id NOT BETWEEN 1 AND 2147483647, true)
            THEN 'LB002user_id must be an integer from 1 to 2147483647'
        WHEN internal.game_mode_problem(game_mode) IS NOT NULL
            THEN 'LB004' || internal.game_mode_problem(game_mode)
        WHEN v_board.game_mode <> game_mode
            THEN format('LB022board %s counts game_mode %s only', v_board.name, v_board.game_mode)
    END;
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', substr(v_problem, 6) USING ERRCODE = left(v_problem, 5);
    END IF;
    user_id := coalesce(p_user_id, (SELECT p.user_id FROM public.player_ids AS p WHERE p.external_id = v_player));
    IF user_id IS NULL OR NOT EXISTS (SELECT FROM public.users AS u WHERE u.id = start_play.user_id) THEN
        v_item := ROW(
            1, coalesce(user_id, -1), 0, game_mode, NULL, NULL, NULL, NULL, NULL, v_player, NULL
        )::submission.item;
        SELECT (r.items[1]).user_id INTO user_id
        FROM submission.register_new_players(ARRAY[v_item], false, false) AS r;
    END IF;
    ticket := submission.make_ticket(user_id, game_mode, v_now);
    SELECT coalesce(max(b.min_play_seconds), 0), v_now + coalesce(min(b.max_play_seconds), 86400) * interval '1 second'
    INTO min_seconds, expires_at
    FROM public.boards AS b
    WHERE coalesce(b.game_mode = start_play.game_mode, true);
    RETURN NEXT;
END
$$;

COMMENT ON FUNCTION api.start_play(bigint, text, text, text) IS
    'Gives a player a play ticket: a submission key for one score.';
