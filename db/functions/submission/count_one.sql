-- Purpose:  counts one submission the short way: of a player who is on the board, with a new key or none, while no
--           board that counts it has rules beyond its bounds, and no board is being filled. It writes what
--           submission.count_submissions writes.
-- Args:     p_user_id, p_score, p_game_mode, p_key  a valid submission (see api.submit_scores); p_key may be NULL
--           p_board_id                              a board of one ranking that adds scores up and counts this one,
--                                                   at any time, and where the highest total wins
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
    v_general boolean;  -- rules apply, or a board is being filled
    v_sums    boolean;  -- other boards add up or count, too
    v_best    boolean;
    v_last    boolean;
    v_first   boolean;
    v_periods boolean;
    v_splits  boolean;
    v_total   bigint;
    v_session bigint;
    v_now     timestamptz;
    v_counted submission.outcome[];
    v_setting text;
    v_outer   text := coalesce(current_setting('leaderboard.counted', true), '');
BEGIN
    -- Scores above 2^31 and totals above 2^51 could leave the range of a total: see submission.count_submissions.
    SELECT bool_or(m.max_submissions_per_minute IS NOT NULL OR m.max_gain_per_hour IS NOT NULL OR m.require_ticket)
               OR EXISTS (SELECT FROM public.rankings AS r WHERE r.filled_to IS NOT NULL AND r.closing_xid IS NULL),
           count(*) FILTER (WHERE m.aggregate IN ('sum', 'count')) > 1, bool_or(m.aggregate = 'best'),
           bool_or(m.aggregate = 'last'), bool_or(m.aggregate = 'first'), bool_or(m.period IS NOT NULL),
           bool_or(m.split_by IS NOT NULL)
    INTO v_general, v_sums, v_best, v_last, v_first, v_periods, v_splits
    FROM board.matching_boards(p_game_mode, p_score, p_score) AS m;
    IF v_general OR abs(p_score) > 2147483648 THEN
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
        OR v_sums AND EXISTS (
            SELECT FROM public.leaderboard AS l WHERE l.user_id = p_user_id AND abs(l.total_score) > 2251799813685248
        )
    THEN
        RETURN NULL;
    END IF;
    -- The time is taken while the player is locked, so that it orders the player's sessions as they were counted.
    v_now := clock_timestamp();
    IF v_last OR v_first THEN
        IF EXISTS (SELECT FROM public.game_sessions AS g WHERE g.user_id = p_user_id AND g."timestamp" > v_now) THEN
            RETURN NULL;  -- the clock went back
        END IF;
    END IF;

    -- Statements of their own cost less than one with all of them.
    UPDATE public.leaderboard AS l
    SET total_score = l.total_score + p_score
    WHERE l.user_id = p_user_id AND l.board_id = p_board_id AND abs(l.total_score) <= 2251799813685248
    RETURNING l.total_score INTO v_total;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    -- Tells the triggers of game_sessions that this session is counted here.
    v_setting := set_config('leaderboard.counted', 'on', true);
    INSERT INTO public.game_sessions (user_id, score, game_mode, "timestamp")
    VALUES (p_user_id, p_score, p_game_mode, v_now)
    RETURNING id INTO v_session;
    IF v_periods THEN
        PERFORM submission.add_seasons(
            ARRAY[ROW(1, p_user_id, p_score, p_game_mode, NULL, p_key, NULL, NULL, NULL, NULL, NULL)::submission.item],
            v_now
        );
    END IF;
    IF v_sums THEN
        INSERT INTO public.leaderboard AS l (board_id, user_id, total_score, tie)
        SELECT m.id, p_user_id, m.sign * CASE m.aggregate WHEN 'sum' THEN p_score ELSE 1 END, CASE
            WHEN m.earliest AND p_score = 0 AND m.aggregate = 'sum' THEN coalesce(
                (SELECT o.tie FROM public.leaderboard AS o WHERE o.user_id = p_user_id AND o.board_id = m.id), v_session
            )
            WHEN m.earliest THEN v_session
        END
        FROM board.matching(p_game_mode, p_score, p_score, v_now, v_now) AS m
        WHERE m.id <> p_board_id AND m.aggregate IN ('sum', 'count')
        ORDER BY m.id
        ON CONFLICT (user_id, board_id)
            DO UPDATE SET total_score = l.total_score + excluded.total_score, tie = excluded.tie;
    END IF;
    IF v_best THEN
        INSERT INTO public.leaderboard AS l (board_id, user_id, total_score, tie)
        SELECT m.id, p_user_id, m.sign * p_score, CASE WHEN m.earliest THEN v_session END
        FROM board.matching(p_game_mode, p_score, p_score, v_now, v_now) AS m
        WHERE m.aggregate = 'best' AND coalesce((  -- see submission.raise_best_totals
            SELECT m.sign * p_score > o.total_score
            FROM public.leaderboard AS o
            WHERE o.user_id = p_user_id AND o.board_id = m.id
        ), true)
        ORDER BY m.id
        ON CONFLICT (user_id, board_id) DO UPDATE SET total_score = excluded.total_score, tie = excluded.tie;
    END IF;
    IF v_last OR v_first THEN
        v_counted := ARRAY[ROW(
            1, 'accepted', p_user_id, p_score, p_game_mode, p_key, v_session, v_total, NULL, NULL, NULL, NULL,
            v_now, v_now, p_board_id, NULL, NULL
        )::submission.outcome];
        IF v_last THEN
            PERFORM submission.set_last_totals(v_counted);
        END IF;
        IF v_first THEN
            PERFORM submission.set_first_totals(v_counted);
        END IF;
    END IF;
    v_setting := set_config('leaderboard.counted', v_outer, true);
    IF v_splits THEN
        PERFORM board.copy_to_splits(CASE
            WHEN v_sums OR v_best OR v_last OR v_first
                THEN ARRAY(SELECT m.id FROM board.matching(p_game_mode, p_score, p_score, v_now, v_now) AS m)
            ELSE ARRAY[p_board_id]
        END, ARRAY[p_user_id]);
    END IF;
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
