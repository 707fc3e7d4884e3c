"""Who may do what, tried by connecting as the role."""

import re

import asyncpg
import psycopg
import pytest

from service.database import migrate
from tests.support import ROOT
from tests.support.databases import execute_on, template_on
from tests.support.oracle import rows

GRANTED = {
    "submit_score",
    "submit_scores",
    "submitted_names",
    "top_players",
    "players_from_place",
    "rank_of_score",
    "threshold",
    "display_score",
    "player_rank",
    "player_ranks",
    "players_around",
    "score_distribution",
    "list_boards",
    "list_seasons",
    "board_splits",
    "row_details",
    "player_seasons",
    "create_board",
    "alter_board",
    "delete_board",
    "fold_ranks",
    "fill_boards",
    "close_seasons",
    "end_season",
    "next_boundary",
    "season_of",
    "rank_index_status",
    "horizon_holder",
    "verify_leaderboard",
    "verify_sample",
    "error_codes",
    "usable_api_keys",
    "note_api_keys_used",
    "cache_warnings",
    "cache_status",
    "set_cache_server",
    "set_cache_warning",
    "clear_cache_warning",
    "probe_write",
    "rejected_submissions",
    "void_sessions",
    "restore_sessions",
    "ban_players",
    "unban_players",
    "undo_act",
    "moderation_log",
    "lift_bans",
    "top_between",
    "rank_at",
    "player_history",
    "copy_ranks",
    "recompute_season",
    "test_score_rules",
    "start_play",
    "find_player",
    "find_players",
    "players_by_name",
    "player_profile",
    "player_sessions",
    "rename_player",
    "link_player",
    "unlink_player",
    "attribute_keys",
    "set_attributes",
    "export_player",
    "export_lines",
    "erase_player",
    "issue_api_key",
    "listed_api_keys",
    "withdraw_api_key",
}


@pytest.fixture
async def service(database_url):
    connection = await asyncpg.connect(database_url.replace("leaderboard_owner@", "leaderboard_service@"))
    yield connection
    await connection.close()


async def test_the_service_can_do_its_work(service):
    await service.execute("SELECT api.submit_score(1, 10, p_submission_key => 'a', p_with_rank => true)")
    await service.fetch("SELECT * FROM api.submit_scores('{1,2}', '{1,2}')")
    for call in (
        "submitted_names('{1}')",
        "top_players()",
        "player_rank(1)",
        "player_ranks('{1}')",
        "players_around(1)",
        "score_distribution()",
        "list_boards()",
        "list_seasons('overall')",
        "player_seasons(1, 'overall')",
        "fold_ranks()",
        "fill_boards()",
        "close_seasons()",
        "copy_ranks()",
        "top_between(NULL)",
        "rank_at(1, clock_timestamp())",
        "player_history(1)",
        "next_boundary()",
        "season_of()",
        "rank_index_status()",
        "verify_leaderboard()",
        "error_codes()",
        "usable_api_keys()",
        "note_api_keys_used('{}')",
        "cache_warnings()",
        "cache_status()",
        "set_cache_server('a', NULL, 'b')",
        "set_cache_warning('a')",
        "clear_cache_warning('a', gen_random_uuid())",
        "probe_write()",
        "rejected_submissions()",
    ):
        await service.fetch(f"SELECT * FROM api.{call}")


