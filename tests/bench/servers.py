"""The servers of a benchmark: own processes on free ports of 127.0.0.1, or on private Unix sockets."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import psycopg
from psycopg import sql

import service.embedded
from seed import generate
from service.database import migrate
from service.embedded import EmbeddedPostgres, EmbeddedValkey
from service.embedded.os_user import Account
from service.settings import SERVICE_ROLE, Settings
from tests.support import ROOT
from tests.support.ports import free_port

#: Ties a process's life to ours: none is left behind when a benchmark is killed.
_LAUNCHER = Path(service.embedded.__file__).with_name("launch.py")
_WARMED = """
    SELECT r.oid
    FROM pg_class AS r
    WHERE r.relnamespace = 'public'::regnamespace AND r.relkind IN ('r', 'i') AND r.relname <> 'game_sessions'
    ORDER BY r.relname LIKE 'game_sessions%' DESC, r.relname"""
#: One in so many players: a page of the totals or of an index by player has the rows of more of them.
_PLAYERS_A_PAGE_TOUCH = 16
_BATCH = 64
_START_SECONDS = 30.0
_STOP_SECONDS = 20.0

_Server = TypeVar("_Server", EmbeddedPostgres, EmbeddedValkey)


class ServerError(Exception):
    """A server of the benchmark did not start."""


class AppendOnlyValkey(EmbeddedValkey):
    """Valkey as a store instead of a cache: it keeps everything, and writes it to disk once a second."""

    def _command(self, account: Account) -> list[str]:
        kept = ("--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory", "0")
        return [*super()._command(account), *kept, "--maxmemory-policy", "noeviction"]


@contextlib.contextmanager
def running(server: _Server) -> Iterator[_Server]:
    """Starts an embedded server and stops it in the end."""
    try:
        server.start()
        yield server
    finally:
        server.stop()


def fill_database(database_url: str, players: int, sessions: int) -> None:
    """Migrates an empty database and loads the data set into it."""
    migrate.apply(database_url)
    generate.generate(database_url, users=players, sessions=sessions)


def copy_database(server_url: str, source: str, target: str) -> None:
    """Copies a database of a cluster, with its data. `server_url` leads to another one of the cluster."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        # File by file: writing the pages through the log would take minutes and leave it full of work.
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(target), sql.Identifier(source)
            )
        )


def warm(database_url: str) -> None:
    """Reads tables and indexes into memory, so that no server is measured while it reads its disk.

    The ledger itself is only appended to; its indexes come first, so that the others stay if memory is short.
    """
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_prewarm")
        for (relation,) in connection.execute(_WARMED).fetchall():
            connection.execute("SELECT pg_prewarm(%s)", [relation])
        connection.execute("CHECKPOINT")


def write_every_page(database_url: str, players: int) -> None:
    """After a checkpoint: so many submits that they reach nearly every page that later ones write.

    The first write to a page after a checkpoint puts the whole page into the log, 8 kB instead of a hundred bytes.
    Right after a checkpoint that is nearly every write; for most of the time between two checkpoints, at full load,
    hardly any.
    """
    users = range(1, players + 1, _PLAYERS_A_PAGE_TOUCH)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        for start in range(0, len(users), _BATCH):
            batch = list(users[start : start + _BATCH])
            connection.execute(
                "SELECT count(*) FROM api.submit_scores(%s::bigint[], %s::bigint[])", [batch, [1] * len(batch)]
            )
        connection.execute("SELECT api.fold_ranks()")


def create_key(database_url: str) -> str:
    """A new API key to submit and read with. From now on the service requires one."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        row = connection.execute("SELECT k.api_key FROM api.create_api_key('bench', '{submit,read}') AS k").fetchone()
    assert row is not None
    return str(row[0])


def differences(database_url: str) -> int:
    """How many rows of the database contradict one another. 0 is the only good answer."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        return connection.execute("SELECT FROM api.verify_leaderboard()").rowcount


@dataclass(frozen=True, slots=True)
class HttpServer:
    """One or more processes that answer on one port."""

    url: str
    pids: tuple[int, ...]


def workers() -> int:
    """How many processes the service runs, which every reference gets too."""
    return int(getattr(Settings.from_env(os.environ), "workers", 1))


@contextlib.contextmanager
def leaderboard_service(
    postgres: EmbeddedPostgres,
    database: str,
    redis_url: str,
    folder: Path,
    name: str = "service",
    more: Mapping[str, str] | None = None,
) -> Iterator[HttpServer]:
    """The product itself, `python -m service`, on a migrated database; `more` settings go above the rest."""
    port = free_port()
    settings = {
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "DATABASE_URL": postgres.url(database=database),
        "SERVICE_DATABASE_URL": postgres.url(SERVICE_ROLE, database),
        "REDIS_URL": redis_url,
        "DATA_DIR": str(folder / "data"),
        "MIGRATE_ON_START": "0",
        **(more or {}),
    }
    log = f"{name}-{database}"
    with _process(["-m", "service"], folder, log, settings) as process:
        url = f"http://127.0.0.1:{port}"
        _wait_for_health(process, url, folder / f"{log}.log")
        yield HttpServer(url, (process.pid,))


@contextlib.contextmanager
def reference(
    name: str, arguments: Sequence[str], folder: Path, processes: int | None = None, log: str = ""
) -> Iterator[HttpServer]:
    """A server of `references/`, in as many processes as the service has unless told otherwise. Its log files are named
    after `log`, or after itself.
    """
    port = free_port()
    command = ["-m", f"tests.bench.references.{name}", "--port", str(port), *arguments]
    with contextlib.ExitStack() as stack:
        pids = []
        for number in range(processes or workers()):
            log_name = f"{log or name}-{number}"
            process = stack.enter_context(_process(command, folder, log_name))
            assert process.stdout is not None
            if process.stdout.readline().strip() != b"ready":
                raise ServerError(_failure(name, folder / f"{log_name}.log"))
            pids.append(process.pid)
        yield HttpServer(f"http://127.0.0.1:{port}", tuple(pids))


@contextlib.contextmanager
def _process(
    arguments: Sequence[str], folder: Path, name: str, settings: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A Python process of the project. It works in `folder`, so that no `.env` of somebody's changes it."""
    launcher = [sys.executable, "-I", "-S", str(_LAUNCHER), str(os.getpid()), str(int(signal.SIGTERM))]
    launcher += [str(os.geteuid()), str(os.getegid())]
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [*launcher, sys.executable, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), **(settings or {})},
        )
    with process:  # which closes its output
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_for_health(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError, urllib.error.URLError):
            urllib.request.urlopen(f"{url}/readyz", timeout=5).close()
            return
        time.sleep(0.05)
    raise ServerError(_failure("the service", log))


def _failure(name: str, log: Path) -> str:
    return f"{name} did not start: {log.read_text(errors='replace').strip()[-1000:]}"
