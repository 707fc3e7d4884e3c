"""Brings a database to this release: pending migrations, then every function file, in one transaction.

    python -m service.database.migrate                    what `make migrate` runs
    python -m service.database.migrate --rollback-last    takes the newest migration back

Built around yoyo, which finds the migrations, orders them and keeps the books. What it does not do alone:

- The function files are deployed on every run, whether or not a migration is pending, so an edited function
  never stays behind. They are applied twice: first with their bodies unchecked, so that their order does not
  matter, then checked, so that a broken body fails the deployment.
- All of it is one transaction. Whatever fails, nothing has changed. So a migration must be able to run inside
  of one: no `-- transactional: false`, no COMMIT, no CREATE INDEX CONCURRENTLY.
- Runs queue on an advisory lock of that transaction, which goes with a killed run. yoyo's own lock is a row
  that would stay; one that a killed `yoyo` left behind is removed.
- A `%` in a file is a `%`. yoyo would take it for a placeholder.
"""

import argparse
import contextlib
import functools
import logging
import re
import socket
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from yoyo import config as yoyo_config
from yoyo import exceptions as yoyo_exceptions
from yoyo import internalmigrations
from yoyo import migrations as yoyo_migrations
from yoyo.backends.core.postgresql import PostgresqlPsycopgBackend
from yoyo.connections import parse_uri

from service.embedded import EmbeddedServerError, owner_database
from service.settings import SettingsError, load, urls

logger = logging.getLogger(__name__)
# It reports each migration once more.
logging.getLogger("yoyo.migrations").setLevel(logging.WARNING)

_ROOT = Path(__file__).resolve().parents[2]
_OLDEST_SERVER = 15
#: The key of the advisory lock, the same in every release: "leaderb" in ASCII.
_ADVISORY_LOCK = 0x6C656164657262
#: How long a statement waits for a lock that somebody else's transaction holds. A waiting CREATE TRIGGER
#: holds up every write behind it, so giving up is better than waiting on.
_LOCK_TIMEOUT = "10s"
_ATTEMPTS = 5
_TRANSACTION_COMMAND = re.compile(
    r"(BEGIN|START\s+TRANSACTION|COMMIT|END|ABORT|ROLLBACK(?!\s+((WORK|TRANSACTION)\s+)?TO)|PREPARE\s+TRANSACTION)\b",
    re.IGNORECASE,
)


class MigrationError(Exception):
    """The database was not migrated, and nothing in it changed. The message is one line for the operator."""


class DatabaseUnreachableError(MigrationError):
    """There was no connection to the database: it may still be starting."""


@dataclass(frozen=True)
class Sources:
    """Where the SQL files are, and the table that yoyo keeps its books in."""

    migrations: Path
    functions: Path
    table: str = "_yoyo_migration"

    @classmethod
    def from_ini(cls, path: Path = _ROOT / "yoyo.ini") -> "Sources":
        """What `yoyo.ini` says. Raises MigrationError if it cannot be read."""
        try:
            section = yoyo_config.read_config(str(path))["DEFAULT"]
            return cls(Path(section["sources"]), Path(section["functions"]), section["migration_table"])
        except (OSError, KeyError, ValueError) as error:
            raise MigrationError(f"{path} cannot be read: {error!r}") from error


@functools.cache
def _default_sources() -> Sources:
    return Sources.from_ini()


def apply(database_url: str, sources: Sources | None = None) -> list[str]:
    """Applies the pending migrations and all function files; returns the names of the migrations applied.

    `database_url` is the owner's. Any number of runs at once is fine, each waits for its turn. Raises
    MigrationError.
    """
    sources = sources or _default_sources()
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with _connected(database_url, sources) as backend, backend.transaction():
                return _apply(backend, sources)
        except _Collision as error:
            if attempt == _ATTEMPTS:
                raise MigrationError(str(error)) from error
            logger.info("another session changed the same things, trying again: %s", error)
    raise AssertionError("unreachable")


def rollback_last(database_url: str, sources: Sources | None = None) -> str | None:
    """Takes back the newest migration by its `.rollback.sql`; returns its name, None if none is applied.

    The function files stay as they are: deploy the release that belongs to the older tables next. Raises
    MigrationError.
    """
    sources = sources or _default_sources()
    with _connected(database_url, sources) as backend, backend.transaction():
        _prepare(backend)
        newest = next(iter(backend.to_rollback(_read(sources))), None)
        if newest is None:
            return None
        _run(backend, _statements(Path(newest.path).with_suffix(".rollback.sql")))
        backend.unmark_one(newest)
        return str(newest.id)


def known(sources: Sources | None = None) -> list[str]:
    """The names of this release's migrations, in the order that they are applied in."""
    return [str(migration.id) for migration in _read(sources or _default_sources())]


