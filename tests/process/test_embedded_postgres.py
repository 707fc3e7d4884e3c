"""The embedded PostgreSQL: it starts, keeps its data, stays private, and recovers from whatever befell it."""

import asyncio
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import asyncpg
import psycopg
import pytest
from yoyo.connections import parse_uri

from service.embedded import EmbeddedPostgres, EmbeddedServerError, Supervisor
from service.embedded.memory import memory_bytes
from service.embedded.os_user import Account, with_access
from service.embedded.postgres_conf import server_settings

_ROOT = Path(__file__).resolve().parent.parent.parent
_MEGABYTE = 1024 * 1024
_FAST = {"fsync": "off", "shared_buffers": "128MB"}

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


def query(server: EmbeddedPostgres, sql: str) -> object:
    with psycopg.connect(server.url()) as connection:
        row = connection.execute(sql).fetchone()  # type: ignore[arg-type]
        assert row is not None
        return row[0]


def execute(server: EmbeddedPostgres, sql: str) -> None:
    with psycopg.connect(server.url()) as connection:
        connection.execute(sql)  # type: ignore[arg-type]


@pytest.fixture
def started(data_dir: Path):  # type: ignore[no-untyped-def]
    """`started(...)` gives a running server on a prepared data folder; all are stopped at the end."""
    servers: list[EmbeddedPostgres] = []

    def start(folder: Path = data_dir, conf: dict[str, str] = _FAST) -> EmbeddedPostgres:
        server = EmbeddedPostgres(folder, conf=conf)
        servers.append(server)
        server.start()
        return server

    yield start
    for server in servers:
        server.stop()


Started = Callable[..., EmbeddedPostgres]


