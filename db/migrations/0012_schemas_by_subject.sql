-- Functions move from the schemas lib and shard to schemas by subject.
-- Trigger functions and the default of users.id move and keep their oid, so every trigger keeps firing. All others are
-- dropped here; the function files that are deployed in the same transaction create them under their new names.
-- Submits may run meanwhile: this takes no lock that they wait for. A call that is under way when the deploy commits
-- either finishes, or fails as a whole because a name is gone; its retry uses the new functions.
-- depends: 0006_ledger_triggers 0007_names_and_rejections 0008_snapshot_folds 0009_cache_warnings 0011_imported_files

CREATE SCHEMA submission;

CREATE SCHEMA rank_index;

CREATE SCHEMA board;

CREATE SCHEMA ledger;

CREATE SCHEMA internal;

COMMENT ON SCHEMA submission IS 'Counting submissions: submission.count_submissions and its steps. No grants.';

COMMENT ON SCHEMA rank_index IS 'The rank index: reading, folding, rebuilding and checking it. No grants.';

COMMENT ON SCHEMA board IS 'Boards: what they count, and what happens when they change. No grants.';

COMMENT ON SCHEMA ledger IS
    'Totals of the ledger (game_sessions), and the triggers that keep leaderboard equal to them. No grants.';

COMMENT ON SCHEMA internal IS 'Locks, limits and checks that the other schemas share. No grants.';

DO $$
DECLARE
    c_moved CONSTANT text[] := ARRAY[
        ['lib.check_moved_row()', 'board', 'tg_leaderboard__check_board'],
        ['lib.clear_rank_index()', 'rank_index', 'tg_leaderboard__clear'],
        ['lib.fill_boards()', 'board', 'tg_boards__fill'],
        ['lib.follow_ledger()', 'ledger', 'tg_game_sessions__correct_totals'],
        ['lib.forget_rejections()', 'submission', 'tg_users__delete_rejections'],
        ['lib.guard_boards()', 'board', 'tg_boards__guard'],
        ['lib.guard_usernames()', 'submission', 'tg_users__check_username'],
        ['lib.keep_ledger()', 'ledger', 'tg_game_sessions__refuse_truncate'],
        ['lib.log_name_change()', 'rank_index', 'tg_users__log_name_change'],
        ['lib.log_rank_deltas()', 'rank_index', 'tg_leaderboard__log_deltas'],
        ['lib.next_user_id()', 'submission', 'next_user_id'],
        ['lib.order_locks()', 'ledger', 'tg_users_game_sessions__lock_order'],
        ['lib.pass_known_total()', 'ledger', 'tg_leaderboard__skip_known_total']
    ];
    -- Of all releases: a deploy never drops a function.
    c_dropped CONSTANT text[] := ARRAY[
        'lib.add_players(integer, bigint[], integer[])',
        'lib.add_players_in_bulk(integer[], bigint[], integer[])',
        'lib.add_to_counts(integer[], integer[], integer[])',
        'lib.apply_score_rules(integer[], integer[], bigint[], text[], text[], boolean[])',
        'lib.board_id(text)',
        'lib.code_point(text)',
        'lib.correct_totals(integer[])',
        'lib.correct_totals(integer[], integer[])',
        'lib.cure()',
        'lib.effective_horizon(xid8)',
        'lib.fold_board(integer)',
        'lib.fold_if_many(integer)',
        'lib.game_mode_fault(text)',
        'lib.in_flight(pg_snapshot)',
        'lib.in_nfc(text)',
        'lib.index_differences(integer)',
        'lib.ledger_totals(integer, integer[])',
        'lib.lock_players(integer[])',
        'lib.most_rejections()',
        'lib.note_rejection(integer, bigint, text, text, text, text, text)',
        'lib.pending_deltas(integer, xid8, xid8[])',
        'lib.percentile(bigint, bigint)',
        'lib.player_differences(integer, integer[])',
        'lib.purge_rejections(integer)',
        'lib.purge_submission_keys(integer)',
        'lib.raise_top_level(integer, bigint, bigint)',
        'lib.ranked_rows(integer, integer[])',
        'lib.rebuild_rank_index(integer)',
        'lib.rejection_lifetime()',
        'lib.require_read_committed()',
        'lib.submission_key_lifetime()',
        'lib.take_back_horizons()',
        'lib.take_turn(regclass, integer)',
        'lib.text_fault(text)',
        'lib.total_differences(integer)',
        'lib.totals_that_fit(integer[], integer[], bigint[], text[], text[])',
        'lib.username_fault(text)',
        'lib.write_ranks(integer, integer[])',
        'shard.count_above(integer, bigint[])',
        'shard.count_above_one(integer, bigint)',
        'shard.histogram(integer, bigint, bigint, integer)',
        'shard.player_totals(integer, integer[])',
        'shard.ranks(integer, integer[])',
        'shard.register_players(integer[], text[])',
        'shard.rows_above(integer, integer, bigint, integer)',
        'shard.rows_below(integer, integer, bigint, integer)',
        'shard.submit_scores(integer[], integer[], bigint[], text[], text[], text[], integer, boolean)',
        'shard.total_range(integer)'
    ];
    v_foreign  text;
    v_function text;
    v_schema   text;
    v_name     text;
