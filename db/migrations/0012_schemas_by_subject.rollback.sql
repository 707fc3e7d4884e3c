-- Trigger functions and the default of users.id get their old names back; all other functions of the new schemas go.
-- Until the older release is deployed, api functions fail, and so does plain SQL whose triggers call functions that are
-- gone: no change is missed.
CREATE SCHEMA lib;

CREATE SCHEMA shard;

COMMENT ON SCHEMA lib IS 'Internals and trigger functions. No grants.';

COMMENT ON SCHEMA shard IS 'Primitives over the players of one database: arrays in, rows out. No grants.';

DO $$
DECLARE
    c_moved CONSTANT text[] := ARRAY[
        ['board', 'tg_leaderboard__check_board', 'check_moved_row'],
        ['rank_index', 'tg_leaderboard__clear', 'clear_rank_index'],
        ['board', 'tg_boards__fill', 'fill_boards'],
        ['ledger', 'tg_game_sessions__correct_totals', 'follow_ledger'],
        ['submission', 'tg_users__delete_rejections', 'forget_rejections'],
        ['board', 'tg_boards__guard', 'guard_boards'],
        ['submission', 'tg_users__check_username', 'guard_usernames'],
        ['ledger', 'tg_game_sessions__refuse_truncate', 'keep_ledger'],
        ['rank_index', 'tg_users__log_name_change', 'log_name_change'],
        ['rank_index', 'tg_leaderboard__log_deltas', 'log_rank_deltas'],
        ['submission', 'next_user_id', 'next_user_id'],
        ['ledger', 'tg_users_game_sessions__lock_order', 'order_locks'],
        ['ledger', 'tg_leaderboard__skip_known_total', 'pass_known_total'],
        ['internal', 'require_read_committed', 'require_read_committed']
    ];
    v_schema   text;
    v_name     text;
    v_old_name text;
    v_function regprocedure;
BEGIN
    FOR i IN 1 .. array_length(c_moved, 1) LOOP
        v_schema := c_moved[i][1];
        v_name := c_moved[i][2];
        v_old_name := c_moved[i][3];
        EXECUTE format('ALTER FUNCTION %I.%I() SET SCHEMA lib', v_schema, v_name);
        IF v_old_name <> v_name THEN
            EXECUTE format('ALTER FUNCTION lib.%I() RENAME TO %I', v_name, v_old_name);
        END IF;
    END LOOP;
    FOR v_function IN
        SELECT p.oid
        FROM pg_proc AS p
        JOIN pg_namespace AS n ON n.oid = p.pronamespace
        WHERE n.nspname IN ('submission', 'rank_index', 'board', 'ledger', 'internal')
        ORDER BY p.oid
    LOOP
        EXECUTE format('DROP FUNCTION %s', v_function);
    END LOOP;
END
$$;

-- As in the older release: the rollback of 0002_rank_index truncates leaderboard.
CREATE OR REPLACE FUNCTION lib.clear_rank_index() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM lib.require_read_committed();
    PERFORM pg_advisory_xact_lock(7201, 2);  -- the fold lock
    DELETE FROM public.rank_node;
    DELETE FROM public.rank_delta;
    UPDATE public.rank_state AS s SET players = 0, top_shift = 0, version = s.version + 1;
    RETURN NULL;
END
$$;

DROP TYPE submission.outcome;

DROP TYPE submission.item;

DROP SCHEMA submission;

DROP SCHEMA rank_index;

DROP SCHEMA board;

DROP SCHEMA ledger;

DROP SCHEMA internal;

COMMENT ON TABLE public.submission_keys IS
    'Idempotency: a player''s key counts once, a replay gets the first outcome.'
    ' Kept for lib.submission_key_lifetime().';

COMMENT ON TABLE public.rejected_submissions IS
    'Submissions that a score rule refused: nothing of them was counted. Kept for lib.rejection_lifetime();'
    ' they go with their player.';
