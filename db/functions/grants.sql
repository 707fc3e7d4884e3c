-- Who may do what: the role of the service, and all of its rights. Nothing else is granted: every table of ours, and
-- every function outside of api, is for the owner alone. Every deploy restores this, and changes no right of another
-- role, on an object of another program, or by default: docs/databases.md. What PostgreSQL gives to PUBLIC is in
-- SECURITY.md.
-- The functions that create, list and revoke API keys stay the owner's, so that an attacker who takes over the
-- service cannot give themselves lasting access: issue_api_key and its like ask for the text of a key with the scope
-- keys. So do set_score_rules, rebuild_leaderboard and materialize_ranks. Those that change boards ask for an API
-- key with the scope admin (internal.require_key).

-- Roles belong to the cluster, so another database may have created this one already, or may be creating it right now.
-- It has LOGIN but no password: docs/databases.md says how to give it one.
DO $$
DECLARE
    c_own_login CONSTANT boolean := current_setting('leaderboard.service_has_login', true) IS NOT DISTINCT FROM 'on';
    c_since_16  CONSTANT boolean := current_setting('server_version_num')::integer >= 160000;
    c_grant     CONSTANT text := format('GRANT leaderboard_service TO %I', session_user)
                                 || CASE WHEN c_since_16 THEN ' WITH INHERIT FALSE, SET TRUE' ELSE '' END;
    v_admins text;
BEGIN
    IF to_regrole('leaderboard_service') IS NULL THEN
        BEGIN
            CREATE ROLE leaderboard_service LOGIN NOINHERIT;
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN
                NULL;  -- created at the same moment by a deploy of another database
            WHEN insufficient_privilege THEN
                RAISE EXCEPTION 'the role leaderboard_service does not exist, and % may not create roles', current_user
                    USING HINT = 'as a superuser or a role with CREATEROLE, run: '
                        || 'CREATE ROLE leaderboard_service LOGIN NOINHERIT; '
                        || CASE WHEN c_own_login THEN '' ELSE c_grant || '; ' END || 'and deploy again';
        END;
    END IF;
    -- A service that has only the owner's URL connects as the owner and then takes this role. Since PostgreSQL 16, a
    -- role that is not a superuser may not do so with a role that it has created, but may grant itself the right.
    IF NOT c_own_login
        AND NOT pg_has_role(session_user, 'leaderboard_service', CASE WHEN c_since_16 THEN 'SET' ELSE 'MEMBER' END)
    THEN
        BEGIN
            EXECUTE c_grant;
        EXCEPTION
            WHEN unique_violation THEN
                NULL;  -- granted at the same moment by another deploy
            WHEN insufficient_privilege THEN
                SELECT string_agg(m.member::regrole::text || ' or ', '' ORDER BY m.member::regrole::text) INTO v_admins
                FROM pg_auth_members AS m
                WHERE m.roleid = 'leaderboard_service'::regrole AND m.admin_option;
                RAISE EXCEPTION '% may not take the role leaderboard_service, which the service has to', session_user
                    USING HINT = format(
                        'as %sa superuser, run: %s; and deploy again. Or give the service a login of its own,'
                        ' SERVICE_DATABASE_URL', v_admins, c_grant
                    );
        END;
    END IF;
END
$$;

REVOKE EXECUTE ON ALL FUNCTIONS
IN SCHEMA internal, ledger, board, rank_index, archive, past, player, moderation, submission, api
FROM PUBLIC, leaderboard_service;

REVOKE ALL ON SCHEMA internal, ledger, board, rank_index, archive, past, player, moderation, submission, api
FROM PUBLIC, leaderboard_service;

REVOKE ALL ON TYPE submission.item, submission.outcome FROM PUBLIC, leaderboard_service;

DO $$
DECLARE
    c_tables CONSTANT regclass[] := ARRAY[
        'public.api_keys', 'public.attribute_keys', 'public.boards', 'public.cache_warnings',
        'public.game_sessions', 'public.imported_files', 'public.leaderboard', 'public.moderation',
        'public.moderation_players', 'public.player_ids', 'public.rank_copies',
        'public.rank_copy_blocks', 'public.rank_delta', 'public.rank_node', 'public.rank_state', 'public.rankings',
        'public.rejected_submissions', 'public.season_places', 'public.season_players', 'public.submission_keys',
        'public.ticket_key', 'public.users',
        'public.rejections_kept_seq', 'public.rejections_of_unknown_seq',
        'public._yoyo_log', 'public._yoyo_migration', 'public._yoyo_version'
    ];
    v_database pg_database;
    v_object   record;
    v_left     text;
