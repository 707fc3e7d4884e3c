"""A stock PostgreSQL on a TCP port that can be frozen, as a machine that hangs or a network that drops packets is."""

import contextlib
import signal
import subprocess
from pathlib import Path

import psutil

from tests.support.ports import free_port
from tests.support.stock_postgres import OWNER, StockPostgres


class TcpPostgres(StockPostgres):
    """Listens on 127.0.0.1 and, for OWNER without a password, on its Unix socket."""

    def __init__(self, bin_folder: Path, **settings: str) -> None:
        super().__init__(bin_folder)
        self.port = free_port()
        self.settings |= {"listen_addresses": "127.0.0.1", "port": str(self.port), **settings}

    def url(self, role: str = OWNER, database: str = "leaderboard") -> str:
        """On the Unix socket."""
        return f"postgresql://{role}@/{database}?host={self.folder}&port={self.port}"

    def freeze(self) -> None:
        """Connections are accepted by the kernel, and nothing answers on them."""
        self._signal_all(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal_all(signal.SIGCONT)

    def stop(self) -> None:
        self.thaw()
        super().stop()

    def _signal_all(self, number: signal.Signals) -> None:
        postmaster = psutil.Process(self._process.pid)
        # The parent first: then there are no further children.
        postmaster.send_signal(number)
        for backend in postmaster.children():
            with contextlib.suppress(psutil.NoSuchProcess):
                backend.send_signal(number)


class LoneStandby(TcpPostgres):
    """A standby that has no primary: it answers, and takes no writes."""

    def create(self, *options: str) -> None:
        super().create(*options)
        command = [*self._prefix, self.bin_folder / "postgres", "--single", "-D", self.data, "postgres"]
        statements = b"CREATE DATABASE leaderboard\nCREATE ROLE leaderboard_service\n"
        subprocess.run(command, input=statements, check=True, capture_output=True, cwd="/")
        (self.data / "standby.signal").touch()
