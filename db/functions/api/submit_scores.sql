-- Purpose:  counts submissions. One that is refused leaves the others alone; all that are accepted commit together.
-- Args:     arrays of one length, an element per submission, at most 1000; those with a default may be NULL.
--           p_user_ids         1 to 2147483647; an unknown player is registered; NULL element: see p_players
--           p_scores           within the bounds of the board
--           p_game_modes       1 to 50 printable characters; NULL element: 'solo'
--           p_usernames        name for a new player (internal.username_problem); NULL element: user_<id>
--           p_submission_keys  1 to 255 visible ASCII characters, unique to the player's submission: a key counts once
--                              for at least 7 days, a replay gets the first outcome again; NULL element: none. One that
--                              begins with play1 is a play ticket (api.start_play)
--           p_board            the board that must take the scores and whose totals are returned, or a season of it
--                              ('daily@12', see board.ranking_of). A submission counts on every board that counts its
--                              mode and score.
--           p_with_rank        whether to return ranks (NULL while the board is being filled from the ledger)
--           p_played_at        when the game was played: it counts in the season of that time, if that is not over by
--                              more than the board's grace. Up to 5 minutes ahead counts as now. NULL element: now
--           p_with_boards      whether to return what the submission did on every board that counts it
--           p_players          the game's own id of the player instead of a user id: internal.player_problem
--           p_metadata         kept with the score: a JSON object of at most 1,024 bytes
-- Returns:  one row per item, in order: item (from 1); status accepted, replayed or rejected; user_id; score;
--           total_score right after the item; previous_rank (before the call) and rank (after it) if asked for; for a
--           rejected item error (SQLSTATE, see api.error_codes()) and message, user_id and score as far as they are
--           valid; boards: submission.add_boards; hidden: true for a banned player, whose score counts nowhere.
--           If the session has set leaderboard.busy_players to 'skip', items of players that another transaction
--           holds return at once with status busy: not counted, retry them.
-- Rules:    an item that breaks a rule (LB003, LB024, LB025, LB028, LB034, LB035) is recorded.
-- Errors:   LB001 when the arrays do not fit, LB010 and LB014 when there is no such board or season, LB030 when the
--           transaction is not READ COMMITTED, LB031 when a player is deleted during the call.
-- Locks:    the boards lock, shared; then, and what it writes: see submission.count_submissions.
CREATE OR REPLACE FUNCTION api.submit_scores(
    p_user_ids bigint[], p_scores bigint[], p_game_modes text[] DEFAULT NULL, p_usernames text[] DEFAULT NULL,
    p_submission_keys text[] DEFAULT NULL, p_board text DEFAULT 'overall', p_with_rank boolean DEFAULT false,
    p_played_at timestamptz[] DEFAULT NULL, p_with_boards boolean DEFAULT false, p_players text[] DEFAULT NULL,
    p_metadata text[] DEFAULT NULL
)
RETURNS TABLE (
    item integer, status text, user_id integer, score bigint, total_score bigint,
    previous_rank bigint, rank bigint, error text, message text, boards jsonb, hidden boolean
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
DECLARE
    v_board    public.boards;
    v_season   text;
    v_count    integer := cardinality(p_user_ids);
    v_items    submission.item[];
    v_outcomes submission.outcome[];
    v_user_id  bigint := p_user_ids[1];  -- an array may begin at another index: then the general way takes the item
    v_score    bigint := p_scores[1];
    v_mode     text;
    v_key      text;
    v_player   text := p_players[array_lower(p_players, 1)];
BEGIN
    IF v_count IS NULL OR cardinality(p_scores) IS DISTINCT FROM v_count
        OR v_count <> ANY (ARRAY[cardinality(p_game_modes), cardinality(p_usernames), cardinality(p_submission_keys),
                                 cardinality(p_played_at), cardinality(p_players), cardinality(p_metadata)])
        OR greatest(array_ndims(p_user_ids), array_ndims(p_scores), array_ndims(p_game_modes), array_ndims(p_usernames),
                    array_ndims(p_submission_keys), array_ndims(p_played_at), array_ndims(p_players),
                    array_ndims(p_metadata)) > 1
    THEN
        RAISE EXCEPTION 'all arrays that are given must have one length' USING ERRCODE = 'LB001';
    END IF;
    IF v_count > 1000 THEN
        RAISE EXCEPTION 'at most 1000 submissions a call, not %', v_count USING ERRCODE = 'LB001';
    ELSIF current_setting('transaction_isolation') <> 'read committed' THEN
        PERFORM internal.require_read_committed();
    END IF;
    -- The board is read under the lock that changes of boards need.
    PERFORM internal.lock_boards_shared();
    SELECT b.* INTO v_board FROM public.boards AS b WHERE b.name = p_board;
    IF v_board.id IS NULL THEN
        v_season := substring(p_board FROM '@(.*)');
        v_board := board.board_with_season(p_board);
    END IF;
    IF v_count = 1 AND p_with_rank IS NOT TRUE AND p_with_boards IS NOT TRUE AND p_played_at IS NULL
        AND p_metadata IS NULL AND v_board.aggregate = 'sum' AND NOT v_board.lowest_wins AND v_board.ties = 'shared'
        AND NOT v_board.manual_seasons AND coalesce(v_board.opens_at, v_board.closes_at) IS NULL
    THEN
        v_mode := coalesce(p_game_modes[array_lower(p_game_modes, 1)], 'solo');
        v_key := p_submission_keys[array_lower(p_submission_keys, 1)];
        IF v_player IS NOT NULL THEN
            v_user_id := (SELECT p.user_id FROM public.player_ids AS p WHERE p.external_id = v_player
                          AND p_user_ids[array_lower(p_user_ids, 1)] IS NULL);
        END IF;
        IF v_user_id BETWEEN 1 AND 2147483647 AND v_score BETWEEN v_board.min_score AND v_board.max_score
            AND (v_mode = 'solo' OR char_length(v_mode) BETWEEN 1 AND 50 AND v_mode !~ '[^ -~]')
            AND (v_key IS NULL OR char_length(v_key) BETWEEN 1 AND 255 AND v_key !~ '[^!-~]|^play1')
            AND coalesce(v_board.game_mode = v_mode, true) AND p_usernames[array_lower(p_usernames, 1)] IS NULL
        THEN
            total_score := submission.count_one(v_user_id::integer, v_score, v_mode, v_key, v_board.id);
            IF total_score IS NOT NULL THEN
                item := 1;
                status := 'accepted';
                user_id := v_user_id;
                score := v_score;
                RETURN NEXT;
                RETURN;
            END IF;
        END IF;
    END IF;
    p_with_rank := p_with_rank AND NOT EXISTS (
        SELECT FROM public.rankings AS r
        WHERE r.board_id = v_board.id AND r.filled_to IS NOT NULL AND r.closing_xid IS NULL
    );
    SELECT array_agg(c.item) FILTER (WHERE c.problem IS NULL),
           array_agg(submission.rejected(c.item, left(c.problem, 5), substr(c.problem, 6)))
               FILTER (WHERE c.problem IS NOT NULL)
    INTO v_items, v_outcomes
    FROM (
        SELECT ROW(
            i.position, CASE WHEN i.id IS NULL AND i.player IS NOT NULL THEN -i.position
                             WHEN i.id BETWEEN 1 AND 2147483647 THEN i.id END,
            i.score, coalesce(i.game_mode, 'solo'), i.username, i.key,
            CASE WHEN i.played_at < clock_timestamp() THEN i.played_at END, NULL, NULL, i.player, i.metadata
        )::submission.item AS item,
        submission.item_problem(
            i.user_id, i.player, i.id, i.score, i.game_mode, i.username, i.key, i.played_at, i.given, i.metadata,
            v_board
        ) AS problem
        FROM (
            SELECT g.position, g.user_id, g.score, g.game_mode, g.username, g.key, g.played_at, g.given,
                   internal.to_nfc(g.player) AS player, CASE WHEN g.player IS NULL THEN g.user_id ELSE (
                       SELECT p.user_id FROM public.player_ids AS p WHERE p.external_id = internal.to_nfc(g.player)
                   ) END AS id, internal.metadata_of(g.given) AS metadata
            FROM unnest(
                p_user_ids, p_scores, p_game_modes, p_usernames, p_submission_keys, p_played_at, p_players, p_metadata
            ) WITH ORDINALITY AS g(user_id, score, game_mode, username, key, played_at, player, given, position)
            OFFSET 0
        ) AS i
        OFFSET 0  -- keeps this apart, so that it runs once per item
    ) AS c;
    IF v_outcomes IS NOT NULL THEN
        v_outcomes := submission.refuse_items(v_outcomes, v_board);
    END IF;
    IF v_items IS NOT NULL THEN
        v_outcomes := v_outcomes
            || submission.count_submissions(v_items, v_board, v_season, p_with_rank, p_with_boards);
    END IF;
    RETURN QUERY
    SELECT o.position, o.status, o.user_id, o.score, o.total_score, o.previous_rank, o.rank, o.error, o.message,
           o.boards, nullif(o.hidden, false)
    FROM unnest(v_outcomes) AS o
    ORDER BY o.position;
END
$$;

COMMENT ON FUNCTION api.submit_scores(
    bigint[], bigint[], text[], text[], text[], text, boolean, timestamptz[], boolean, text[], text[]
) IS 'Counts submissions, each on its own, and returns an outcome for each.';
