"""The migration runner: all or nothing, any number at once, functions always deployed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from service.database import migrate
from service.database.migrate import DatabaseUnreachableError, MigrationError, Sources
from service.embedded import EmbeddedPostgres
from tests.support.waiting import eventually

_ROOT = Path(__file__).resolve().parent.parent.parent
_REAL = Sources.from_ini()

NewDatabase = Callable[[], str]

FIRST = """-- The first table. 100% of it.
CREATE TABLE players (id integer PRIMARY KEY);

DO $$
DECLARE
    v_text text := 'a; b';
BEGIN
    RAISE NOTICE 'made % of %', v_text, $q$it's; all$q$;
END
$$;

CREATE SCHEMA game;
"""
SECOND = """-- depends: 0001_first
ALTER TABLE players ADD COLUMN name text;
"""


class Project:
    """A small project's SQL files in a folder of the test's."""

    def __init__(self, folder: Path) -> None:
        self.sources = Sources(folder / "migrations", folder / "functions", indexes=folder / "indexes")
        self.migration("0001_first", FIRST, "DROP SCHEMA game CASCADE;\n\nDROP TABLE players;\n")
        # Each needs the other, so no order of the files is the right one.
        self.function("game", "even", "SELECT p_n = 0 OR game.odd(p_n - 1)")
        self.function("game", "odd", "SELECT p_n <> 0 AND game.even(p_n - 1)")

    def migration(self, name: str, text: str, rollback: str = "SELECT 1;") -> None:
        self._write(self.sources.migrations / f"{name}.sql", text)
        self._write(self.sources.migrations / f"{name}.rollback.sql", rollback)

    def function(self, schema: str, name: str, body: str) -> None:
        self._write(
            self.sources.functions / schema / f"{name}.sql",
            f"-- Purpose: {name}.\nCREATE OR REPLACE FUNCTION {schema}.{name}(p_n integer) RETURNS boolean\n"
            f"LANGUAGE sql AS $$\n    {body}\n$$;\n",
        )

    def index(self, name: str, text: str) -> None:
        assert self.sources.indexes is not None
        self._write(self.sources.indexes / f"{name}.sql", text)

    def grants(self, text: str) -> None:
        self._write(self.sources.functions / "grants.sql", text)

    @staticmethod
    def _write(path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def apply(self, url: str) -> list[str]:
        return migrate.apply(url, self.sources)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def value(url: str, sql: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(sql).fetchone()  # type: ignore[arg-type]
        assert row is not None
        return row[0]


def everything_in(url: str) -> object:
    """A digest of the database's catalogue and of what yoyo wrote down."""
    objects = value(
        url,
        """SELECT array_agg(o ORDER BY o) FROM (
            SELECT 'relation ' || oid::regclass::text
            FROM pg_class WHERE relnamespace >= 16384 OR relnamespace = 2200
            UNION ALL
            SELECT 'function ' || oid::regprocedure::text || md5(prosrc) || coalesce(proacl::text, '')
            FROM pg_proc WHERE pronamespace >= 16384
            UNION ALL SELECT 'schema ' || nspname FROM pg_namespace WHERE oid >= 16384 AND nspname !~ '^pg_'
        ) AS s (o)""",
    )
    books = None
    if value(url, "SELECT to_regclass('_yoyo_migration') IS NOT NULL"):
        books = value(url, "SELECT array_agg(migration_id ORDER BY migration_id) FROM _yoyo_migration")
    return objects, books


def test_a_new_database_gets_everything(project: Project, new_database: NewDatabase) -> None:
    url = new_database()
    project.migration("0002_second", SECOND)
    assert project.apply(url) == ["0001_first", "0002_second"]
    assert value(url, "SELECT count(name) FROM players") == 0
    assert value(url, "SELECT game.even(10)") is True
    assert project.apply(url) == []
    log = value(url, "SELECT array_agg(migration_id || operation ORDER BY migration_id) FROM _yoyo_log")
    assert log == ["0001_firstmark", "0002_secondmark"]


