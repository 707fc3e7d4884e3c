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


def warm(database_url: str) -> None:
    """Reads tables and indexes into memory, so that no server is measured while it reads its disk.

    The ledger itself is only appended to; its indexes come first, so that the others stay if memory is short.
    """
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_prewarm")
        for (relation,) in connection.execute(_WARMED).fetchall():
            connection.execute("SELECT pg_prewarm(%s)", [relation])
        connection.execute("CHECKPOINT")


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
def reference(name: str, arguments: Sequence[str], folder: Path, processes: int | None = None) -> Iterator[HttpServer]:
    """A server of `references/`, in as many processes as the service has unless told otherwise."""
    port = free_port()
    command = ["-m", f"tests.bench.references.{name}", "--port", str(port), *arguments]
    with contextlib.ExitStack() as stack:
        pids = []
        for number in range(processes or workers()):
            process = stack.enter_context(_process(command, folder, f"{name}-{number}"))
            assert process.stdout is not None
            if process.stdout.readline().strip() != b"ready":
                raise ServerError(_failure(name, folder / f"{name}-{number}.log"))
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
