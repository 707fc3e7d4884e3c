"""The service in the test's process, data folders, and the service as a process with embedded servers in one."""

import asyncio
import concurrent.futures
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psutil
import uvloop
from aiohttp import web
from aiohttp.test_utils import TestServer

from service.app import create_app
from service.embedded.process import processes_in
from service.http import app_keys, malformed
from service.process import sockets
from service.settings import Settings
from tests.support import ROOT
from tests.support.scratch import scratch
from tests.support.waiting import PATIENCE_SECONDS


class ServiceServer(TestServer):
    """Serves an application in the test's own process, as it is served in production."""

    async def _make_runner(self, **options: Any) -> malformed.Runner:
        return malformed.Runner(self.app, access_log=None, **options)


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder with a short path that every user can enter, unlike pytest's own. It is removed in the end, and embedded
    servers in it are killed.
    """
    folder = Path(tempfile.mkdtemp(prefix="lb-", dir=scratch()))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        end_servers(folder)
        shutil.rmtree(folder, ignore_errors=True)


def copy_data(cluster: Path, folder: Path) -> Path:
    """Copies a data folder to `folder`/data, which saves the second that creating a PostgreSQL takes."""
    copy = folder / "data"
    subprocess.run(["cp", "-a", str(cluster), str(copy)], check=True)
    return copy


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
    """Kills the processes of `servers_in`."""
    while left := servers_in(folder):
        for server in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(server.pid, signal.SIGKILL)


class Calls(ABC):
    """Requests to a running service."""

    @property
    @abstractmethod
    def address(self) -> str: ...

    def request(self, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        """The status and the JSON body of the response."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data, {"Content-Type": "application/json", **headers})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def submit(self, user_id: int, score: int) -> tuple[int, Any]:
        return self.request("/api/leaderboard/submit", {"user_id": user_id, "score": score})

    def top(self) -> list[tuple[int, int]]:
        """User ids and totals of the top ten."""
        status, rows = self.request("/api/leaderboard/top")
        assert status == 200, rows
        return [(row["user_id"], row["total_score"]) for row in rows]


class Service(Calls):
    """`python -m service` as a real process, with its own data folder."""

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
        """Waits until the service answers requests."""
        deadline = time.monotonic() + PATIENCE_SECONDS
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

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def ended(self) -> int:
        """Waits for the process to end; returns the exit status."""
        return self.process.wait(PATIENCE_SECONDS)

    def stop(self) -> None:
        """Stops the service, which has to end with status 0 and leave no server behind."""
        self.signal(signal.SIGTERM)
        assert self.ended() == 0, self.log.read_text()
        assert servers_in(self.data_dir) == []


class ServiceThread(Calls):
    """The service in a thread of the test's process, which saves the second of CPU that a process takes to start. It
    uses a database and a Redis that run already. For tests that need neither signals nor the log.
    """

    def __init__(self, **settings: str) -> None:
        self.settings = Settings.from_env(settings)
        self._ready: concurrent.futures.Future[str] = concurrent.futures.Future()
        self._thread = threading.Thread(target=self._run, name="service")
        self._thread.start()
        self._address = self._ready.result(PATIENCE_SECONDS)

    @property
    def address(self) -> str:
        return self._address

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    def stop(self) -> None:
        """Stops the service gracefully."""
        self._loop.call_soon_threadsafe(self._requested.set)
        self._thread.join(PATIENCE_SECONDS)
        assert not self.running

    def _run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(self._serve())
        except BaseException as error:
            if self._ready.done():
                raise
            self._ready.set_exception(error)

    async def _serve(self) -> None:
        self._loop, self._requested = asyncio.get_running_loop(), asyncio.Event()
        app = create_app(self.settings)
        runner = malformed.Runner(app, access_log=None, shutdown_timeout=self.settings.shutdown_timeout_seconds)
        await runner.setup()
        try:
            with sockets.bound(self.settings) as (bound,):
                for one in bound:
                    await web.SockSite(runner, one).start()
                self._ready.set_result(sockets.address(self.settings, bound))
                await self._requested.wait()
                app[app_keys.STOPPING].set()
        finally:
            await runner.cleanup()


def run(
    module: str, *arguments: str, data_dir: Path, text: str = "", **settings: str
) -> subprocess.CompletedProcess[str]:
    """Runs a command of the service to its end, with these settings and no others."""
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={"DATA_DIR": str(data_dir), "PATH": os.defpath, **settings},
        input=text,
        capture_output=True,
        text=True,
        timeout=60,
    )