def test_an_edited_function_is_deployed_though_nothing_is_pending(project: Project, new_database: NewDatabase) -> None:
    url = new_database()
    project.apply(url)
    oid = value(url, "SELECT 'game.even(integer)'::regprocedure::oid::bigint")
    project.function("game", "even", "SELECT NULL::boolean")
    assert project.apply(url) == []
    assert value(url, "SELECT game.even(10)") is None
    # Replaced and not dropped: a caller at that moment would have met an error.
    assert value(url, "SELECT 'game.even(integer)'::regprocedure::oid::bigint") == oid


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (
            lambda p: p.migration("0002_second", SECOND + "\nSELECT 1;\nALTER TABLE nothing ADD a int;\n"),
            r'0002_second\.sql line 5: relation "nothing" does not exist \(42P01\)',
        ),
        (
            lambda p: p.function("game", "odd", "SELEC 1"),
            r'functions/game/odd\.sql line 4: syntax error at or near "SELEC" \(42601\)',
        ),
        (
            lambda p: p.function("game", "odd", "SELECT game.missing(p_n)"),
            r"functions/game/odd\.sql line 4: function game\.missing\(integer\) does not exist",
        ),
        (
            lambda p: p.grants("GRANT EXECUTE ON FUNCTION game.missing() TO PUBLIC;"),
            r"functions/grants\.sql line 1: function game\.missing\(\) does not exist",
        ),
    ],
    ids=["migration", "syntax of a body", "name in a body", "grant"],
)
@pytest.mark.parametrize("empty", [True, False], ids=["empty", "migrated"])
def test_a_failed_deployment_changes_nothing(
    project: Project,
    new_database: NewDatabase,
    fault: Callable[[Project], None],
    message: str,
    empty: bool,
) -> None:
    url = new_database()
    if not empty:
        project.apply(url)
    before = everything_in(url)
    project.migration("0002_second", SECOND)
    project.function("game", "even", "SELECT false")
    fault(project)
    with pytest.raises(MigrationError, match=message) as caught:
        project.apply(url)
    assert "\n" not in str(caught.value)
    assert everything_in(url) == before


def test_a_fault_in_plpgsql_names_its_line(project: Project, new_database: NewDatabase) -> None:
    project.migration("0002_second", "SELECT 1;\nDO $$\nBEGIN\n    PERFORM 1;\n    PERFORM 1 / 0;\nEND\n$$;\n")
    with pytest.raises(MigrationError, match=r"0002_second\.sql line 2: division by zero; .*line 4.* \(22012\)"):
        project.apply(new_database())


@pytest.mark.parametrize("text", ["COMMIT;", "-- so\nrollback;\n", "SELECT 1;\nPREPARE TRANSACTION 'x';\n"])
def test_a_migration_cannot_end_the_transaction(project: Project, new_database: NewDatabase, text: str) -> None:
    url = new_database()
    before = everything_in(url)
    project.migration("0002_second", text)
    with pytest.raises(MigrationError, match=r"0002_second\.sql line [12]: a deployment is one transaction"):
        project.apply(url)
    assert everything_in(url) == before


def test_a_migration_outside_of_a_transaction_is_refused(project: Project, new_database: NewDatabase) -> None:
    url = new_database()
    before = everything_in(url)
    project.migration("0002_second", "-- transactional: false\nVACUUM;\n")
    with pytest.raises(MigrationError, match=r"0002_second\.sql: only SQL files that can run in a transaction"):
        project.apply(url)
    assert everything_in(url) == before


