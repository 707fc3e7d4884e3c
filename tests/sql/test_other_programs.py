"""A database in which another program lives: it keeps all of its rights, and names that it has taken are refused."""

import itertools

import psycopg
import pytest

from service.database import migrate
from tests.support.databases import execute_on, template_on

_numbers = itertools.count(1)

#: Everything that a deploy could take from others: rights on what is not ours, and the rights of future objects.
RIGHTS = """
    SELECT 'database', datname, coalesce(datacl, acldefault('d', datdba))::text FROM pg_database
    WHERE datname = current_database()
    UNION ALL
    SELECT 'schema', nspname, coalesce(nspacl, acldefault('n', nspowner))::text FROM pg_namespace
    WHERE nspname IN ('public', 'game', 'pg_catalog', 'information_schema')
    UNION ALL
    SELECT 'relation', oid::regclass::text, relacl::text FROM pg_class
    WHERE relnamespace IN (2200, 'game'::regnamespace, 'pg_catalog'::regnamespace)
        AND oid::regclass::text = ANY (%s)
    UNION ALL
    SELECT 'function', oid::regprocedure::text, proacl::text FROM pg_proc
    WHERE pronamespace IN ('game'::regnamespace, 'pg_catalog'::regnamespace)
    UNION ALL
    SELECT 'default', d.oid::text, format('%%s', d) FROM pg_default_acl AS d
    UNION ALL
    SELECT 'language', l.lanname, l.lanacl::text FROM pg_language AS l
    ORDER BY 1, 2
"""
THEIRS = ["items", "numbers", "game.scores"]


@pytest.fixture
def shared(postgres):
    """The owner's URL of a database with another program's objects, and that of its role."""
    template_on(postgres)  # the role of the service is there by then
    number = next(_numbers)
    name, owner, game = f"shared_{number}", f"shared_owner_{number}", f"shared_game_{number}"
    for role in owner, game:
        execute_on(postgres, f"CREATE ROLE {role} LOGIN")
    execute_on(postgres, f"GRANT leaderboard_service TO {owner}")
    execute_on(postgres, f"CREATE DATABASE {name} OWNER {owner}")
    url = postgres.url(role=owner, database=name)
    with psycopg.connect(url) as connection:
        connection.execute(f"""
            CREATE TABLE items (id integer);
            CREATE SEQUENCE numbers;
            CREATE SCHEMA game CREATE TABLE scores (id integer);
            CREATE FUNCTION game.spawn() RETURNS integer LANGUAGE sql RETURN 1;
            GRANT SELECT, INSERT ON items, game.scores TO {game};
            GRANT SELECT ON items TO PUBLIC;
            GRANT USAGE ON SEQUENCE numbers TO PUBLIC;
            GRANT USAGE ON SCHEMA game TO {game};
            ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO {game};
            ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON SEQUENCES TO {game};
            ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO {game};
            ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO {game};
        """)
    yield url, postgres.url(role=game, database=name)
    execute_on(postgres, f"DROP DATABASE {name} WITH (FORCE)")
    for role in owner, game:
        execute_on(postgres, f"DROP ROLE {role}")


def rights(url):
    with psycopg.connect(url) as connection:
        return connection.execute(RIGHTS, [THEIRS]).fetchall()


def test_another_program_keeps_its_rights(shared):
    url, game_url = shared
    before = rights(url)
    migrate.apply(url)
    migrate.apply(url)
    assert rights(url) == before
    with psycopg.connect(url) as connection:
        connection.execute("CREATE FUNCTION public.later() RETURNS integer LANGUAGE sql RETURN 2")
    with psycopg.connect(game_url) as game:
        game.execute("INSERT INTO items SELECT game.spawn() + public.later() + nextval('numbers')")
        game.execute("CREATE TEMPORARY TABLE notes AS TABLE items")
        game.execute("INSERT INTO game.scores SELECT id FROM items")
        assert game.execute("SELECT count(*) FROM game.scores").fetchone() == (1,)