BEGIN
    -- Objects and rights that are not part of the leaderboard would be lost. That is for the owner to decide.
    WITH own AS (
        SELECT to_regprocedure(s.signature)::oid AS id, false AS moves FROM unnest(c_dropped) AS s(signature)
        UNION ALL
        SELECT to_regprocedure(c_moved[i][1])::oid, true FROM generate_subscripts(c_moved, 1) AS i
    ), old_schema AS (
        SELECT n.oid AS id, n.nspname AS name, n.nspacl AS acl, n.nspowner AS owner
        FROM pg_namespace AS n
        WHERE n.nspname IN ('lib', 'shard')
    ), acl AS (
        SELECT 'schema ' || s.name AS object, s.owner, a.grantee FROM old_schema AS s CROSS JOIN aclexplode(s.acl) AS a
        UNION ALL
        SELECT 'function ' || p.oid::regprocedure, p.proowner, a.grantee
        FROM pg_proc AS p
        JOIN own AS o ON o.id = p.oid
        CROSS JOIN aclexplode(p.proacl) AS a
    )
    SELECT string_agg(f.object, ', ' ORDER BY f.object) INTO v_foreign
    FROM (
        SELECT pg_describe_object(d.classid, d.objid, d.objsubid) AS object
        FROM pg_depend AS d
        WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid IN (SELECT s.id FROM old_schema AS s)
            AND NOT (d.classid = 'pg_proc'::regclass AND d.objid IN (SELECT o.id FROM own AS o WHERE o.id IS NOT NULL))
        UNION
        SELECT pg_describe_object(d.classid, d.objid, d.objsubid) || ', which uses '
               || pg_describe_object(d.refclassid, d.refobjid, 0)
        FROM pg_depend AS d
        JOIN own AS o ON o.id = d.refobjid AND NOT o.moves
        WHERE d.refclassid = 'pg_proc'::regclass
        UNION
        SELECT format('a right of %I on %s', a.grantee::regrole, a.object)
        FROM acl AS a
        WHERE a.grantee NOT IN (0, a.owner, 'leaderboard_service'::regrole)
    ) AS f;
    IF v_foreign IS NOT NULL THEN
        RAISE EXCEPTION 'this release removes the schemas lib and shard, but these have other objects or rights: %',
            v_foreign
            USING HINT = 'Move or drop these objects and revoke these rights, then deploy again.';
    END IF;

    FOREACH v_function IN ARRAY c_dropped LOOP
        EXECUTE 'DROP FUNCTION IF EXISTS ' || v_function;
    END LOOP;
    FOR i IN 1 .. array_length(c_moved, 1) LOOP
        v_function := split_part(split_part(c_moved[i][1], '.', 2), '(', 1);
        v_schema := c_moved[i][2];
        v_name := c_moved[i][3];
        IF to_regprocedure(c_moved[i][1]) IS NOT NULL THEN
            EXECUTE format('ALTER FUNCTION lib.%I() SET SCHEMA %I', v_function, v_schema);
            IF v_name <> v_function THEN
                EXECUTE format('ALTER FUNCTION %I.%I() RENAME TO %I', v_schema, v_function, v_name);
            END IF;
        END IF;
    END LOOP;
END
$$;

DROP SCHEMA lib;

DROP SCHEMA shard;

-- One submission of a call, as the steps of submission.count_submissions hand it to each other.
CREATE TYPE submission.item AS (
    position  integer,
    user_id   integer,
    score     bigint,
    game_mode text,
    username  text,
    key       text
);

COMMENT ON TYPE submission.item IS
    'One valid submission: its position in the call, and what api.submit_scores was given for it.';

CREATE TYPE submission.outcome AS (
    position      integer,
    status        text,
    user_id       integer,
    score         bigint,
    game_mode     text,
    key           text,
    session_id    bigint,
    total_score   bigint,
    previous_rank bigint,
    rank          bigint,
    error         text,
    message       text
);

COMMENT ON TYPE submission.outcome IS 'What became of a submission, see submission.count_submissions.';

COMMENT ON TABLE public.submission_keys IS
    'Idempotency: a player''s key counts once, a replay returns the first outcome.'
    ' Kept for internal.submission_key_lifetime().';

COMMENT ON TABLE public.rejected_submissions IS
    'Submissions that a score rule rejected. Kept for internal.rejection_lifetime(), or until their player is deleted.';