def test_eight_runs_at_once_on_an_empty_database_all_succeed(new_database: NewDatabase) -> None:
    url = new_database()
    code = "import sys; from service.database import migrate; print(len(migrate.apply(sys.argv[1])))"
    runs = [
        subprocess.Popen([sys.executable, "-c", code, url], cwd=_ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(8)
    ]
    outcomes = sorted((run.communicate(timeout=60)[0].strip(), run.returncode) for run in runs)
    migrations = len(list(_REAL.migrations.glob("*[!k].sql")))
    assert outcomes == [("0", 0)] * 7 + [(str(migrations), 0)]


def test_four_databases_of_a_new_cluster_at_once_all_succeed(data_dir: Path) -> None:
    """The roles that the migrations create belong to the cluster, so all four want to create them."""
    server = EmbeddedPostgres(data_dir, conf={"fsync": "off", "shared_buffers": "128MB"})
    server.start()
    try:
        names = [f"game_{number}" for number in range(4)]
        with psycopg.connect(server.url(), autocommit=True) as connection:
            for name in names:
                connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
        with ThreadPoolExecutor(4) as pool:
            assert all(pool.map(lambda name: migrate.apply(server.url(database=name)), names))
    finally:
        server.stop()


def test_a_collision_with_another_session_is_tried_again(
    project: Project, new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = new_database()
    attempts = 0

    def collide(backend: object) -> None:
        nonlocal attempts
        attempts += 1
        if attempts < 3:
            backend.execute(  # type: ignore[attr-defined]
                "DO $$ BEGIN RAISE 'tuple concurrently updated' USING ERRCODE = 'XX000'; END $$"
            )
        prepare(backend)  # type: ignore[arg-type]

    prepare = migrate._prepare
    monkeypatch.setattr(migrate, "_prepare", collide)
    assert project.apply(url) == ["0001_first"]
    assert attempts == 3


def test_a_killed_run_does_not_block_the_next(
    project: Project, new_database: NewDatabase, eventually: Callable[..., None]
) -> None:
    url = new_database()
    project.migration("0002_second", "CREATE TABLE half (a int);\n\nSELECT pg_sleep(600);\n")
    code = (
        "import sys; from pathlib import Path; from service.database import migrate\n"
        "migrate.apply(sys.argv[1], migrate.Sources(Path(sys.argv[2]), Path(sys.argv[3])))"
    )
    sources = project.sources
    command = [sys.executable, "-c", code, url, str(sources.migrations), str(sources.functions)]
    run = subprocess.Popen(command, cwd=_ROOT)
    sleeping = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
    eventually(lambda: value(url, sleeping) == 1)
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    project.migration("0002_second", SECOND)
    started = time.monotonic()
    assert project.apply(url) == ["0001_first", "0002_second"]
    assert time.monotonic() - started < 20
    assert value(url, "SELECT to_regclass('half') IS NULL")


def test_a_lock_that_yoyo_left_behind_is_removed(project: Project, new_database: NewDatabase) -> None:
    url = new_database()
    with psycopg.connect(url) as connection:
        connection.execute(
            "CREATE TABLE yoyo_lock (locked int DEFAULT 1 PRIMARY KEY, ctime timestamp, pid int NOT NULL)"
        )
        connection.execute("INSERT INTO yoyo_lock (ctime, pid) VALUES (now(), 4711)")
    assert project.apply(url) == ["0001_first"]
    assert value(url, "SELECT count(*) FROM yoyo_lock") == 0


def test_a_held_lock_is_given_up_on(
    project: Project, new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "_LOCK_TIMEOUT", "100ms")
    url = new_database()
    project.apply(url)
    project.migration("0002_second", SECOND)
    with psycopg.connect(url) as reader:
        reader.execute("SELECT count(*) FROM players")
        with pytest.raises(MigrationError, match=r"0002_second\.sql.*another transaction held a lock"):
            project.apply(url)
    assert project.apply(url) == ["0002_second"]


def test_settings_of_the_database_do_not_matter(project: Project, new_database: NewDatabase) -> None:
    url = new_database()
    with psycopg.connect(url, autocommit=True) as connection:
        name = connection.info.dbname
        for setting in (
            "search_path = pg_catalog",
            "default_transaction_isolation = serializable",
            "default_transaction_read_only = on",
            "statement_timeout = '1ms'",
        ):
            connection.execute(f"ALTER DATABASE {name} SET {setting}")  # type: ignore[arg-type]
    assert project.apply(url) == ["0001_first"]


def test_an_older_release_is_kept_off_a_newer_database(project: Project, new_database: NewDatabase) -> None:
    url = new_database()
    project.migration("0002_second", SECOND)
    project.apply(url)
    for path in project.sources.migrations.glob("0002_*"):
        path.unlink()
    with pytest.raises(MigrationError, match="by a newer release: it has 0002_second"):
        project.apply(url)


def test_an_old_server_is_refused(project: Project, new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "_OLDEST_SERVER", 99)
    with pytest.raises(MigrationError, match=r"the server is PostgreSQL \d+, but PostgreSQL 99 or later"):
        project.apply(new_database())


def test_an_unreachable_database_is_one_line_without_the_password(project: Project) -> None:
    for url in (
        "postgresql://owner:hush@127.0.0.1:1/leaderboard",
        "postgresql://owner:hush@host.invalid/leaderboard",
        "postgresql://owner:hush@/leaderboard?host=/nowhere",
    ):
        with pytest.raises(DatabaseUnreachableError, match="the database cannot be reached") as caught:
            project.apply(url)
        assert "\n" not in str(caught.value)
        assert "hush" not in str(caught.value)


def test_missing_rights_are_said(project: Project, new_database: NewDatabase, server: EmbeddedPostgres) -> None:
    url = new_database()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE ROLE migrate_nobody LOGIN")
        try:
            with pytest.raises(MigrationError, match="DATABASE_URL must name the owner of the database"):
                project.apply(server.url("migrate_nobody", connection.info.dbname))
        finally:
            connection.execute("DROP ROLE migrate_nobody")


def test_an_index_of_another_program_is_said(project: Project, new_database: NewDatabase) -> None:
    url = new_database()
    project.apply(url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE by_name ()")
    project.migration("0002_second", "-- depends: 0001_first\nCREATE UNIQUE INDEX by_name ON players (id);\n")
    with pytest.raises(MigrationError, match=r"belongs to another program: it has index public\.by_name"):
        project.apply(url)


def test_the_last_migration_is_taken_back(project: Project, new_database: NewDatabase) -> None:
    url = new_database()
    assert migrate.rollback_last(url, project.sources) is None
    project.migration("0002_second", SECOND, "ALTER TABLE players DROP COLUMN name;\n")
    project.apply(url)
    assert migrate.rollback_last(url, project.sources) == "0002_second"
    assert value(url, "SELECT count(*) FROM information_schema.columns WHERE table_name = 'players'") == 1
    assert project.apply(url) == ["0002_second"]


def test_the_real_migrations_can_be_taken_back_and_applied_again(new_database: NewDatabase) -> None:
    url = new_database()
    applied = migrate.apply(url)
    taken_back = [migrate.rollback_last(url) for _ in applied]
    assert taken_back == applied[::-1]
    left = value(url, "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'S') AND relnamespace = 2200")
    yoyo_tables = 3
    assert left == yoyo_tables
    others = "nspname !~ '^pg_' AND nspname NOT IN ('public', 'information_schema')"
    assert value(url, f"SELECT count(*) FROM pg_namespace WHERE {others}") == 0
    assert migrate.apply(url) == applied


def test_keys_do_not_go_by_accident(new_database: NewDatabase) -> None:
    """Without their table everybody would be let in."""
    url = new_database()
    migrate.apply(url)
    with psycopg.connect(url) as connection:
        connection.execute("SELECT api.create_api_key('k', '{submit}')")
    while (taken := migrate.rollback_last(url)) != "0005_score_rules":
        assert taken is not None
    with pytest.raises(migrate.MigrationError, match="there are API keys"):
        migrate.rollback_last(url)
    assert value(url, "SELECT count(*) FROM api_keys") == 1


#: How a service of the release that still had signed requests reads the keys.
OLD_USABLE_API_KEYS = """
    SELECT k.id, k.name, k.scopes, k.signed, k.secret_hash, extract(epoch FROM clock_timestamp())::double precision
    FROM api.usable_api_keys() AS k"""


def test_keys_for_signed_requests_are_revoked(new_database: NewDatabase, caplog: pytest.LogCaptureFixture) -> None:
    """Other keys stay, and services of the release before keep working with them."""
    url = new_database()
    migrate.apply(url)
    while migrate.rollback_last(url) != "0013_signed_requests_removed":
        pass
    with psycopg.connect(url) as connection:
        connection.execute("""
            INSERT INTO api_keys (id, name, scopes, signed, secret_hash, expires_at, revoked_at) VALUES
                ('000000000001', 'plain', '{submit}', false, sha256('1'), NULL, NULL),
                ('000000000002', 'signed', '{submit}', true, sha256('2'), NULL, NULL),
                ('000000000003', 'revoked', '{submit}', true, sha256('3'), NULL, '2026-01-01'),
                ('000000000004', 'expired', '{submit}', true, sha256('4'), '2026-01-01', NULL)""")
    assert "0013_signed_requests_removed" in migrate.apply(url)
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT k.name, k.status FROM api.list_api_keys() AS k ORDER BY k.id").fetchall()
        assert found == [("plain", "active"), ("signed", "revoked"), ("revoked", "revoked"), ("expired", "expired")]
        assert connection.execute("SELECT revoked_at FROM api_keys WHERE name = 'revoked'").fetchone() != (None,)
        (row,) = connection.execute(OLD_USABLE_API_KEYS).fetchall()
        assert row[:4] == ("000000000001", "plain", ["submit"], False)
    warnings = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert len(warnings) == 1
    assert "these API keys are revoked: 000000000002. " in warnings[0]


def test_submissions_under_way_while_the_ledger_gets_its_triggers_count_once(
    new_database: NewDatabase,
) -> None:
    """The functions before that migration count sessions themselves and know of no trigger that does, too."""
    url = new_database()
    migrate.apply(url)
    # As it is before that migration alone: those behind it stay, for the functions of today need them.
    with psycopg.connect(url) as connection:
        connection.execute((_REAL.migrations / "0006_ledger_triggers.rollback.sql").read_text())
        connection.execute("DELETE FROM _yoyo_migration WHERE migration_id = '0006_ledger_triggers'")
    submit = "SELECT total_score FROM api.submit_score(1, 5)"
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'advisory' AND application_name = '{}'"
    with (
        psycopg.connect(url) as first,
        psycopg.connect(url, autocommit=True, application_name="second") as second,
        ThreadPoolExecutor(2) as pool,
    ):
        first.execute("""
            DO $$
            DECLARE v_definition text;
            BEGIN
                FOR v_definition IN
                    SELECT replace(
                        pg_get_functiondef(p.oid), $r$'leaderboard.counted', 'on'$r$, $r$'a.b', 'on'$r$
                    )
                    FROM pg_proc AS p
                    WHERE p.prosrc LIKE '%''leaderboard.counted'', ''on''%'
                LOOP
                    EXECUTE v_definition;
                END LOOP;
            END
            $$""")
        first.commit()
        for _ in range(7):  # until its plans are kept
            second.execute(submit)
        first.execute(submit)
        migrating = pool.submit(migrate.apply, url)
        while not value(url, f"SELECT EXISTS ({waiting})".format("leaderboard-migrate")):
            time.sleep(0.01)
        submitting = pool.submit(second.execute, submit)
        while not value(url, f"SELECT EXISTS ({waiting})".format("second")):
            time.sleep(0.01)
        first.commit()
        assert "0006_ledger_triggers" in migrating.result()
        assert submitting.result().fetchone() == (45,)
        assert second.execute("SELECT total_score FROM leaderboard").fetchall() == [(45,)]
        second.execute("INSERT INTO game_sessions (user_id, score) VALUES (1, 2)")
        assert second.execute("SELECT total_score FROM leaderboard").fetchall() == [(47,)]
        assert second.execute("SELECT * FROM api.verify_leaderboard()").fetchall() == []


def run_command(database_url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "service.commands.migrate", *arguments],
        cwd=_ROOT,
        env={"DATABASE_URL": database_url, "PATH": os.defpath},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_command_says_what_it_did(new_database: NewDatabase) -> None:
    url = new_database()
    first = run_command(url)
    assert (first.returncode, first.stderr) == (0, "")
    assert "applied 0001_tables\n" in first.stdout
    again = run_command(url)
    assert again.stdout.startswith("no migration was pending; deployed ")
    back = run_command(url, "--rollback-last")
    assert back.stdout.startswith("rolled back ")


def test_the_command_fails_with_one_line() -> None:
    result = run_command("postgresql://owner:hush@127.0.0.1:1/leaderboard")
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.startswith("error: the database cannot be reached: ")
    assert result.stderr.count("\n") == 1
    assert "hush" not in result.stderr


_IS_VALID = "SELECT (SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('by_id'))"
_BY_ID = "CREATE INDEX CONCURRENTLY by_id ON public.players (id);\n"


def test_an_index_is_built_while_others_write(project: Project, new_database: NewDatabase) -> None:
    url = new_database()
    project.apply(url)
    project.index("by_id", _BY_ID)
    with psycopg.connect(url) as writer, ThreadPoolExecutor(1) as pool:
        writer.execute("INSERT INTO players VALUES (1)")  # CREATE INDEX alone would keep all others waiting behind it
        deploy = pool.submit(project.apply, url)
        eventually(lambda: value(url, _IS_VALID) is False or deploy.done())
        with psycopg.connect(url, autocommit=True) as other:
            other.execute("SET lock_timeout = '5s'")
            other.execute("INSERT INTO players VALUES (2)")
        assert not deploy.done()
        writer.commit()
        assert deploy.result() == []
    assert value(url, _IS_VALID) is True


def test_an_index_that_a_killed_run_left_is_built_again(project: Project, new_database: NewDatabase) -> None:
    url = new_database()
    project.apply(url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("INSERT INTO players VALUES (1)")
        connection.execute("CREATE INDEX by_id ON players (id)")
        connection.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'by_id'::regclass")
    project.index("by_id", _BY_ID)
    project.apply(url)
    assert value(url, _IS_VALID) is True
    oid = value(url, "SELECT 'by_id'::regclass::oid::bigint")
    project.apply(url)
    assert value(url, "SELECT 'by_id'::regclass::oid::bigint") == oid


def test_an_index_that_cannot_be_built_is_said(project: Project, new_database: NewDatabase) -> None:
    url = new_database()
    project.apply(url)
    project.index("by_name", "-- By name.\nCREATE INDEX CONCURRENTLY by_name ON public.players (name);\n")
    with pytest.raises(MigrationError, match=r"the index by_name was not built, all else is deployed: .*line 2.*name"):
        project.apply(url)
    project.migration("0002_second", SECOND)
    assert project.apply(url) == ["0002_second"]
    assert value(url, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'by_name'::regclass") is True


def test_a_new_database_gets_its_indexes_with_the_deploy(project: Project, new_database: NewDatabase) -> None:
    """In its one transaction: all or nothing."""
    url = new_database()
    project.index("by_name", "CREATE INDEX CONCURRENTLY by_name ON public.players (name);\n")
    with pytest.raises(MigrationError, match=r"by_name\.sql line 1.*name"):
        project.apply(url)
    assert value(url, "SELECT to_regclass('public.players')") is None
    project.index("by_name", "CREATE INDEX CONCURRENTLY by_name ON public.players (id);\n")
    assert project.apply(url) == ["0001_first"]
    assert value(url, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'by_name'::regclass") is True


@pytest.mark.parametrize("is_new", [True, False])
def test_eight_runs_at_once_build_an_index_once(project: Project, new_database: NewDatabase, is_new: bool) -> None:
    url = new_database()
    if not is_new:
        project.apply(url)
    project.index("by_id", _BY_ID)
    with ThreadPoolExecutor(8) as pool:
        applied = list(pool.map(lambda _: project.apply(url), range(8)))
    assert sorted(applied) == [[]] * 7 + [["0001_first"] if is_new else []]
    assert value(url, _IS_VALID) is True