def test_a_first_start_creates_a_durable_private_server(folder: Path, started: Started) -> None:
    server = started(folder / "new", {})
    wanted = {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "data_checksums": "on",
        "server_encoding": "UTF8",
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "jit": "off",
        "shared_preload_libraries": "pg_stat_statements",
        "TimeZone": "UTC",
    }
    with psycopg.connect(server.url()) as connection:
        rows = connection.execute(
            "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(wanted)]
        ).fetchall()
        assert dict(rows) == wanted
        database = connection.execute(
            "SELECT current_database(), datlocprovider, datlocale, pg_get_userbyid(datdba), current_user"
            " FROM pg_database WHERE datname = current_database()"
        ).fetchone()
        assert database == ("leaderboard", "b", "C.UTF-8", "leaderboard_owner", "leaderboard_owner")
        statements = connection.execute("SELECT count(*) FROM pg_stat_statements").fetchone()
        assert statements is not None
    assert stat.S_IMODE(server.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((server.folder / ".s.PGSQL.5432").stat().st_mode) == 0o700
    server.stop()
    assert not server.alive()
    assert server.pid is None


def test_every_client_takes_the_address(started: Started) -> None:
    server = started()

    async def over_asyncpg() -> object:
        connection = await asyncpg.connect(server.url())
        try:
            return await connection.fetchval("SELECT 1")
        finally:
            await connection.close()

    assert query(server, "SELECT 1") == 1
    assert asyncio.run(over_asyncpg()) == 1
    parsed = parse_uri(server.url())
    assert (parsed.username, parsed.hostname, parsed.database) == ("leaderboard_owner", None, "leaderboard")
    assert parsed.args == {"host": str(server.folder), "port": "5432"}


def test_the_environment_cannot_lead_a_client_elsewhere(started: Started, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"PGHOST": "nowhere.invalid", "PGPORT": "1", "PGUSER": "x", "PGDATA": "/y"}.items():
        monkeypatch.setenv(name, value)
    assert query(started(), "SELECT current_user::text") == "leaderboard_owner"


def test_a_restart_keeps_the_data_and_is_idempotent(started: Started) -> None:
    server = started()
    execute(server, "CREATE TABLE kept AS SELECT 7 AS n")
    pid = server.pid
    server.start()
    assert server.pid == pid
    server.stop()
    server.stop()
    server.start()
    assert server.pid != pid
    assert query(server, "SELECT n FROM kept") == 7


def test_it_runs_in_a_session_of_its_own(started: Started) -> None:
    pid = started().pid
    assert pid is not None
    assert os.getsid(pid) == pid  # Ctrl-C in a terminal reaches the service only


def test_it_survives_the_thread_that_started_it(started: Started, eventually) -> None:  # type: ignore[no-untyped-def]
    servers: list[EmbeddedPostgres] = []
    thread = threading.Thread(target=lambda: servers.append(started()))
    thread.start()
    thread.join()
    eventually(lambda: not os.path.exists(f"/proc/{os.getpid()}/task/{thread.native_id}"))
    assert query(servers[0], "SELECT 1") == 1
    assert "shutdown request" not in servers[0].log.read_text()[-300:]


def test_a_killed_server_is_started_again(started: Started, eventually) -> None:  # type: ignore[no-untyped-def]
    server = started()
    execute(server, "CREATE TABLE kept AS SELECT 7 AS n")
    idle = psycopg.connect(server.url())  # its backend outlives the postmaster by a moment
    with Supervisor([server]):
        killed = server.pid
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        eventually(lambda: server.pid not in (None, killed))
        eventually(lambda: answers(server))
        assert query(server, "SELECT n FROM kept") == 7
    idle.close()
    assert server.alive()


def answers(server: EmbeddedPostgres) -> bool:
    try:
        return query(server, "SELECT 1") == 1
    except psycopg.OperationalError:
        return False


def test_a_server_that_cannot_start_is_tried_again(started: Started, eventually, caplog) -> None:  # type: ignore[no-untyped-def]
    server = started()
    aside = server.folder.with_name("aside")
    with Supervisor([server]):
        assert server.pid is not None
        server.folder.rename(aside)
        server.folder.mkdir()  # a folder without a server in it
        if os.geteuid() == 0:
            os.chown(server.folder, aside.stat().st_uid, aside.stat().st_gid)
        os.kill(server.pid, signal.SIGKILL)
        eventually(lambda: caplog.text.count("next attempt in") >= 2)
        server.folder.rmdir()
        aside.rename(server.folder)
        eventually(lambda: answers(server))


def test_leaving_the_supervisor_cuts_a_start_short(started: Started) -> None:
    server = started()
    supervisor = Supervisor([server])
    with supervisor:
        pass
    server.stop()
    with pytest.raises(EmbeddedServerError, match="was interrupted"):
        server.start()
    assert not server.alive()


def test_a_server_of_an_earlier_run_is_ended(started: Started) -> None:
    earlier = started()
    execute(earlier, "CREATE TABLE kept AS SELECT 7 AS n")
    later = started()
    assert not earlier.alive()
    assert query(later, "SELECT n FROM kept") == 7


@pytest.mark.skipif(sys.platform != "linux", reason="needs the parent-death signal")
def test_a_killed_process_takes_its_servers_with_it(data_dir: Path, eventually) -> None:  # type: ignore[no-untyped-def]
    code = (
        "import sys, time; from pathlib import Path; from service.embedded import *\n"
        f"servers = EmbeddedPostgres(Path({str(data_dir)!r})), EmbeddedValkey(Path({str(data_dir)!r}))\n"
        "[server.start() for server in servers]\n"
        "print(*[server.pid for server in servers], flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=_ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pids = [int(pid) for pid in parent.stdout.readline().split()]
    assert len(pids) == 2
    parent.kill()
    parent.wait()
    parent.stdout.close()
    eventually(lambda: not any(is_running(pid) for pid in pids))
    assert "received fast shutdown request" in (data_dir / "log" / "postgres.log").read_text()


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_stale_locks_whose_numbers_are_in_use_do_not_block(started: Started, data_dir: Path) -> None:
    postgres = data_dir / "postgres"
    alive = subprocess.Popen(["sleep", "600"], user=postgres.stat().st_uid if os.geteuid() == 0 else None)
    try:
        lines = [str(alive.pid), str(postgres), "1700000000", "5432", str(postgres), "", "  1 1", "ready   "]
        for name in ("postmaster.pid", ".s.PGSQL.5432.lock"):
            lock = postgres / name
            lock.write_text("\n".join([*lines, ""]))
            os.chown(lock, postgres.stat().st_uid, postgres.stat().st_gid)
        assert query(started(), "SELECT 1") == 1
        assert alive.poll() is None
    finally:
        alive.kill()
        alive.wait()


def test_an_interrupted_creation_is_done_again(folder: Path, started: Started) -> None:
    data_dir = folder / "new"
    half_made = data_dir / "postgres.new-1"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    assert query(started(data_dir), "SELECT 1") == 1
    assert [path.name for path in data_dir.glob("postgres*")] == ["postgres"]


@pytest.mark.parametrize(
    ("content", "message"),
    [("15\n", "created by PostgreSQL 15.* includes PostgreSQL 18"), (None, "not a data folder")],
)
def test_a_folder_of_something_else_is_refused(data_dir: Path, content: str | None, message: str) -> None:
    version = data_dir / "postgres" / "PG_VERSION"
    if content is None:
        version.unlink()
    else:
        version.write_text(content)
    with pytest.raises(EmbeddedServerError, match=message):
        EmbeddedPostgres(data_dir).start()


def test_a_failed_start_shows_the_end_of_the_log(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir, conf={"work_mem": "a lot"})
    with pytest.raises(EmbeddedServerError, match=r'(?s)exit status 1 .*invalid value for parameter "work_mem"'):
        server.start()
    assert not server.alive()


@pytest.mark.parametrize("name", ["long-" + 120 * "x", "a folder, 'quoted' é"])
def test_a_path_that_no_socket_can_have(folder: Path, started: Started, data_dir: Path, name: str) -> None:
    unusual = folder / name
    data_dir.rename(unusual)
    server = started(unusual)
    assert query(server, "SELECT 1") == 1
    sockets = Path(parse_uri(server.url()).args["host"])
    assert sockets.parent == Path("/tmp")
    assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    server.stop()
    assert not sockets.exists()
    sockets.mkdir(mode=0o755)  # as if somebody else had been there first
    with pytest.raises(EmbeddedServerError, match="not a private folder"):
        server.start()
    sockets.rmdir()


def test_the_log_is_bounded(started: Started, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.embedded.server._LOG_LIMIT", 2000)
    server = started()
    execute(server, "DO $$ BEGIN FOR i IN 1..100 LOOP RAISE LOG 'line %', i; END LOOP; END $$")
    assert server.log.stat().st_size > 2000
    server.trim_log()
    assert server.log.stat().st_size == 0
    assert "line 100" in server.log.with_name("postgres.log.1").read_text()
    execute(server, "DO $$ BEGIN RAISE LOG 'goes on'; END $$")
    assert "goes on" in server.log.read_text()


@pytest.mark.parametrize(
    ("memory", "shared_buffers", "cache"),
    [(512, 128, 256), (8192, 1024, 4096), (262144, 4096, 131072)],
)
def test_the_settings_follow_the_memory(memory: int, shared_buffers: int, cache: int) -> None:
    settings = server_settings(memory * _MEGABYTE)
    assert settings["shared_buffers"] == f"{shared_buffers * 1024}kB"
    assert settings["effective_cache_size"] == f"{cache * 1024}kB"


def test_the_memory_is_that_of_the_container(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.write_text("0::/game/service\n")
    groups = tmp_path / "cgroup"
    (groups / "game" / "service").mkdir(parents=True)
    whole = memory_bytes(groups, own)
    (groups / "game" / "service" / "memory.max").write_text("max\n")
    assert memory_bytes(groups, own) == whole
    (groups / "game" / "memory.max").write_text(f"{300 * _MEGABYTE}\n")
    assert memory_bytes(groups, own) == 300 * _MEGABYTE
    (groups / "memory.max").write_text(f"{200 * _MEGABYTE}\n")  # what a container sees of its own limit
    assert memory_bytes(groups, tmp_path / "missing") == 200 * _MEGABYTE


@as_root
def test_root_runs_it_as_another_user(folder: Path, started: Started) -> None:
    server = started(folder / "new")
    assert server.pid is not None
    owner = os.stat(f"/proc/{server.pid}").st_uid
    assert owner == server.folder.stat().st_uid
    assert pwd.getpwuid(owner).pw_name in {"postgres", "nobody"}


@as_root
def test_the_owner_of_an_existing_folder_wins(started: Started, data_dir: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    subprocess.run(["chown", "-R", str(nobody.pw_uid), str(data_dir / "postgres")], check=True)
    server = started()
    assert os.stat(f"/proc/{server.pid}").st_uid == nobody.pw_uid


@as_root
def test_a_folder_of_root_is_refused(data_dir: Path) -> None:
    subprocess.run(["chown", "-R", "0", str(data_dir / "postgres")], check=True)
    with pytest.raises(EmbeddedServerError, match="belongs to root"):
        EmbeddedPostgres(data_dir).start()


@as_root
def test_it_runs_below_a_closed_folder_and_leaves_it_closed(started: Started, folder: Path, data_dir: Path) -> None:
    folder.chmod(0o700)
    server = started(data_dir)
    assert query(server, "SELECT 1") == 1
    assert os.stat(f"/proc/{server.pid}").st_uid != 0
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@as_root
def test_programs_below_a_closed_folder_can_be_found(folder: Path) -> None:
    """PostgreSQL looks for its own programs with access(2), which ignores capabilities unless told not to."""
    folder.chmod(0o700)
    (folder / "data").mkdir()
    program = folder / "program"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    nobody = pwd.getpwnam("nobody")
    account = with_access(Account(nobody.pw_uid, nobody.pw_gid, "nobody"), folder / "data", program)
    look = "import os, sys; print(os.getuid(), os.access(sys.argv[1], os.R_OK | os.X_OK))"
    found = subprocess.run(
        [*account.wrapper, sys.executable, "-c", look, str(program)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout == f"{nobody.pw_uid} True\n"


@as_root
def test_a_closed_folder_without_setpriv_is_a_clear_message(
    folder: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.chmod(0o700)
    monkeypatch.setattr("service.embedded.os_user.shutil.which", lambda name: None)
    with pytest.raises(EmbeddedServerError, match="set DATA_DIR to a folder that user can reach"):
        EmbeddedPostgres(data_dir).start()


@as_root
def test_a_normal_user_starts_and_stops_it() -> None:
    nobody = pwd.getpwnam("nobody")
    packages = Path(psycopg.__file__).parent.parent
    python = next((p for p in (sys.executable, "/usr/bin/python3") if can_import(nobody, p, packages)), None)
    if python is None:
        pytest.skip("nobody can reach neither this Python nor its packages")
    home = Path(tempfile.mkdtemp(prefix="lb-", dir="/tmp"))
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    code = (
        "import os, sys; from pathlib import Path; from service.embedded import *\n"
        "servers = EmbeddedPostgres(Path(sys.argv[1])), EmbeddedValkey(Path(sys.argv[1]))\n"
        "[server.start() for server in servers]\n"
        "print(*{os.stat(f'/proc/{server.pid}').st_uid for server in servers})\n"
        "[server.stop() for server in servers]"
    )
    try:
        result = as_user(nobody, python, packages, code, str(home / "data"))
        assert result.returncode == 0, result.stderr
        assert result.stdout.split() == [str(nobody.pw_uid)]
        # Another normal user is told whose folder it is.
        other = pwd.getpwnam("daemon")
        home.chmod(0o755)
        result = as_user(other, python, packages, code, str(home / "data"))
        assert "belongs to nobody" in result.stderr
    finally:
        shutil.rmtree(home)


def as_user(
    user: pwd.struct_passwd, python: str, packages: Path, code: str, *arguments: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python, "-c", code, *arguments],
        cwd="/",
        env={"PYTHONPATH": f"{_ROOT}:{packages}", "PATH": os.defpath},
        user=user.pw_uid,
        group=user.pw_gid,
        extra_groups=[],
        capture_output=True,
        text=True,
        timeout=60,
    )


def can_import(user: pwd.struct_passwd, python: str, packages: Path) -> bool:
    try:
        return as_user(user, python, packages, "import psycopg, service.embedded").returncode == 0
    except OSError:
        return False
