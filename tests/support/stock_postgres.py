"""A temporary PostgreSQL with the postgresql.conf that initdb writes, as on a server that an operator set up.

The SQL is tested on the system's version and on the embedded one, both with their default settings: it must not depend
on the settings of service/embedded/postgres.py.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import psycopg

from tests.support.programs import missing
from tests.support.scratch import scratch

OWNER = "leaderboard_owner"

#: Skips waiting for the disk. All other settings, and so every plan, are the server's defaults.
_FAST = {"fsync": "off"}


def binaries() -> Path | None:
    """The folder of the newest server among Debian's packages, or PG_BIN; None if there is none."""
    candidates = [Path(os.environ["PG_BIN"])] if "PG_BIN" in os.environ else []
    candidates += sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True
    )
    return next((path for path in candidates if (path / "postgres").exists()), None)


def system_binaries() -> Path:
    """The same for a test. If there is none, CI fails and other runs skip the test."""
    return binaries() or missing("no PostgreSQL server among the system's packages (Debian: postgresql)")


class StockPostgres:
    """A cluster in a temporary folder, on a Unix socket in it. `stop` removes it."""

    def __init__(self, bin_folder: Path, settings: Mapping[str, str] = _FAST) -> None:
        self.bin_folder = bin_folder
        self.folder = Path(tempfile.mkdtemp(prefix="lb-pg-", dir=scratch()))
        self.data = self.folder / "data"
        #: On the server's command line, from the next start on.
        self.settings = {
            **settings,
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._prefix = unprivileged(self.folder)

    def run(self, program: str, *arguments: str | Path) -> None:
        """Runs one of PostgreSQL's programs in the folder, as the server's user. Raises CalledProcessError, with the
        program's output as a note.
        """
        command = [*self._prefix, self.bin_folder / program, *arguments]
        try:
            subprocess.run(command, check=True, capture_output=True, text=True, cwd=self.folder)
        except subprocess.CalledProcessError as error:
            error.add_note(error.stdout + error.stderr)
            raise

    def create(self, *options: str) -> None:
        """Creates the cluster. `options` are further ones of initdb."""
        common = ["-N", *("-U", OWNER), *("-A", "trust"), *("-E", "UTF8"), "--locale=C.UTF-8"]
        self.run("initdb", "-D", self.data, *common, *options)

    def start(self) -> None:
        """Starts the server, on a new cluster if there is none. Raises CalledProcessError or TimeoutError."""
        if not self.data.exists():
            self.create()
        options = [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]
        log = self.folder / "log"
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [*self._prefix, self.bin_folder / "postgres", "-D", self.data, *options],
                stdout=output,
                stderr=output,
                cwd="/",
            )
        deadline = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self.url(database="postgres")).close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise TimeoutError(log.read_text()[-2000:]) from None
                time.sleep(0.05)

    def url(self, role: str = OWNER, database: str = "leaderboard") -> str:
        """The URL of a database, for libpq, asyncpg and yoyo."""
        return f"postgresql://{role}@/{database}?host={self.folder}&port=5432"

    def shut_down(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stops the server, if it runs, and keeps the cluster."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=30)
            self._process = None

    def stop(self) -> None:
        """Stops the server and removes the folder."""
        try:
            self.shut_down()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)


def unprivileged(folder: Path) -> list[str]:
    """The start of a command that ends with the test process, and that a server which refuses to run as root needs.
    Gives its user the folder.
    """
    prefix = ["setpriv", "--pdeathsig", "INT"]
    if os.geteuid() == 0:
        account = next(pwd.getpwnam(name) for name in ("postgres", "nobody") if _exists(name))
        os.chown(folder, account.pw_uid, account.pw_gid)
        prefix += ["--reuid", account.pw_name, "--regid", str(account.pw_gid), "--clear-groups"]
    return prefix


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
