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


class StockPostgres:
    """A cluster in a temporary folder, on a Unix socket in it. `stop` removes it."""

    def __init__(self, bin_folder: Path, settings: Mapping[str, str] = _FAST) -> None:
        self.bin_folder = bin_folder
        self._folder = Path(tempfile.mkdtemp(prefix="lb-pg-"))
        self._settings = {
            **settings,
            "listen_addresses": "",
            "unix_socket_directories": str(self._folder),
        }
        self._prefix = unprivileged(self._folder)

    def start(self) -> None:
        """Creates the cluster and starts its server. Raises CalledProcessError or TimeoutError."""
        data = self._folder / "data"
        initdb = [self.bin_folder / "initdb", "-D", data, "-N"]
        initdb += [*("-U", OWNER), *("-A", "trust"), *("-E", "UTF8"), "--locale=C.UTF-8"]
        subprocess.run([*self._prefix, *initdb], check=True, capture_output=True, cwd="/")
        self._run()

    def restart(self) -> None:
        self._process.send_signal(signal.SIGINT)
        self._process.wait(timeout=30)
        self._run()

    def _run(self) -> None:
        data = self._folder / "data"
        options = [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        log = self._folder / "log"
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [*self._prefix, self.bin_folder / "postgres", "-D", data, *options],
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
        return f"postgresql://{role}@/{database}?host={self._folder}&port=5432"

    def stop(self) -> None:
        """Stops the server and removes the folder."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(timeout=30)
        shutil.rmtree(self._folder, ignore_errors=True)


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
