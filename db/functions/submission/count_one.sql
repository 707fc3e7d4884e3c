-- Purpose:  counts one submission the short way: of a player who is on the board, with a new key or none, while no
--           board that counts it has rules beyond its bounds or is being filled. It writes what
--           submission.count_submissions writes.
-- Args:     p_user_id, p_score, p_game_mode, p_key  a valid submission (see api.submit_scores); p_key may be NULL
--           p_board_id                              a board that adds scores up and counts this one
-- Returns:  the player's total on that board after the submission. NULL if submission.count_submissions must decide;
--           then nothing is written, but the player may be locked.
-- Locks:    the caller holds the boards lock. The player (users row); leaderboard rows of the player.
-- Writes:   game_sessions, leaderboard, rank_delta, submission_keys.
-- Note:     it has no settings of its own, because each SET costs time. It runs with those of api.submit_scores.
CREATE OR REPLACE FUNCTION submission.count_one(
    p_user_id integer, p_score bigint, p_game_mode text, p_key text, p_board_id integer
)
RETURNS bigint
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    v_simple  boolean;
    v_sums    bigint;  -- boards that add this score up
    v_best    boolean;
    v_last    boolean;
    v_total   bigint;
    v_session bigint;
    v_setting text;
    v_outer   text := coalesce(current_setting('leaderboard.counted', true), '');
BEGIN
    -- Scores above 2^31 and totals above 2^51 could leave the range of a total: see submission.count_submissions.
    SELECT bool_and(NOT m.has_rules AND m.filled_to IS NULL), count(*) FILTER (WHERE m.aggregate = 'sum'),
           bool_or(m.aggregate = 'best'), bool_or(m.aggregate = 'last')
    INTO v_simple, v_sums, v_best, v_last
    FROM board.matching(p_game_mode, p_score, p_score) AS m;
    IF NOT v_simple OR abs(p_score) > 2147483648 THEN
        RETURN NULL;
    END IF;
    IF current_setting('leaderboard.busy_players', true) = 'skip' THEN
        PERFORM FROM public.users AS u WHERE u.id = p_user_id FOR NO KEY UPDATE SKIP LOCKED;
    ELSE
        PERFORM FROM public.users AS u WHERE u.id = p_user_id FOR NO KEY UPDATE;
    END IF;
    IF NOT FOUND
        OR p_key IS NOT NULL AND EXISTS (
            SELECT FROM public.submission_keys AS k WHERE k.user_id = p_user_id AND k.key = p_key
        )
        OR v_sums > 1 AND EXISTS (
            SELECT FROM public.leaderboard AS l WHERE l.user_id = p_user_id AND abs(l.total_score) > 2251799813685248
        )
    THEN
        RETURN NULL;
    END IF;

    -- Statements of their own cost less than one with all of them.
    UPDATE public.leaderboard AS l
    SET total_score = l.total_score + p_score
    WHERE l.user_id = p_user_id AND l.board_id = p_board_id AND abs(l.total_score) <= 2251799813685248
    RETURNING l.total_score INTO v_total;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF v_sums > 1 THEN
        INSERT INTO public.leaderboard AS l (board_id, user_id, total_score)
        SELECT m.id, p_user_id, p_score
        FROM board.matching(p_game_mode, p_score, p_score) AS m
        WHERE m.id <> p_board_id AND m.aggregate = 'sum'
        ORDER BY m.id
        ON CONFLICT (user_id, board_id) DO UPDATE SET total_score = l.total_score + excluded.total_score;
    END IF;
    -- Tells the triggers of game_sessions that this session is counted here.
    v_setting := set_config('leaderboard.counted', 'on', true);
    -- The time is taken while the player is locked, so that it orders the player's sessions as they were counted.
    INSERT INTO public.game_sessions (user_id, score, game_mode, "timestamp")
    VALUES (p_user_id, p_score, p_game_mode, clock_timestamp())
    RETURNING id INTO v_session;
    IF v_best THEN
        PERFORM submission.raise_best_totals(
            ARRAY[ROW(1, p_user_id, p_score, p_game_mode, NULL, p_key, NULL)::submission.item]
        );
    END IF;
    IF v_last THEN
        PERFORM submission.set_last_totals(ARRAY[ROW(
            1, 'accepted', p_user_id, p_score, p_game_mode, p_key, v_session, v_total, NULL, NULL, NULL, NULL,
            NULL
        )::submission.outcome]);
    END IF;
    v_setting := set_config('leaderboard.counted', v_outer, true);
    IF p_key IS NOT NULL THEN
        INSERT INTO public.submission_keys (user_id, key, board_id, score, game_mode, session_id, total_score)
        VALUES (p_user_id, p_key, p_board_id, p_score, p_game_mode, v_session, v_total);
    END IF;
    IF random() * 128 < 1 THEN
        PERFORM submission.fold_if_many(2000);
    END IF;
    RETURN v_total;
END
$$;

COMMENT ON FUNCTION submission.count_one(integer, bigint, text, text, integer) IS
    'Counts one submission the short way, if it can.';