@pytest.mark.parametrize(
    "table",
    [
        "users",
        "game_sessions",
        "boards",
        "leaderboard",
        "submission_keys",
        "rank_node",
        "rank_copies",
        "rank_copy_blocks",
        "rank_delta",
        "rank_state",
        "rankings",
        "season_places",
        "season_players",
        "api_keys",
        "rejected_submissions",
        "cache_warnings",
        "imported_files",
        "moderation",
        "moderation_players",
        "player_ids",
        "attribute_keys",
        "ticket_key",
    ],
)
async def test_the_service_can_touch_no_table(service, table):
    for statement in (
        f"SELECT * FROM public.{table}",
        f"DELETE FROM public.{table}",
        f"INSERT INTO public.{table} DEFAULT VALUES",
        f"TRUNCATE public.{table}",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await service.execute(statement)


async def test_every_table_is_in_the_list_above(db):
    tables = rows(
        await db.fetch(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "AND relkind = 'r' AND relname !~ 'yoyo'"
        )
    )
    assert len(tables) == 22
    revoked = (ROOT / "db" / "functions" / "grants.sql").read_text()
    assert [table for (table,) in tables if f"'public.{table}'" not in revoked] == []


async def test_the_service_may_execute_what_is_granted_and_nothing_else(db):
    allowed = rows(
        await db.fetch("""
        SELECT n.nspname, p.proname FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
        WHERE n.nspname IN ('public', 'internal', 'ledger', 'board', 'rank_index', 'archive', 'player', 'submission',
                            'moderation', 'api')
            AND has_function_privilege('leaderboard_service', p.oid, 'EXECUTE')
    """)
    )
    assert set(allowed) == {("api", name) for name in GRANTED}


@pytest.mark.parametrize(
    "call",
    [
        "api.create_board('x')",
        "api.alter_board('overall', '{}')",
        "api.delete_board('x')",
        "api.end_season('overall')",
        "api.rebuild_leaderboard()",
        "api.materialize_ranks()",
        "api.create_api_key('mine', '{admin}')",
        "api.revoke_api_key('0123456789ab')",
        "api.list_api_keys()",
        "api.set_score_rules('overall')",
        "submission.next_user_id()",
        "rank_index.total_range(1)",
        "nextval('public.users_id_seq')",
    ],
)
async def test_the_forbidden_is_refused(service, call):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await service.execute(f"SELECT {call}")


async def test_the_service_changes_boards_only_while_there_is_an_admin_key(service, db):
    """Both ways of a service: logged in as its role, and as the owner that has taken it."""
    await db.execute("SELECT api.create_board('first'), api.create_board('arena', p_manual_seasons => true)")
    changes = (
        "api.create_board('second')",
        "api.alter_board('first', '{\"max_score\": 5}')",
        "api.alter_board('first', '{}', true)",
        "api.delete_board('second', 'second')",
        "api.end_season('arena')",
    )

    async def refused():
        for change in changes:
            for connection in service, db:
                with pytest.raises(asyncpg.InsufficientPrivilegeError, match="admin"):
                    await connection.execute(f"SELECT {change}")

    await db.execute("SET ROLE leaderboard_service")
    await refused()
    await db.execute("RESET ROLE")
    await db.execute("SELECT api.create_api_key('game', '{submit,read}')")
    await db.execute("SELECT api.create_api_key('old', '{admin}', now() + '1 day')")
    await db.execute("UPDATE api_keys SET expires_at = now() - interval '1 second' WHERE name = 'old'")
    key = await db.fetchval("SELECT api_key FROM api.create_api_key('me', '{admin}')")
    for _ in range(2):
        for change in changes:
            await service.execute(f"SELECT {change}")
        await db.execute("SET ROLE leaderboard_service")
        for change in changes:
            await db.execute(f"SELECT {change}")
        await db.execute("RESET ROLE")
    await db.execute("SELECT api.revoke_api_key($1)", key.split("_")[1])
    await db.execute("SET ROLE leaderboard_service")
    await refused()
    await db.execute("RESET ROLE")
    for change in changes:
        await db.execute(f"SELECT {change}")  # the owner needs none


async def test_the_service_can_make_nothing(service):
    for statement in (
        "CREATE TABLE public.t (a int)",
        "CREATE TABLE api.t (a int)",
        "CREATE SCHEMA mine",
        "CREATE FUNCTION api.f() RETURNS int LANGUAGE sql RETURN 1",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await service.execute(statement)


async def test_everybody_else_is_kept_out(db, database_url):
    await db.execute(
        "DO $$ BEGIN CREATE ROLE lb_test_stranger LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
    )
    stranger = await asyncpg.connect(database_url.replace("leaderboard_owner@", "lb_test_stranger@"))
    try:
        for statement in (
            "SELECT * FROM api.top_players()",
            "SELECT * FROM public.users",
            "SELECT submission.next_user_id()",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await stranger.execute(statement)
    finally:
        await stranger.close()


async def test_a_hostile_search_path_changes_nothing(service, db):
    """SECURITY DEFINER functions look names up where they say, not where the caller says."""
    await db.execute("CREATE SCHEMA evil; GRANT ALL ON SCHEMA evil TO leaderboard_service")
    await service.execute("CREATE FUNCTION evil.count(bigint) RETURNS bigint LANGUAGE sql RETURN 42")
    await service.execute("CREATE TABLE evil.boards (id int, name text); SET search_path = evil, pg_temp, pg_catalog")
    await service.execute("SELECT api.submit_score(1, 10)")
    assert await service.fetchval("SELECT rank FROM api.player_rank(1)") == 1
    assert await service.fetchval("SELECT count(*) FROM evil.boards") == 0


#: What the role may do beyond executing what is granted, each by PostgreSQL's own default to everybody;
#: SECURITY.md says what follows from it. A privilege that is not here is a fault.
LEFT = {
    ("database", "this one", "CONNECT"),
    ("schema", "pg_catalog", "USAGE"),
    ("schema", "information_schema", "USAGE"),
    ("schema", "api", "USAGE"),
    # Without a place to make functions in, a language serves for DO, which does no more than its statements.
    ("language", "sql", "USAGE"),
    ("language", "plpgsql", "USAGE"),
    ("table", "pg_catalog.pg_settings", "UPDATE"),  # SET, by another name
}
#: The same, where other programs may need it: only the operator knows whether they do.
OF_PUBLIC = {("database", "this one", "TEMPORARY"), ("schema", "public", "USAGE")}
#: Every privilege there is on the objects of a database, but for what PostgreSQL itself lets everybody do in
#: its own catalogues: reading them, and calling its functions (of those, large objects are looked at).
WALK = """
    SELECT 'database', CASE WHEN d.datname = current_database() THEN 'this one' ELSE 'another' END, p.name
    FROM pg_database AS d, unnest('{CONNECT,CREATE,TEMPORARY}'::text[]) AS p(name)
    WHERE d.datname = current_database() AND has_database_privilege($1, d.oid, p.name)
    UNION ALL
    SELECT 'schema', n.nspname, p.name FROM pg_namespace AS n, unnest('{USAGE,CREATE}'::text[]) AS p(name)
    WHERE has_schema_privilege($1, n.oid, p.name)
    UNION ALL
    SELECT 'language', l.lanname, 'USAGE' FROM pg_language AS l
    WHERE l.lanpltrusted AND has_language_privilege($1, l.oid, 'USAGE')
    UNION ALL
    SELECT 'table', n.nspname || '.' || c.relname, p.name
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace, unnest($2::text[]) AS p(name)
    WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND has_table_privilege($1, c.oid, p.name)
        AND (p.name <> 'SELECT' OR n.nspname NOT IN ('pg_catalog', 'information_schema'))
        AND (c.oid::regclass::text, p.name) <> ('pg_stat_statements', 'SELECT')
        AND (c.oid::regclass::text, p.name) <> ('pg_stat_statements_info', 'SELECT')
    UNION ALL
    SELECT 'column', n.nspname || '.' || c.relname, p.name
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace,
        unnest('{SELECT,INSERT,UPDATE,REFERENCES}'::text[]) AS p(name)
    WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND n.nspname IN (
            'public', 'internal', 'ledger', 'board', 'rank_index', 'archive', 'submission', 'api'
        )
        AND has_any_column_privilege($1, c.oid, p.name) AND c.relname NOT LIKE 'pg_stat_statements%'
    UNION ALL
    SELECT 'sequence', c.oid::regclass::text, p.name
    FROM pg_class AS c, unnest('{USAGE,SELECT,UPDATE}'::text[]) AS p(name)
    WHERE c.relkind = 'S' AND has_sequence_privilege($1, c.oid, p.name)
    UNION ALL
    SELECT 'function', p.oid::regprocedure::text, 'EXECUTE'
    FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
    WHERE has_function_privilege($1, p.oid, 'EXECUTE') AND p.proname NOT LIKE 'pg_stat_statements%'
        AND (n.nspname NOT IN ('api', 'pg_catalog', 'information_schema')
             OR n.nspname = 'pg_catalog' AND (p.proname ~ '^lo(_|read|write)' OR p.proacl IS DISTINCT FROM (
                SELECT i.initprivs FROM pg_init_privs AS i
                WHERE i.objoid = p.oid AND i.classoid = 'pg_proc'::regclass AND i.objsubid = 0
             )))
    UNION ALL
    SELECT 'large object', l.oid::text, 'any' FROM pg_largeobject_metadata AS l
    WHERE l.lomowner = $1::regrole OR l.lomacl IS NOT NULL
    UNION ALL
    SELECT 'foreign data wrapper', f.fdwname, 'USAGE' FROM pg_foreign_data_wrapper AS f
    WHERE has_foreign_data_wrapper_privilege($1, f.oid, 'USAGE')
    UNION ALL
    SELECT 'server', f.srvname, 'USAGE' FROM pg_foreign_server AS f
    WHERE has_server_privilege($1, f.oid, 'USAGE')
    UNION ALL
    SELECT 'tablespace', t.spcname, 'CREATE' FROM pg_tablespace AS t
    WHERE has_tablespace_privilege($1, t.oid, 'CREATE')
    UNION ALL
    SELECT 'parameter', s.name, p.name FROM pg_settings AS s, unnest('{SET,ALTER SYSTEM}'::text[]) AS p(name)
    WHERE (p.name = 'ALTER SYSTEM' OR s.context IN ('superuser', 'superuser-backend'))
        AND has_parameter_privilege($1, s.name, p.name)
    UNION ALL
    SELECT 'role', m.roleid::regrole::text, 'MEMBER' FROM pg_auth_members AS m WHERE m.member = $1::regrole
    UNION ALL
    SELECT 'attribute', a.name, 'yes'
    FROM pg_roles AS r, LATERAL (VALUES
        ('superuser', r.rolsuper), ('createrole', r.rolcreaterole), ('createdb', r.rolcreatedb),
        ('replication', r.rolreplication), ('bypassrls', r.rolbypassrls), ('inherit', r.rolinherit)
    ) AS a(name, has)
    WHERE r.rolname = $1 AND a.has
    UNION ALL
    SELECT 'owner', d.classid::regclass::text, d.objid::text FROM pg_shdepend AS d
    WHERE d.refobjid = $1::regrole AND d.refclassid = 'pg_authid'::regclass AND d.deptype = 'o'
        AND d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


async def privileges(db, role="leaderboard_service"):
    version = await db.fetchval("SELECT current_setting('server_version_num')::integer")
    kinds = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]
    return set(rows(await db.fetch(WALK, role, [*kinds, *(["MAINTAIN"] if version >= 170000 else [])])))


async def take_the_rest(db):
    """Runs what SECURITY.md offers to the operator of a database that no other program uses."""
    (statements,) = re.findall(r"^```sql\n(.*?)^```$", (ROOT / "SECURITY.md").read_text(), re.DOTALL | re.MULTILINE)
    database = await db.fetchval("SELECT current_database()")
    await db.execute(statements.replace("DATABASE leaderboard", f"DATABASE {database}"))


def large_objects(found):
    """The rights to call functions of large objects, which PostgreSQL grants to PUBLIC."""
    return {(kind, what, right) for kind, what, right in found if kind == "function" and what.startswith("lo")}


async def test_the_catalogues_know_of_nothing_beyond_the_list(db):
    found = await privileges(db)
    assert found - large_objects(found) == LEFT | OF_PUBLIC


async def test_the_operator_of_a_database_of_our_own_takes_the_rest(db):
    await take_the_rest(db)
    found = await privileges(db)
    assert found - large_objects(found) == LEFT
    assert not [name for _, name, _ in large_objects(found) if re.match(r"lo_creat|lo_from_bytea", name)]


async def test_the_embedded_server_is_ours_alone(embedded_postgres):
    db = await asyncpg.connect(embedded_postgres.url())
    try:
        migrate.apply(embedded_postgres.url())
        assert await privileges(db) == LEFT
    finally:
        await db.close()


GIVEN = [
    "GRANT ALL ON DATABASE {database} TO leaderboard_service",
    "GRANT ALL ON SCHEMA public TO leaderboard_service",
    "GRANT ALL ON SCHEMA internal, ledger, board, rank_index, archive, submission, api TO leaderboard_service",
    "GRANT USAGE ON SCHEMA internal, ledger, board, rank_index, archive, submission, api TO PUBLIC",
    "GRANT ALL ON ALL TABLES IN SCHEMA public TO leaderboard_service",
    "GRANT SELECT (secret_hash), UPDATE (name) ON api_keys TO leaderboard_service, PUBLIC",
    "GRANT ALL ON users, game_sessions TO PUBLIC",
    "GRANT ALL ON SEQUENCE users_id_seq, game_sessions_id_seq, rejections_kept_seq TO PUBLIC",
    "GRANT ALL ON ALL FUNCTIONS IN SCHEMA internal, ledger, board, rank_index, archive, submission, api"
    " TO leaderboard_service",
    "GRANT ALL ON ALL FUNCTIONS IN SCHEMA internal, ledger, board, rank_index, archive, submission, api TO PUBLIC",
    # Another program's, of which the role of the service alone loses its rights.
    "CREATE SCHEMA game CREATE TABLE items (id integer) CREATE SEQUENCE numbers CREATE VIEW all_items AS TABLE items;"
    " GRANT ALL ON SCHEMA game TO leaderboard_service;"
    " GRANT ALL ON ALL TABLES IN SCHEMA game TO leaderboard_service;"
    " GRANT ALL ON ALL SEQUENCES IN SCHEMA game TO leaderboard_service",
    "CREATE FUNCTION game.spawn(integer) RETURNS integer LANGUAGE sql RETURN 1;"
    " REVOKE ALL ON FUNCTION game.spawn FROM PUBLIC; GRANT ALL ON FUNCTION game.spawn TO leaderboard_service",
    "GRANT USAGE ON FOREIGN DATA WRAPPER nothing TO leaderboard_service",
]


async def test_a_deploy_takes_back_what_somebody_gave(db, database_url):
    name = await db.fetchval("SELECT current_database()")
    await db.execute("CREATE FOREIGN DATA WRAPPER nothing")
    before = await privileges(db)
    for statement in GIVEN:
        await db.execute(statement.format(database=name))
    assert len(await privileges(db) - before) > 60
    migrate.apply(database_url)
    assert await privileges(db) == before
    assert await db.fetchval(
        "SELECT count(*) FROM pg_proc WHERE pronamespace = 'api'::regnamespace"
        " AND has_function_privilege('leaderboard_service', oid, 'EXECUTE')"
    ) == len(GRANTED)


async def test_a_right_that_the_owner_cannot_take_is_named(postgres, caplog):
    """On an object of another role, and by membership."""
    name, owner = f"test_rights_{id(postgres)}", f"rights_owner_{id(postgres)}"
    template_on(postgres)  # the role of the service is there by then
    execute_on(postgres, f"CREATE ROLE {owner} LOGIN")
    execute_on(postgres, f"GRANT leaderboard_service TO {owner}")
    execute_on(postgres, f"CREATE DATABASE {name} OWNER {owner}")
    try:
        with psycopg.connect(postgres.url(database=name)) as connection:
            connection.execute("CREATE TABLE public.items (id integer)")
            connection.execute("GRANT SELECT ON public.items TO leaderboard_service")
        migrate.apply(postgres.url(role=owner, database=name))
    finally:
        execute_on(postgres, f"DROP DATABASE {name} WITH (FORCE)")
        execute_on(postgres, f"DROP ROLE {owner}")
    assert [record.getMessage() for record in caplog.records if record.levelname == "WARNING"] == [
        "the role leaderboard_service has more rights than it needs, and "
        + owner
        + " cannot take them away: rights on table items"
    ]


async def test_the_service_can_store_nothing_of_its_own(db, service, subtests):
    await take_the_rest(db)
    for statement in (
        "CREATE TEMPORARY TABLE t (a int)",
        "SELECT 1 AS a INTO TEMPORARY t",
        "CREATE TEMPORARY SEQUENCE s",
        "CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql RETURN 1",
        "SELECT lo_create(0)",
        "SELECT lo_creat(-1)",
        "SELECT lo_from_bytea(0, '\\x00')",
        "CREATE PUBLICATION p",
        "COMMENT ON SCHEMA api IS ''",
        "ALTER ROLE leaderboard_service CREATEDB",
        "SET session_replication_role = replica",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SELECT pg_read_file('postgresql.conf')",
    ):
        with subtests.test(statement), pytest.raises(asyncpg.InsufficientPrivilegeError):
            await service.execute(statement)
