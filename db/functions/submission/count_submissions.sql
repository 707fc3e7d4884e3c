-- Purpose:  counts submissions: ledger, totals of every board they count on, rank index (by trigger), and what their keys remember.
--           Everything the call does commits or vanishes together; an item that is refused leaves its neighbours alone.
-- Args:     arrays of one length, an element a submission that api.submit_scores found valid:
--           p_items        positions, ascending, given back with each outcome
--           p_user_ids, p_scores, p_game_modes
--           p_usernames    name for a new player; NULL: user_<id>
--           p_keys         submission keys; NULL: none
--           p_board_id     the board whose totals and ranks are answered; p_with_rank  whether ranks are.
--           A session that has set leaderboard.busy_players to 'skip' does not wait for players whom somebody else holds.
-- Returns:  a row an item. status 'accepted', 'busy' (skipped, see above: not counted, call again), 'replayed' (the key's first outcome again) or 'rejected' (error: SQLSTATE, message).
--           total_score is the total right after the item (on boards that keep the best or last score: after the call).
--           previous_rank is the rank before the call, NULL for somebody new to the board; rank the one after it. A replay has those of
--           its first call; if that asked for none, rank is the one after this call, and previous_rank NULL, for it is not known any more.
-- Errors:   LB031 when a player is deleted at the same moment: nothing was counted.
-- Rules:    see submission.apply_score_rules: an item that breaks a rule of any board that would count it is refused for all of them. Nobody is
--           registered whose items are all refused by them.
-- Locks:    in this order: the boards lock, shared; the registration lock if somebody is new; the players' users rows by id (a
--           player's submissions, and so his keys, are handled one call after the other); their
--           known keys (a purge passes over locked ones); their leaderboard rows by id.
-- Writes:   users, game_sessions, leaderboard, rank_delta, submission_keys, rejected_submissions.
CREATE OR REPLACE FUNCTION submission.count_submissions(
    p_items integer[], p_user_ids integer[], p_scores bigint[], p_game_modes text[], p_usernames text[], p_keys text[],
    p_board_id integer, p_with_rank boolean
)
RETURNS TABLE (
    item integer, status text, user_id integer, score bigint, total_score bigint,
    previous_rank bigint, rank bigint, error text, message text
)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    v_rules     text[];
    v_aggregate text;
    v_large     boolean;
    v_ruled     boolean;    -- whether any board has rules beyond its bounds
    v_refused   integer[];  -- what the rules do not let pass, an element each
    v_errors    text[];
    v_messages  text[];
    v_players   integer;
    v_known     integer;
    v_held      integer[];
    v_keyed     boolean := cardinality(array_remove(p_keys, NULL)) > 0;
    v_open      boolean[];  -- an element an item: whether it is still to be counted; NULL: all are
    v_items     integer[];  -- what was counted, an element each
    v_user_ids  integer[];
    v_scores    bigint[];
    v_sessions  bigint[];
    v_totals    bigint[];
    v_ranked    integer[];
    v_before    bigint[];
    v_ranked_after integer[];
    v_after     bigint[];
    v_counted   text := coalesce(current_setting('leaderboard.counted', true), '');
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7201, 1);  -- the boards lock
    -- One statement, since a statement costs more than what it reads here. v_large: totals could leave their range, so each item is looked at
    -- once its player is locked. Otherwise 3,000 calls of 1,000 scores would have to be counted for one player while this one waits for him.
    SELECT b.rules, b.aggregate, p.players, p.known, b.largest > 2147483648 OR p.largest > 2251799813685248,  -- 2^31, 2^51
           b.ruled
    INTO v_rules, v_aggregate, v_players, v_known, v_large, v_ruled
    FROM (
        SELECT array_agg(DISTINCT o.aggregate) AS rules, max(o.aggregate) FILTER (WHERE o.id = p_board_id) AS aggregate,
               max(greatest(abs(o.min_score), abs(o.max_score))) AS largest,
               bool_or(o.max_submissions_per_minute IS NOT NULL OR o.max_gain_per_hour IS NOT NULL) AS ruled
        FROM public.boards AS o
    ) AS b
    CROSS JOIN (
        SELECT count(DISTINCT i.id) AS players, (SELECT count(*) FROM public.users AS u WHERE u.id = ANY (p_user_ids)) AS known,
               coalesce((SELECT max(abs(l.total_score)) FROM public.leaderboard AS l WHERE l.user_id = ANY (p_user_ids)), 0) AS largest
        FROM unnest(p_user_ids) AS i(id)
    ) AS p;

    IF v_ruled AND v_known < v_players THEN
        -- Those who are new, before they are registered. Who registers at this moment beside us is looked at again below.
        SELECT array_agg((SELECT u.id FROM public.users AS u WHERE u.id = i.user_id) IS NULL ORDER BY i.item) INTO v_open
        FROM unnest(p_items, p_user_ids) AS i(item, user_id);
        SELECT array_agg(r.item), array_agg(r.error), array_agg(r.message) INTO v_refused, v_errors, v_messages
        FROM submission.apply_score_rules(p_items, p_user_ids, p_scores, p_game_modes, p_keys, v_open) AS r
        WHERE r.error IS NOT NULL;
        v_open := NULL;
        IF v_refused IS NOT NULL THEN
            RETURN QUERY
            SELECT i.item, 'rejected'::text, i.user_id, i.score, NULL::bigint, NULL::bigint, NULL::bigint, r.error, r.message
            FROM unnest(v_refused, v_errors, v_messages) AS r(item, error, message)
            JOIN unnest(p_items, p_user_ids, p_scores) AS i(item, user_id, score) ON i.item = r.item;
            SELECT array_agg(i.item ORDER BY i.item), array_agg(i.user_id ORDER BY i.item), array_agg(i.score ORDER BY i.item),
                   array_agg(i.game_mode ORDER BY i.item), array_agg(i.username ORDER BY i.item), array_agg(i.key ORDER BY i.item),
                   count(DISTINCT i.user_id)
            INTO p_items, p_user_ids, p_scores, p_game_modes, p_usernames, p_keys, v_players
            FROM unnest(p_items, p_user_ids, p_scores, p_game_modes, p_usernames, p_keys) AS i(item, user_id, score, game_mode, username, key)
            WHERE i.item <> ALL (v_refused);
            IF p_items IS NULL THEN
                RETURN;
            END IF;
            v_keyed := cardinality(array_remove(p_keys, NULL)) > 0;
        END IF;
    END IF;

    IF v_known < v_players THEN
        p_usernames := ARRAY(SELECT internal.to_nfc(n.name) FROM unnest(p_usernames) WITH ORDINALITY AS n(name, position) ORDER BY n.position);
        PERFORM submission.register_players(p_user_ids, p_usernames);
        SELECT array_agg(u.id IS NOT NULL ORDER BY i.item), count(DISTINCT u.id)
        INTO v_open, v_players
        FROM unnest(p_items, p_user_ids) AS i(item, user_id)
        LEFT JOIN LATERAL (SELECT n.id FROM public.users AS n WHERE n.id = i.user_id OFFSET 0) AS u ON true;
        -- Still unknown is whoever asked for a name that somebody has, or was deleted a moment ago.
        IF EXISTS (
            SELECT FROM unnest(p_user_ids, p_usernames, v_open) AS i(user_id, username, open)
            LEFT JOIN LATERAL (SELECT n.id FROM public.users AS n WHERE n.username = i.username OFFSET 0) AS u ON true
            WHERE NOT i.open
            GROUP BY i.user_id
            HAVING count(u.id) = 0
        ) THEN
            RAISE EXCEPTION 'a player was deleted during the call; nothing was counted, call again' USING ERRCODE = 'LB031';
        END IF;
        RETURN QUERY
        SELECT i.item, 'rejected'::text, i.user_id, i.score, NULL::bigint, NULL::bigint, NULL::bigint, 'LB020'::text,
               'the username asked for player ' || i.user_id || ' is taken: choose another, or leave it out'
        FROM unnest(p_items, p_user_ids, p_scores, v_open) AS i(item, user_id, score, open)
        WHERE NOT i.open;
        -- The call goes on without them: somebody may register that player, and use his key, while this one waits below.
        IF NOT v_open @> ARRAY[false] THEN
            v_open := NULL;
        ELSE
            SELECT array_agg(i.item ORDER BY i.item), array_agg(i.user_id ORDER BY i.item), array_agg(i.score ORDER BY i.item),
                   array_agg(i.game_mode ORDER BY i.item), array_agg(i.key ORDER BY i.item)
            INTO p_items, p_user_ids, p_scores, p_game_modes, p_keys
            FROM unnest(p_items, p_user_ids, p_scores, p_game_modes, p_keys, v_open) AS i(item, user_id, score, game_mode, key, open)
            WHERE i.open;
            IF p_items IS NULL THEN
                RETURN;
            END IF;
            v_open := NULL;
            v_keyed := cardinality(array_remove(p_keys, NULL)) > 0;
        END IF;
    END IF;

    IF current_setting('leaderboard.busy_players', true) = 'skip' THEN
        SELECT array_agg(l.id) INTO v_held
        FROM (SELECT u.id FROM public.users AS u WHERE u.id = ANY (p_user_ids) ORDER BY u.id FOR NO KEY UPDATE SKIP LOCKED) AS l;
    ELSE
        SELECT array_agg(l.id) INTO v_held
        FROM (SELECT u.id FROM public.users AS u WHERE u.id = ANY (p_user_ids) ORDER BY u.id FOR NO KEY UPDATE) AS l;
    END IF;
    IF coalesce(cardinality(v_held), 0) < v_players THEN
        IF current_setting('leaderboard.busy_players', true) IS DISTINCT FROM 'skip' THEN
            RAISE EXCEPTION 'a player was deleted during the call; nothing was counted, call again' USING ERRCODE = 'LB031';
        END IF;
        -- The call goes on without them, as if it had never had them.
        RETURN QUERY
        SELECT i.item, 'busy'::text, i.user_id, i.score, NULL::bigint, NULL::bigint, NULL::bigint, NULL::text, NULL::text
        FROM unnest(p_items, p_user_ids, p_scores) AS i(item, user_id, score)
        WHERE i.user_id <> ALL (coalesce(v_held, '{}'));
        SELECT array_agg(i.item ORDER BY i.item), array_agg(i.user_id ORDER BY i.item), array_agg(i.score ORDER BY i.item),
               array_agg(i.game_mode ORDER BY i.item), array_agg(i.key ORDER BY i.item)
        INTO p_items, p_user_ids, p_scores, p_game_modes, p_keys
        FROM unnest(p_items, p_user_ids, p_scores, p_game_modes, p_keys) AS i(item, user_id, score, game_mode, key)
        WHERE i.user_id = ANY (v_held);
        IF p_items IS NULL THEN
            RETURN;
        END IF;
        v_keyed := cardinality(array_remove(p_keys, NULL)) > 0;
    END IF;

    -- From here on nobody else adds keys or changes totals of these players.
    IF v_keyed THEN
        -- Known keys are held, so that no purge of expired ones takes them away before they are answered. LATERAL with a lock or OFFSET 0,
        -- here and below, keeps this a look-up a key: as a join that was planned while the table was small it reads all keys there are.
        PERFORM FROM unnest(p_user_ids, p_keys) AS i(user_id, key)
        CROSS JOIN LATERAL (
            SELECT FROM public.submission_keys AS k WHERE k.user_id = i.user_id AND k.key = i.key FOR KEY SHARE
        ) AS held;
    END IF;
    IF v_large THEN
        v_open := submission.totals_in_range(p_items, p_user_ids, p_scores, p_game_modes, p_keys);
        RETURN QUERY
        SELECT i.item, 'rejected'::text, i.user_id, i.score, NULL::bigint, NULL::bigint, NULL::bigint, 'LB023'::text,
               'the total of player ' || i.user_id || ' would leave the range -9007199254740991 to 9007199254740991'
        FROM unnest(p_items, p_user_ids, p_scores, v_open) AS i(item, user_id, score, open)
        WHERE NOT i.open;
    END IF;
    IF v_keyed THEN
        -- Of the items with one key the first is counted, unless the key is known; with rules, the first that passes them.
        SELECT array_agg(i.open AND (i.first OR v_ruled) AND k.key IS NULL ORDER BY i.item) INTO v_open
        FROM (
            SELECT f.item, f.user_id, f.key, coalesce(f.open, true) AS open,
                   f.key IS NULL OR row_number() OVER (PARTITION BY f.user_id, f.key, f.open ORDER BY f.item) = 1 AS first
            FROM unnest(p_items, p_user_ids, p_keys, v_open) AS f(item, user_id, key, open)
        ) AS i
        LEFT JOIN LATERAL (
            SELECT n.key FROM public.submission_keys AS n WHERE n.user_id = i.user_id AND n.key = i.key OFFSET 0
        ) AS k ON true;
    END IF;

    IF v_ruled THEN
        SELECT array_agg(r.item), array_agg(r.error), array_agg(r.message) INTO v_refused, v_errors, v_messages
        FROM submission.apply_score_rules(p_items, p_user_ids, p_scores, p_game_modes, p_keys, v_open) AS r;
        IF v_refused IS NOT NULL THEN
            RETURN QUERY
            SELECT i.item, 'rejected'::text, i.user_id, i.score, NULL::bigint, NULL::bigint, NULL::bigint, r.error, r.message
            FROM unnest(v_refused, v_errors, v_messages) AS r(item, error, message)
            JOIN unnest(p_items, p_user_ids, p_scores) AS i(item, user_id, score) ON i.item = r.item
            WHERE r.error IS NOT NULL;
            SELECT array_agg(i.open IS NOT FALSE AND i.item <> ALL (v_refused) ORDER BY i.item) INTO v_open
            FROM unnest(p_items, v_open) AS i(item, open);
        END IF;
    END IF;

    IF p_with_rank THEN
        SELECT array_agg(r.user_id), array_agg(r.rank) INTO v_ranked, v_before FROM rank_index.ranks(p_board_id, p_user_ids) AS r;
    END IF;

    -- Until it is set back: this call counts its sessions itself (ledger.tg_game_sessions__correct_totals). Not by SET at the function, which only a superuser may
    -- do with a setting that PostgreSQL does not know.
    PERFORM set_config('leaderboard.counted', 'on', true);
    WITH submission AS MATERIALIZED (
        SELECT nextval('public.game_sessions_id_seq') AS session_id, i.item, i.user_id, i.score, i.game_mode
        FROM unnest(p_items, p_user_ids, p_scores, p_game_modes, v_open) AS i(item, user_id, score, game_mode, open)
        WHERE i.open IS NOT FALSE
    ), total AS (
        INSERT INTO public.leaderboard AS l (board_id, user_id, total_score)
        SELECT b.id, s.user_id, sum(s.score)
        FROM submission AS s
        JOIN public.boards AS b
            ON b.aggregate = 'sum' AND (b.game_mode IS NULL OR b.game_mode = s.game_mode) AND s.score BETWEEN b.min_score AND b.max_score
        GROUP BY s.user_id, b.id
        ORDER BY s.user_id, b.id
        ON CONFLICT (user_id, board_id) DO UPDATE SET total_score = l.total_score + excluded.total_score
        RETURNING l.board_id, l.user_id, l.total_score
    ), ledger AS (
        -- The time is taken under the player's lock, so that it orders his sessions as they were counted.
        INSERT INTO public.game_sessions (id, user_id, score, game_mode, "timestamp")
        SELECT s.session_id, s.user_id, s.score, s.game_mode, clock_timestamp()
        FROM submission AS s
    )
    SELECT array_agg(o.item ORDER BY o.item), array_agg(o.user_id ORDER BY o.item), array_agg(o.score ORDER BY o.item),
           array_agg(o.session_id ORDER BY o.item), array_agg(o.total_score ORDER BY o.item)
    INTO v_items, v_user_ids, v_scores, v_sessions, v_totals
    FROM (
        SELECT s.item, s.user_id, s.score, s.session_id, t.total_score - coalesce(sum(s.score) OVER (
            PARTITION BY s.user_id ORDER BY s.item ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ), 0)::bigint AS total_score
        FROM submission AS s
        LEFT JOIN total AS t ON t.board_id = p_board_id AND t.user_id = s.user_id
    ) AS o;

    IF 'best' = ANY (v_rules) THEN
        INSERT INTO public.leaderboard AS l (board_id, user_id, total_score)
        SELECT b.id, s.user_id, max(s.score)
        FROM unnest(p_items, p_user_ids, p_scores, p_game_modes) AS s(item, user_id, score, game_mode)
        JOIN public.boards AS b
            ON b.aggregate = 'best' AND (b.game_mode IS NULL OR b.game_mode = s.game_mode) AND s.score BETWEEN b.min_score AND b.max_score
        WHERE s.item = ANY (v_items)
        GROUP BY s.user_id, b.id
        ORDER BY s.user_id, b.id
        ON CONFLICT (user_id, board_id) DO UPDATE SET total_score = excluded.total_score
        WHERE excluded.total_score > l.total_score;
    END IF;
    IF 'last' = ANY (v_rules) THEN
        -- The order of a player's sessions is the one in which they were counted, also where the clock went back between two of them.
        UPDATE public.game_sessions AS g
        SET "timestamp" = newest."timestamp"
        FROM unnest(v_sessions, v_user_ids) AS s(id, user_id)
        CROSS JOIN LATERAL (
            SELECT o."timestamp"
            FROM public.game_sessions AS o
            WHERE o.user_id = s.user_id AND o.id <> ALL (v_sessions)
            ORDER BY o."timestamp" DESC, o.id DESC
            LIMIT 1
        ) AS newest
        WHERE g.id = s.id AND g."timestamp" < newest."timestamp";
        INSERT INTO public.leaderboard AS l (board_id, user_id, total_score)
        SELECT b.id, s.user_id, newest.score
        FROM (
            SELECT DISTINCT i.user_id
            FROM unnest(p_items, p_user_ids) AS i(item, user_id)
            WHERE i.item = ANY (v_items)
        ) AS s
        JOIN public.boards AS b ON b.aggregate = 'last'
        CROSS JOIN LATERAL (
            SELECT g.score
            FROM public.game_sessions AS g
            WHERE g.user_id = s.user_id
                AND (b.game_mode IS NULL OR b.game_mode = g.game_mode) AND g.score BETWEEN b.min_score AND b.max_score
            ORDER BY g."timestamp" DESC, g.id DESC
            LIMIT 1
        ) AS newest
        ORDER BY s.user_id, b.id
        ON CONFLICT (user_id, board_id) DO UPDATE SET total_score = excluded.total_score
        WHERE excluded.total_score <> l.total_score;
    END IF;
    PERFORM set_config('leaderboard.counted', v_counted, true);
    IF v_aggregate <> 'sum' THEN
        SELECT array_agg(t.total_score ORDER BY i.item) INTO v_totals
        FROM unnest(p_items, p_user_ids) AS i(item, user_id)
        LEFT JOIN rank_index.player_totals(p_board_id, p_user_ids) AS t ON t.user_id = i.user_id
        WHERE i.item = ANY (v_items);
    END IF;

    IF p_with_rank THEN
        SELECT array_agg(r.user_id), array_agg(r.rank) INTO v_ranked_after, v_after FROM rank_index.ranks(p_board_id, p_user_ids) AS r;
    END IF;

    IF v_keyed THEN
        INSERT INTO public.submission_keys (user_id, key, board_id, score, game_mode, session_id, total_score, previous_rank, rank)
        SELECT i.user_id, i.key, p_board_id, i.score, i.game_mode, c.session_id, c.total_score, b.rank, a.rank
        FROM unnest(v_items, v_sessions, v_totals) AS c(item, session_id, total_score)
        JOIN unnest(p_items, p_user_ids, p_scores, p_game_modes, p_keys) AS i(item, user_id, score, game_mode, key) ON i.item = c.item
        LEFT JOIN unnest(v_ranked, v_before) AS b(user_id, rank) ON b.user_id = i.user_id
        LEFT JOIN unnest(v_ranked_after, v_after) AS a(user_id, rank) ON a.user_id = i.user_id
        WHERE i.key IS NOT NULL;
    END IF;

    IF NOT p_with_rank THEN
        RETURN QUERY
        SELECT c.item, 'accepted'::text, c.user_id, c.score, c.total_score, NULL::bigint, NULL::bigint, NULL::text, NULL::text
        FROM unnest(v_items, v_user_ids, v_scores, v_totals) AS c(item, user_id, score, total_score);
    ELSE
        RETURN QUERY
        SELECT c.item, 'accepted'::text, c.user_id, c.score, c.total_score, b.rank, a.rank, NULL::text, NULL::text
        FROM unnest(v_items, v_user_ids, v_scores, v_totals) AS c(item, user_id, score, total_score)
        LEFT JOIN unnest(v_ranked, v_before) AS b(user_id, rank) ON b.user_id = c.user_id
        LEFT JOIN unnest(v_ranked_after, v_after) AS a(user_id, rank) ON a.user_id = c.user_id;
    END IF;

    IF v_keyed THEN
        RETURN QUERY
        SELECT i.item, CASE WHEN same.content THEN 'replayed' ELSE 'rejected' END, i.user_id, i.score,
               CASE WHEN same.content THEN k.total_score END,
               CASE WHEN same.content THEN k.previous_rank END,
               -- The first call may not have asked for ranks: then the one now, which was worked out above if this call asks.
               CASE WHEN same.content THEN coalesce(k.rank, (
                   SELECT a.rank FROM unnest(v_ranked_after, v_after) AS a(user_id, rank) WHERE a.user_id = i.user_id
               )) END,
               CASE WHEN NOT same.content THEN 'LB021' END,
               CASE WHEN NOT same.content THEN 'this submission key was used for another submission: a new submission needs a new key' END
        FROM unnest(p_items, p_user_ids, p_scores, p_game_modes, p_keys, v_open) AS i(item, user_id, score, game_mode, key, open)
        CROSS JOIN LATERAL (
            SELECT n.* FROM public.submission_keys AS n WHERE n.user_id = i.user_id AND n.key = i.key OFFSET 0
        ) AS k
        CROSS JOIN LATERAL (
            SELECT k.score = i.score AND k.game_mode = i.game_mode AND k.board_id = p_board_id AS content
        ) AS same
        WHERE NOT i.open AND (v_errors IS NULL OR NOT EXISTS (
            SELECT FROM unnest(v_refused, v_errors) AS r(item, error) WHERE r.item = i.item AND r.error IS NOT NULL
        ));
    END IF;

    IF random() * 128 < cardinality(p_items) THEN
        PERFORM submission.fold_if_many(2000);
    END IF;
END
$$;

COMMENT ON FUNCTION submission.count_submissions(integer[], integer[], bigint[], text[], text[], text[], integer, boolean) IS
    'Counts valid submissions and returns an outcome for each.';
