"""What the process tests share: data folders, embedded servers, and waiting without sleeping for a guess."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import psutil
import psycopg
import pytest

from service.embedded import EmbeddedPostgres
from service.embedded.process import processes_in

ROOT = Path(__file__).resolve().parent.parent.parent
_PATIENCE_SECONDS = 60.0


class Eventually(Protocol):
    def __call__(self, condition: Callable[[], object], what: str = ...) -> None: ...


@pytest.fixture(scope="session")
def eventually() -> Eventually:
    """`eventually(condition)` returns when the condition holds, and fails the test if that takes too long."""

    def wait(condition: Callable[[], object], what: str = "the condition") -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < deadline, f"{what} did not come true in {_PATIENCE_SECONDS:.0f} s"
            time.sleep(0.02)

    return wait


def _scratch() -> str:
    """Where data folders go: into memory where there is plenty, for every test copies a 50 MB database."""
    try:
        free = shutil.disk_usage("/dev/shm").free
    except OSError:
        free = 0
    return "/dev/shm" if free > 2 << 30 and os.access("/dev/shm", os.W_OK) else "/tmp"


def new_folder() -> Path:
    """A folder with a short path that every user can pass through, which pytest's own are not."""
    folder = Path(tempfile.mkdtemp(prefix="lb-", dir=_scratch()))
    folder.chmod(0o755)
    return folder


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = new_folder()
    yield folder
    end_servers(folder)
    shutil.rmtree(folder, ignore_errors=True)


class RunningServer(NamedTuple):
    """A process of an embedded server: the server itself or, for PostgreSQL, one of its sessions."""

    pid: int
    parent: int
    program: str


def servers_in(folder: Path) -> list[RunningServer]:
    """The processes of all embedded servers with `folder`, or a folder in it, as their data folder."""
    found = []
    for program, name in (("postgres", "postgres"), ("valkey-server", "valkey")):
        for data in (folder / name, *folder.glob(f"*/{name}")):
            for process in processes_in(data, program):
                with contextlib.suppress(psutil.NoSuchProcess):
                    found.append(RunningServer(process.pid, process.ppid(), program))
    return found


def end_servers(folder: Path) -> None:
    while left := servers_in(folder):
        for server in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(server.pid, signal.SIGKILL)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Path]:
    """A data folder with a PostgreSQL that was created, started once and stopped. For copying."""
    folder = new_folder()
    server = EmbeddedPostgres(folder)
    server.start()
    server.stop()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def data_dir(folder: Path, cluster: Path) -> Path:
    """A data folder whose PostgreSQL exists already, which saves the second that its creation takes."""
    copy = folder / "data"
    subprocess.run(["cp", "-a", str(cluster), str(copy)], check=True)
    return copy


@pytest.fixture(scope="module")
def server(cluster: Path) -> Iterator[EmbeddedPostgres]:
    """A running PostgreSQL for the tests of a module."""
    folder = new_folder()
    subprocess.run(["cp", "-a", str(cluster), str(folder / "data")], check=True)
    server = EmbeddedPostgres(folder / "data", conf={"fsync": "off", "shared_buffers": "128MB"})
    server.start()
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def new_database(server: EmbeddedPostgres) -> Iterator[Callable[[], str]]:
    """`new_database()` creates an empty database and returns its owner's address."""
    names: list[str] = []

    def create() -> str:
        name = f"test_{time.monotonic_ns()}"
        with psycopg.connect(server.url(database="postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        names.append(name)
        return server.url(database=name)

    yield create
    with psycopg.connect(server.url(database="postgres"), autocommit=True) as connection:
        for name in names:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


class Service:
    """`python -m service` as a real process, with its data in a folder of the test's."""

    def __init__(self, data_dir: Path, **settings: str) -> None:
        self.data_dir = data_dir
        self.output = data_dir.parent / f"output-{time.monotonic_ns()}"
        self.log = self.output.with_suffix(".log")
        environ = {"DATA_DIR": str(data_dir), "PORT": "0", "DEMO": "0", "PATH": os.defpath} | settings
        with self.output.open("wb") as output, self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "service"], cwd=ROOT, env=environ, stdout=output, stderr=log
            )

    def ready(self) -> "Service":
        """Waits until it answers requests."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not self.output.read_text():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.02)
        return self

    @property
    def address(self) -> str:
        found = re.search(r"http://\S+", self.output.read_text())
        assert found is not None
        return found[0]

    def request(self, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        """The status and the JSON of an answer."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data, {"Content-Type": "application/json", **headers})
        try:
            with urllib.request.urlopen(request, timeout=_PATIENCE_SECONDS) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def submit(self, user_id: int, score: int) -> tuple[int, Any]:
        return self.request("/api/leaderboard/submit", {"user_id": user_id, "score": score})

    def top(self) -> list[tuple[int, int]]:
        """User ids and totals of the best ten."""
        status, rows = self.request("/api/leaderboard/top")
        assert status == 200, rows
        return [(row["user_id"], row["total_score"]) for row in rows]

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def ended(self) -> int:
        """Waits for its end; returns the exit status."""
        return self.process.wait(_PATIENCE_SECONDS)

    def stop(self) -> None:
        """Stops it in good order, and holds it to that."""
        self.signal(signal.SIGTERM)
        assert self.ended() == 0, self.log.read_text()
        assert servers_in(self.data_dir) == []


@pytest.fixture
def service(folder: Path, data_dir: Path) -> Iterator[Callable[..., Service]]:
    """`service(SETTING="value", ...)` starts the service; what runs at the end of the test is killed."""
    started: list[Service] = []

    def start(**settings: str) -> Service:
        started.append(Service(data_dir, **settings))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.wait()