def _apply(backend: "_Backend", sources: Sources) -> list[str]:
    _prepare(backend)
    known = _read(sources)
    _refuse_unknown(backend, known)
    pending = backend.to_apply(known)
    for migration in pending:
        _run(backend, _statements(Path(migration.path)))
        backend.mark_one(migration)
    functions = [statement for path in _function_files(sources.functions) for statement in _statements(path)]
    for check in ("off", "on"):
        backend.execute(f"SET LOCAL check_function_bodies = {check}")
        _run(backend, functions)
    return [str(migration.id) for migration in pending]


def _prepare(backend: "_Backend") -> None:
    """Waits for other runs, then makes sure of yoyo's tables."""
    if not backend.scalar(f"SELECT pg_try_advisory_xact_lock({_ADVISORY_LOCK})"):
        logger.info("another migration of this database is under way, waiting for it")
        backend.execute(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
    backend.execute(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'")
    if backend.scalar(f"SELECT to_regclass('{backend.lock_table}') IS NOT NULL"):
        backend.break_lock()
    if internalmigrations.needs_upgrading(backend):
        internalmigrations.upgrade(backend)


def _read(sources: Sources) -> Any:
    """yoyo's list of the migrations. Raises MigrationError for one that cannot be part of the transaction."""
    try:
        found = yoyo_migrations.read_migrations(str(sources.migrations))
        for migration in found:
            migration.load()
            if not migration.is_raw_sql() or not migration.use_transactions:
                raise MigrationError(
                    f"{_shown(Path(migration.path))}: only SQL files that can run in a transaction can be deployed"
                )
    except (yoyo_exceptions.BadMigration, yoyo_exceptions.MigrationConflict, OSError, ValueError) as error:
        raise MigrationError(f"the migrations cannot be read: {error}") from error
    if not found:
        raise MigrationError(f"there are no migrations in {_shown(sources.migrations)}")
    return found


def _refuse_unknown(backend: "_Backend", known: Any) -> None:
    """An older release must not put its functions over the tables of a newer one."""
    table = backend.quote_identifier(backend.migration_table)
    applied = {row[0] for row in backend.execute(f"SELECT migration_id FROM {table}").fetchall()}
    unknown = sorted(applied - {migration.id for migration in known})
    if unknown:
        raise MigrationError(
            f"the database is of a newer release: it has {', '.join(unknown)}, which this one does not know."
            " Use the newer release"
        )


def _function_files(folder: Path) -> list[Path]:
    """`<schema>/<name>.sql` in order of their names, and `grants.sql` at the end."""
    files = sorted(folder.glob("*/*.sql"))
    grants = folder / "grants.sql"
    return [*files, grants] if grants.exists() else files


@dataclass(frozen=True)
class _Statement:
    """One statement of a file, and the line it begins in."""

    path: Path
    line: int
    sql: str


def _statements(path: Path) -> list[_Statement]:
    """The file's statements. One by one, since few errors of DDL say where they are."""
    try:
        text = path.read_text(encoding="utf-8")
        _, _, parts = yoyo_migrations.read_sql_migration(str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise MigrationError(f"{_shown(path)} cannot be read: {error}") from error
    found = []
    end = 0
    for part in parts:
        start = text.index(part, end) + _first_word(part)
        end = start + len(part) - _first_word(part)
        statement = _Statement(path, text.count("\n", 0, start) + 1, text[start:end])
        if _TRANSACTION_COMMAND.match(statement.sql):
            raise MigrationError(
                f"{_shown(path)} line {statement.line}: a deployment is one transaction, leave its end to it"
            )
        found.append(statement)
    return found


def _run(backend: "_Backend", statements: list[_Statement]) -> None:
    """Runs the statements. Raises MigrationError with the file and line at fault."""
    for statement in statements:
        try:
            backend.execute(statement.sql)
        except psycopg.Error as error:
            _raise_collision(error)
            position = int(error.diag.statement_position or 1)
            line = statement.line + statement.sql.count("\n", 0, position - 1)
            raise MigrationError(f"{_shown(statement.path)} line {line}: {_described(error)}") from error


def _first_word(sql: str) -> int:
    """Where the statement begins behind its comments."""
    found = re.match(r"(\s*--[^\n]*\n)*\s*", sql)
    return found.end() if found else 0


class _Collision(Exception):
    """Another session was at the same rows of the catalogue. Nothing has changed; try again."""


def _raise_collision(error: psycopg.Error) -> None:
    """Roles belong to the whole cluster, so a migration of another database may meet this one at them."""
    tuple_updated = error.sqlstate == "XX000" and "concurrently" in str(error)
    if tuple_updated or error.sqlstate in {"40001", "40P01"}:
        raise _Collision(_described(error)) from error


def _log_warning(notice: psycopg.errors.Diagnostic) -> None:
    """What a migration tells the operator."""
    if notice.severity_nonlocalized == "WARNING":
        logger.warning("%s", notice.message_primary)


def _described(error: psycopg.Error) -> str:
    """The server's message in one line, with what helps to find the place."""
    parts = [error.diag.message_primary or str(error).strip()]
    if error.diag.context and not error.diag.statement_position:
        parts.append(error.diag.context)
    if error.diag.message_hint:
        parts.append(error.diag.message_hint)
    if error.sqlstate == "42501":
        parts.append("DATABASE_URL must name the owner of the database")
    if error.sqlstate == "55P03":
        parts.append(f"somebody held a lock for more than {_LOCK_TIMEOUT}: end that transaction, or try again")
    described = "; ".join(" ".join(part.split()) for part in parts)
    return f"{described} ({error.sqlstate})" if error.sqlstate else described


def _shown(path: Path) -> Path:
    return path.relative_to(_ROOT) if path.is_relative_to(_ROOT) else path


@contextlib.contextmanager
def _connected(database_url: str, sources: Sources) -> Iterator["_Backend"]:
    try:
        backend = _Backend(database_url, sources.table)
    except psycopg.Error as error:
        if isinstance(error, psycopg.ProgrammingError) and error.sqlstate is None:
            # Not chained: what libpq says of an address that it cannot read may quote the password.
            raise MigrationError(urls.UNREADABLE) from None
        raise DatabaseUnreachableError(f"the database cannot be reached: {' '.join(str(error).split())}") from error
    try:
        version = backend.connection.info.server_version // 10_000
        if version < _OLDEST_SERVER:
            raise MigrationError(
                f"the server is PostgreSQL {version}, but PostgreSQL {_OLDEST_SERVER} or later is needed"
            )
        yield backend
    except psycopg.Error as error:
        _raise_collision(error)
        raise MigrationError(_described(error)) from error
    finally:
        backend.connection.close()


class _Backend(PostgresqlPsycopgBackend):  # type: ignore[misc]  # yoyo has no types
    """yoyo's books on a connection of ours. Inside of `transaction()`, yoyo's transactions are savepoints."""

    def __init__(self, database_url: str, table: str) -> None:
        self._database_url = database_url
        # yoyo's parser knows a part of what libpq accepts, so the address itself goes to libpq (`connect`).
        super().__init__(parse_uri("postgresql+psycopg://"), table)

    def connect(self, dburi: object) -> psycopg.Connection[Any]:
        patience = {} if "connect_timeout" in conninfo_to_dict(self._database_url) else {"connect_timeout": 10}
        conninfo = make_conninfo(self._database_url, application_name="leaderboard-migrate", **patience)
        connection = psycopg.connect(conninfo, autocommit=True)
        connection.add_notice_handler(_log_warning)
        # Settings of the role or the database must not change what a deployment does.
        for setting in (
            "search_path = public",
            "default_transaction_isolation = 'read committed'",
            "default_transaction_read_only = off",
            "statement_timeout = 0",
            "idle_in_transaction_session_timeout = 0",
        ):
            connection.execute(f"SET {setting}")
        with contextlib.suppress(psycopg.errors.InvalidParameterValue):  # a server on Windows cannot do that
            # A killed run's statement ends within seconds, and with it the lock that the next run waits for.
            connection.execute("SET client_connection_check_interval = '1s'")
        return connection

    def execute(self, sql: str, params: Any = None) -> Any:
        return super().execute(sql, params) if params else self.connection.execute(sql)

    def scalar(self, sql: str) -> Any:
        return self.execute(sql).fetchone()[0]

    def get_log_data(self, migration: Any = None, operation: str = "apply") -> dict[str, Any]:
        # yoyo's own asks the name service for the host, which can take many seconds where there is none.
        return {
            "id": str(uuid.uuid4()),
            "migration_id": migration.id,
            "migration_hash": migration.hash,
            "username": self.connection.info.user,
            "hostname": socket.gethostname(),
            "created_at_utc": datetime.now(UTC).replace(tzinfo=None),
            "operation": operation,
        }


def main(arguments: list[str] | None = None) -> int:
    """The command: prints what it did, or why not (on standard error); returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m service.database.migrate", description="Migrates the service's database."
    )
    parser.add_argument("--rollback-last", action="store_true", help="take back the newest migration instead")
    options = parser.parse_args(arguments)
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    logging.getLogger("service").setLevel(logging.INFO)
    try:
        with owner_database(load(), "make migrate") as database_url:
            if options.rollback_last:
                print(f"took back {rollback_last(database_url) or 'nothing: no migration is applied'}")
            else:
                applied = apply(database_url)
                for name in applied:
                    print(f"applied {name}")
                files = len(_function_files(_default_sources().functions))
                print(f"{'' if applied else 'no migration was pending; '}deployed {files} function files")
    except (SettingsError, EmbeddedServerError, MigrationError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
