"""A primary and its streaming standby, to be crashed, frozen, promoted and brought back.

Both are real servers on 127.0.0.1; the standby is made by pg_basebackup and streams. Nothing promotes a
standby and nothing fences a former primary here: tests play the operator.
"""

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

import psutil
import psycopg

from service.embedded.os_user import account_for, with_access
from service.embedded.postgres import program
from service.embedded.process import launch
from tests.support.ports import free_port
from tests.support.stock_postgres import OWNER
from tests.support.waiting import PATIENCE_SECONDS, eventually

DATABASE = "leaderboard"
#: The name under which a standby is known to its primary.
STANDBY = "standby"
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "32MB",
    "max_connections": "80",
    "hot_standby": "on",
    "wal_level": "replica",
    "max_prepared_transactions": "5",
    # A primary notices soon that a standby is gone, and a standby that its primary is.
    "wal_sender_timeout": "10s",
    "wal_receiver_timeout": "10s",
    "wal_retrieve_retry_interval": "200ms",
}


def embedded_binaries() -> Path:
    """The programs of the embedded PostgreSQL."""
    return program("postgres").parent


class Node:
    """One of the two servers: a data folder and a port of 127.0.0.1, which it keeps in either role."""

    def __init__(self, bin_folder: Path, folder: Path) -> None:
        self.port = free_port()
        self.data = folder / f"node-{self.port}"
        self.log = folder / f"node-{self.port}.log"
        self._bin = bin_folder
        self._process: subprocess.Popen[bytes] | None = None
        # PostgreSQL refuses to run as root.
        self._account = with_access(account_for(self.data), folder, bin_folder / "postgres")
        os.chown(folder, self._account.uid, self._account.gid)

    def url(self, role: str = OWNER, database: str = DATABASE) -> str:
        return f"postgresql://{role}@127.0.0.1:{self.port}/{database}?sslmode=disable"

    def sql(self, statement: str, database: str = DATABASE) -> object:
        """Runs a statement as the owner; returns the first column of its first row, if it has one."""
        with psycopg.connect(self.url(database=database), autocommit=True, connect_timeout=10) as connection:
            cursor = connection.execute(statement)  # type: ignore[call-overload]
            row = cursor.fetchone() if cursor.description else None
            return None if row is None else row[0]

    # --- files ----------------------------------------------------------------------------------------------

    def _launch(self, name: str, *arguments: object) -> "subprocess.Popen[bytes]":
        command = [str(self._bin / name), *map(str, arguments)]
        return launch(
            command, account=self._account, folder=self.data.parent, log=self.log, death_signal=signal.SIGQUIT
        )

    def _run(self, name: str, *arguments: object) -> None:
        status = self._launch(name, *arguments).wait(PATIENCE_SECONDS)
        assert status == 0, self.log.read_text()[-2000:]

    def create(self) -> None:
        """A cluster of its own, with an empty database."""
        self._run("initdb", "-D", self.data, "-N", "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        self.configure({})
        self.start()
        self.sql(f"CREATE DATABASE {DATABASE}", database="postgres")

    def copy_of(self, primary: "Node") -> None:
        """Becomes a standby of `primary`, whatever was in the folder before. The server must be stopped."""
        shutil.rmtree(self.data, ignore_errors=True)
        source = f"host=127.0.0.1 port={primary.port} user={OWNER}"
        self._run("pg_basebackup", "-D", self.data, "-d", source, "--checkpoint=fast", "--no-sync")
        self.configure({"primary_conninfo": f"{source} application_name={STANDBY}"})
        (self.data / "standby.signal").touch()

    def configure(self, settings: Mapping[str, str]) -> None:
        """Replaces what ALTER SYSTEM would change. Takes effect at the start, or at once where a reload does."""
        lines = [f"{name} = '{value}'\n" for name, value in settings.items()]
        (self.data / "postgresql.auto.conf").write_text("".join(lines))
        if self.running:
            self.signal(signal.SIGHUP)

    # --- life -----------------------------------------------------------------------------------------------

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Returns when it accepts connections."""
        options = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
        self._process = self._launch("postgres", "-D", self.data, "-p", self.port, *options)
        eventually(self._answers, f"an answer of {self.log}")

    def _answers(self) -> bool:
        assert self.running, self.log.read_text()[-2000:]
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(self.url(database="postgres"), connect_timeout=10).close()
            return True
        return False

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def processes(self) -> list[psutil.Process]:
        """The postmaster and its children."""
        if not self.running:
            return []
        assert self._process is not None
        postmaster = psutil.Process(self._process.pid)
        return [postmaster, *postmaster.children(recursive=True)]

    def crash(self) -> None:
        """Kills every process at once, as a power failure does."""
        for process in self.processes():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self._ended()

    def freeze(self) -> None:
        """Stops every process. Connections stay open, the system still accepts new ones, and nothing answers."""
        for process in self.processes():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.suspend()

    def thaw(self) -> None:
        for process in self.processes():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.resume()

    def stop(self) -> None:
        """An immediate stop: what is committed is on disk."""
        if self.running:
            self.thaw()
            self.signal(signal.SIGQUIT)
            self._ended()

    def _ended(self) -> None:
        if self._process is not None:
            try:
                self._process.wait(PATIENCE_SECONDS)
            finally:
                for process in self.processes():
                    with contextlib.suppress(psutil.NoSuchProcess):
                        process.kill()

    def promote(self) -> None:
        """Asks for the promotion and does not wait for its end."""
        with psycopg.connect(self.url(database="postgres"), autocommit=True, connect_timeout=10) as connection:
            connection.execute("SELECT pg_promote(wait => false)")

    @property
    def is_primary(self) -> bool:
        return not self.sql("SELECT pg_is_in_recovery()", database="postgres")


class Pair:
    """A primary and a standby that streams from it. After a failover the two change roles."""

    def __init__(self, bin_folder: Path, folder: Path, *, synchronous: bool) -> None:
        self.primary = Node(bin_folder, folder)
        self.standby = Node(bin_folder, folder)
        self.nodes = (self.primary, self.standby)
        self.synchronous = synchronous

    def url(self, role: str = OWNER) -> str:
        """Both servers, as a service names them."""
        hosts = ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)
        return f"postgresql://{role}@{hosts}/{DATABASE}?target_session_attrs=read-write&sslmode=disable"

    def start(self) -> None:
        self.primary.create()

    def stop(self) -> None:
        for node in self.nodes:
            node.stop()

    def attach(self) -> None:
        """Makes the standby a copy of the primary. Returns when it streams and, if wanted, is synchronous."""
        self.standby.copy_of(self.primary)
        self.standby.start()
        if self.synchronous:
            self.wait_for_standby(True)
        state = "sync" if self.synchronous else "async"
        eventually(
            lambda: self.primary.sql("SELECT sync_state FROM pg_stat_replication WHERE state = 'streaming'") == state,
            f"a standby that streams ({state})",
        )

    def wait_for_standby(self, wanted: bool) -> None:
        """Whether commits wait for the standby from now on."""
        self.primary.configure({"synchronous_standby_names": STANDBY} if wanted else {})

    def promote(self) -> None:
        """The standby becomes the primary; the two change roles here, too. Does not wait for its end, and does nothing
        to the former primary."""
        self.standby.promote()
        self.primary, self.standby = self.standby, self.primary
