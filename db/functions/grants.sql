-- Who may do what: the role of the service, and all of its rights. Nothing else is granted: every table, and every
-- function outside of api, is for the owner alone. Every deploy restores this. For rights that only a superuser can
-- take away see SECURITY.md.
-- The functions that change boards (create_board, set_score_rules, rebuild_leaderboard, materialize_ranks) and those
-- that create, list and revoke API keys stay the owner's, so that an attacker who takes over the service cannot give
-- themselves lasting access.

-- Roles belong to the cluster, so another database may have created this one already, or may be creating it right now.
-- It has LOGIN but no password: to connect as it from another host, run ALTER ROLE leaderboard_service PASSWORD '...'.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles AS r WHERE r.rolname = 'leaderboard_service') THEN
        CREATE ROLE leaderboard_service LOGIN NOINHERIT;
    END IF;
    -- A service that has only the owner's URL connects as the owner and then takes this role.
    IF NOT pg_has_role(current_user, 'leaderboard_service', 'MEMBER') THEN
        EXECUTE format('GRANT leaderboard_service TO %I', current_user);
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN
        NULL;  -- created at the same moment by a deploy of another database
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'the role leaderboard_service is missing, or % may not use it', current_user
            USING HINT = 'As a superuser run: CREATE ROLE leaderboard_service LOGIN NOINHERIT;'
                ' GRANT leaderboard_service TO <the owner>;';
END
$$;

-- The global form: ALTER DEFAULT PRIVILEGES IN SCHEMA ... REVOKE ... FROM PUBLIC has no effect.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA internal, ledger, board, rank_index, submission, api
FROM PUBLIC, leaderboard_service;

REVOKE ALL ON SCHEMA public, internal, ledger, board, rank_index, submission, api FROM PUBLIC, leaderboard_service;

REVOKE ALL ON TYPE submission.item, submission.outcome FROM PUBLIC, leaderboard_service;

GRANT USAGE ON SCHEMA api TO leaderboard_service;

DO $$
DECLARE
    v_object record;
BEGIN
    -- With temporary tables the role could fill the disk, and shadow the names of other tables.
    IF has_database_privilege('leaderboard_service', current_database(), 'TEMPORARY, CREATE') THEN
        EXECUTE format('REVOKE TEMPORARY, CREATE ON DATABASE %I FROM PUBLIC, leaderboard_service', current_database());
    END IF;
    FOR v_object IN
        SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind, c.oid::regclass AS name
        FROM pg_class AS c
        JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname IN ('public', 'internal', 'ledger', 'board', 'rank_index', 'submission', 'api')
            AND c.relkind IN ('r', 'v', 'm', 'f', 'p', 'S') AND pg_has_role(c.relowner, 'USAGE')
            AND NOT EXISTS (
                SELECT FROM pg_depend AS d
                WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
            )
            AND EXISTS (
                SELECT FROM (
                    SELECT c.relacl AS acl
                    UNION ALL
                    SELECT t.attacl FROM pg_attribute AS t WHERE t.attrelid = c.oid
                ) AS granted
                CROSS JOIN LATERAL aclexplode(granted.acl) AS a
                WHERE a.grantee IN (0, 'leaderboard_service'::regrole)
            )
        ORDER BY c.oid
    LOOP
        EXECUTE format('REVOKE ALL ON %s %s FROM PUBLIC, leaderboard_service', v_object.kind, v_object.name);
    END LOOP;
    -- Large objects fill the disk without any table. Only a superuser, who owns their functions, can revoke them.
    FOR v_object IN
        SELECT p.oid::regprocedure AS name
        FROM pg_proc AS p
        WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname ~ '^lo(_|read|write)'
            AND pg_has_role(p.proowner, 'USAGE') AND has_function_privilege('leaderboard_service', p.oid, 'EXECUTE')
        ORDER BY p.oid
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC, leaderboard_service', v_object.name);
    END LOOP;
END
$$;

GRANT EXECUTE ON FUNCTION
    api.submit_score(bigint, bigint, text, text, text, text, boolean),
    api.submit_scores(bigint[], bigint[], text[], text[], text[], text, boolean),
    api.submitted_names(bigint[]),
    api.top_players(integer, bigint, integer, text),
    api.player_rank(bigint, text),
    api.player_ranks(bigint[], text),
    api.players_around(bigint, integer, text),
    api.score_distribution(integer, text),
    api.list_boards(),
    api.fold_ranks(),
    api.rank_index_status(),
    api.horizon_holder(),
    api.verify_leaderboard(text),
    api.verify_sample(integer),
    api.error_codes(),
    api.usable_api_keys(),
    api.note_api_keys_used(text[]),
    api.cache_warnings(),
    api.set_cache_warning(text, uuid),
    api.clear_cache_warning(text, uuid),
    api.probe_write(),
    api.rejected_submissions(integer, bigint, bigint, text)
TO leaderboard_service;
