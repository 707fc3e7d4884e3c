-- Who may call what. Nothing else is granted to anybody: tables, lib and shard belong to the owner alone.
-- Functions that change what a leaderboard is (create_board, set_score_rules, rebuild_leaderboard, materialize_ranks)
-- and those that make, list and revoke API keys stay the owner's: whoever took over the service could not let himself in for good.
-- Every deploy puts back what somebody changed. What is left to the role, and is not for an owner to take: SECURITY.md.
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA lib, shard, api FROM PUBLIC, leaderboard_service;

REVOKE ALL ON SCHEMA public, lib, shard, api FROM PUBLIC, leaderboard_service;

GRANT USAGE ON SCHEMA api TO leaderboard_service;

DO $$
DECLARE
    v_object record;
BEGIN
    -- With temporary tables it could fill the disk, and put a table of its own in the way of names.
    IF has_database_privilege('leaderboard_service', current_database(), 'TEMPORARY, CREATE') THEN
        EXECUTE format('REVOKE TEMPORARY, CREATE ON DATABASE %I FROM PUBLIC, leaderboard_service', current_database());
    END IF;
    FOR v_object IN
        SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind, c.oid::regclass AS name
        FROM pg_class AS c
        WHERE c.relnamespace IN ('public'::regnamespace, 'lib'::regnamespace, 'shard'::regnamespace, 'api'::regnamespace)
            AND c.relkind IN ('r', 'v', 'm', 'f', 'p', 'S') AND pg_has_role(c.relowner, 'USAGE')
            AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
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
    -- Large objects need no table to fill the disk. Their functions belong to the superuser, who alone can take them from everybody.
    FOR v_object IN
        SELECT p.oid::regprocedure AS name
        FROM pg_proc AS p
        WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname ~ '^lo(_|read|write)' AND pg_has_role(p.proowner, 'USAGE')
            AND has_function_privilege('leaderboard_service', p.oid, 'EXECUTE')
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
    api.rejected_submissions(integer, bigint, bigint, text)
TO leaderboard_service;