BEGIN
    -- PUBLIC has no right on our tables and their sequences.
    FOR v_object IN
        SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind, c.oid::regclass AS name
        FROM pg_class AS c
        WHERE (
                c.oid = ANY (c_tables)
                OR c.relkind = 'S' AND EXISTS (
                    SELECT FROM pg_depend AS d
                    WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                        AND d.refclassid = 'pg_class'::regclass AND d.refobjid = ANY (c_tables)
                        AND d.deptype IN ('a', 'i')
                )
            )
            AND EXISTS (
                SELECT FROM (
                    SELECT c.relacl AS acl
                    UNION ALL
                    SELECT t.attacl FROM pg_attribute AS t WHERE t.attrelid = c.oid
                ) AS granted
                CROSS JOIN LATERAL aclexplode(granted.acl) AS a
                WHERE a.grantee = 0
            )
        ORDER BY c.oid
    LOOP
        EXECUTE format('REVOKE ALL ON %s %s FROM PUBLIC', v_object.kind, v_object.name);
    END LOOP;

    -- The role of the service has no right on anything else in this database. What cannot be taken is named below,
    -- once instead of for every column.
    PERFORM set_config('client_min_messages', 'error', true);
    FOR v_object IN
        SELECT DISTINCT
            CASE d.classid
                WHEN 'pg_class'::regclass THEN CASE o.type WHEN 'sequence' THEN 'SEQUENCE' ELSE 'TABLE' END
                WHEN 'pg_proc'::regclass THEN 'ROUTINE'
                WHEN 'pg_foreign_data_wrapper'::regclass THEN 'FOREIGN DATA WRAPPER'
                WHEN 'pg_foreign_server'::regclass THEN 'FOREIGN SERVER'
                ELSE upper(o.type)
            END AS kind, o.identity AS name
        FROM pg_shdepend AS d
        CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, 0) AS o
        WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = 'leaderboard_service'::regrole AND d.deptype = 'a'
            AND d.dbid = (SELECT b.oid FROM pg_database AS b WHERE b.datname = current_database())
            AND d.classid <> 'pg_default_acl'::regclass
        ORDER BY kind, name
    LOOP
        BEGIN
            EXECUTE format('REVOKE ALL ON %s %s FROM leaderboard_service', v_object.kind, v_object.name);
        EXCEPTION
            WHEN insufficient_privilege THEN
                NULL;
        END;
    END LOOP;
    PERFORM set_config('client_min_messages', 'warning', true);

    SELECT b.* INTO v_database FROM pg_database AS b WHERE b.datname = current_database();
    IF pg_has_role(v_database.datdba, 'USAGE') THEN
        IF EXISTS (
            SELECT FROM aclexplode(v_database.datacl) AS a
            WHERE a.grantee = 'leaderboard_service'::regrole AND a.privilege_type <> 'CONNECT'
        ) THEN
            EXECUTE format('REVOKE CREATE, TEMPORARY ON DATABASE %I FROM leaderboard_service', v_database.datname);
        END IF;
        IF NOT has_database_privilege('leaderboard_service', v_database.oid, 'CONNECT') THEN
            EXECUTE format('GRANT CONNECT ON DATABASE %I TO leaderboard_service', v_database.datname);
        END IF;
    END IF;

    SELECT string_agg(f.what, ', ' ORDER BY f.what) INTO v_left
    FROM (
        SELECT 'rights on ' || pg_describe_object(d.classid, d.objid, d.objsubid) AS what
        FROM pg_shdepend AS d
        WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = 'leaderboard_service'::regrole
            AND d.dbid = v_database.oid AND d.deptype = 'a'
        UNION ALL
        SELECT 'membership in ' || m.roleid::regrole::text
        FROM pg_auth_members AS m
        WHERE m.member = 'leaderboard_service'::regrole
        UNION ALL
        SELECT 'the attribute ' || a.name
        FROM pg_roles AS r
        CROSS JOIN LATERAL (
            VALUES
            ('SUPERUSER', r.rolsuper), ('CREATEROLE', r.rolcreaterole), ('CREATEDB', r.rolcreatedb),
            ('REPLICATION', r.rolreplication), ('BYPASSRLS', r.rolbypassrls)
        ) AS a(name, has)
        WHERE r.rolname = 'leaderboard_service' AND a.has
    ) AS f;
    IF v_left IS NOT NULL THEN
        RAISE WARNING 'the role leaderboard_service has more rights than it needs, and % cannot take them away: %',
            current_user, v_left;
    END IF;