OURS = """
    SELECT c.oid::regclass::text FROM pg_class AS c
    WHERE c.relnamespace = 2200 AND c.relkind IN ('r', 'S') AND c.oid::regclass::text <> ALL (%(theirs)s)
        AND (CASE c.relkind
            WHEN 'S' THEN has_sequence_privilege(%(role)s, c.oid, 'USAGE, SELECT, UPDATE')
            ELSE has_table_privilege(%(role)s, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
        END)
    UNION ALL
    SELECT p.oid::regprocedure::text FROM pg_proc AS p
    WHERE p.pronamespace::regnamespace::text IN (
            'api', 'submission', 'moderation', 'player', 'archive', 'rank_index', 'board', 'past', 'ledger',
            'internal'
        )
        AND has_function_privilege(%(role)s, p.oid, 'EXECUTE')
    UNION ALL
    SELECT n.nspname FROM pg_namespace AS n
    WHERE n.nspname IN (
            'api', 'submission', 'moderation', 'player', 'archive', 'rank_index', 'board', 'past', 'ledger',
            'internal'
        )
        AND has_schema_privilege(%(role)s, n.oid, 'USAGE')
"""


def test_default_privileges_open_nothing_of_ours_and_later_grants_stay(shared):
    url, game_url = shared
    game = psycopg.conninfo.conninfo_to_dict(game_url)["user"]

    def open_to_game():
        with psycopg.connect(url) as connection:
            return connection.execute(OURS, {"theirs": THEIRS, "role": game}).fetchall()

    migrate.apply(url)
    assert open_to_game() == []
    with psycopg.connect(url) as connection:
        connection.execute(f"GRANT SELECT ON leaderboard TO {game}")
    migrate.apply(url)
    assert open_to_game() == [("leaderboard",)]


#: What another program may have, how the refusal names it, and how it goes again.
TAKEN = {
    "CREATE TABLE users (name text)": ("table public.users", "DROP TABLE users"),
    "CREATE VIEW leaderboard AS SELECT 1": ("table public.leaderboard", "DROP VIEW leaderboard"),
    "CREATE TABLE game_sessions (id integer); CREATE TABLE boards (id integer)": (
        "table public.boards, table public.game_sessions",
        "DROP TABLE game_sessions, boards",
    ),
    "CREATE TYPE submission_keys AS ENUM ('a')": ("table public.submission_keys", "DROP TYPE submission_keys"),
    "CREATE SEQUENCE users_id_seq": ("sequence public.users_id_seq", "DROP SEQUENCE users_id_seq"),
    "CREATE INDEX leaderboard_order_idx ON items (id)": (
        "index public.leaderboard_order_idx",
        "DROP INDEX leaderboard_order_idx",
    ),
    "CREATE SCHEMA api": ("schema api", "DROP SCHEMA api"),
    "CREATE SCHEMA submission": ("schema submission", "DROP SCHEMA submission"),
    "CREATE SCHEMA lib": ("schema lib", "DROP SCHEMA lib"),
    # yoyo's, with the game's own migrations.
    "CREATE TABLE _yoyo_version (version integer, installed_at_utc timestamp);"
    "INSERT INTO _yoyo_version VALUES (2, now());"
    "CREATE TABLE _yoyo_migration (migration_hash varchar(64), migration_id varchar(255), applied_at_utc timestamp);"
    "INSERT INTO _yoyo_migration VALUES ('x', '0001-of-the-game', now())": (
        "other migrations (0001-of-the-game)",
        "DROP TABLE _yoyo_version, _yoyo_migration",
    ),
}


def test_names_that_are_taken_are_refused_before_anything_is_changed(shared, subtests):
    url, _ = shared
    everything = "SELECT oid, xmin::text, relname FROM pg_class WHERE relnamespace = 2200 OR oid >= 16384 ORDER BY 1"
    for statement, (named, remedy) in TAKEN.items():
        with subtests.test(statement), psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statement)
            before = connection.execute(everything).fetchall()
            with pytest.raises(migrate.MigrationError) as caught:
                migrate.apply(url)
            assert named in str(caught.value)
            assert f"CREATE DATABASE leaderboard OWNER {connection.info.user};" in str(caught.value)
            assert "\n" not in str(caught.value)
            assert connection.execute(everything).fetchall() == before
            connection.execute(remedy)
    migrate.apply(url)