END
$$;

GRANT USAGE ON SCHEMA api TO leaderboard_service;

GRANT EXECUTE ON FUNCTION
    api.submit_score(bigint, bigint, text, text, text, text, boolean, timestamptz, boolean, text, text),
    api.submit_scores(
        bigint[], bigint[], text[], text[], text[], text, boolean, timestamptz[], boolean, text[], text[]
    ),
    api.start_play(bigint, text, text, text),
    api.submitted_names(bigint[]),
    api.find_player(text),
    api.find_players(text[]),
    api.players_by_name(text, integer, text, bigint),
    api.player_profile(bigint),
    api.player_sessions(bigint, integer, bigint, boolean),
    api.rename_player(bigint, text),
    api.link_player(bigint, text),
    api.unlink_player(text),
    api.attribute_keys(),
    api.set_attributes(bigint, jsonb),
    api.export_player(bigint),
    api.export_lines(bigint),
    api.erase_player(bigint, bigint, boolean, text, text),
    api.top_players(integer, bigint, integer, text, bigint),
    api.players_from_place(bigint, integer, text),
    api.player_rank(bigint, text),
    api.player_ranks(bigint[], text),
    api.players_around(bigint, integer, text),
    api.score_distribution(integer, text),
    api.rank_of_score(bigint, text),
    api.threshold(bigint, double precision, text),
    api.display_score(bigint, text, integer),
    api.list_boards(text),
    api.list_seasons(text, integer, integer),
    api.board_splits(text),
    api.row_details(text, integer[], boolean, boolean, boolean),
    api.player_seasons(bigint, text, integer, integer),
    api.create_board(
        text, text, text, bigint, bigint, boolean, text, integer, text, timestamptz, timestamptz, text, timestamp, text,
        interval, boolean, integer, text
    ),
    api.alter_board(text, jsonb, boolean),
    api.delete_board(text, text),
    api.fold_ranks(),
    api.fill_boards(),
    api.close_seasons(),
    api.end_season(text),
    api.next_boundary(),
    api.season_of(text),
    api.rank_index_status(),
    api.horizon_holder(),
    api.verify_leaderboard(text),
    api.verify_sample(integer),
    api.error_codes(),
    api.usable_api_keys(),
    api.issue_api_key(text, text, text[], timestamptz),
    api.listed_api_keys(text),
    api.withdraw_api_key(text, text),
    api.note_api_keys_used(text[]),
    api.cache_warnings(),
    api.cache_status(),
    api.set_cache_warning(text, uuid),
    api.clear_cache_warning(text, uuid),
    api.set_cache_server(text, text, text),
    api.probe_write(),
    api.rejected_submissions(integer, bigint, bigint, text),
    api.void_sessions(text, text, bigint, bigint, timestamptz, timestamptz, bigint, text, boolean),
    api.restore_sessions(text, text, bigint, bigint, timestamptz, timestamptz, bigint, text, bigint, boolean),
    api.ban_players(text, text, bigint[], timestamptz, boolean, boolean),
    api.unban_players(text, text, bigint[], boolean),
    api.undo_act(text, text, bigint, boolean),
    api.moderation_log(integer, bigint, bigint),
    api.lift_bans(),
    api.top_between(timestamptz, timestamptz, integer, text),
    api.rank_at(bigint, timestamptz, text),
    api.player_history(bigint, timestamptz, timestamptz, text),
    api.copy_ranks(integer),
    api.recompute_season(text, text, text),
    api.test_score_rules(text, integer, bigint, bigint, integer, bigint, bigint, integer)
TO leaderboard_service;
