"""Brings a database to this release: pending migrations, then every function file, in one transaction.

yoyo finds and orders the migrations and records which are applied. What it does not do alone:

- The function files are deployed on every run, even if no migration is pending, so an edited function is never
  missed. Their bodies are checked, so that a broken one fails the deployment. Where some are new or have other
  arguments, they are applied twice: first unchecked, so that their order does not matter.
- Everything is one transaction: if anything fails, nothing has changed. So a migration must be able to run in one: no
  `-- transactional: false`, no COMMIT, no CREATE INDEX CONCURRENTLY.
- Indexes that would keep writers waiting while they are built have files of their own, in db/indexes. They are built
  after that transaction, CONCURRENTLY, so nobody waits for them. Until then the functions work, but slowly.
- Concurrent runs wait for an advisory lock of that transaction, which a killed run releases. yoyo's own lock is a row
  that would stay; one that a killed `yoyo` left is removed.
- A `%` in a file is a `%`. yoyo would take it for a placeholder.
"""

import contextlib
import functools
import logging
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from yoyo import config as yoyo_config
from yoyo import exceptions as yoyo_exceptions
from yoyo import internalmigrations
from yoyo import migrations as yoyo_migrations

from service.database import preflight, sql_files
from service.database.new_objects import NewObjects
from service.database.preflight import MigrationError
from service.database.sql_files import Statement
from service.database.yoyo_backend import Backend
from service.settings import urls

logger = logging.getLogger(__name__)
# It would report each migration a second time.
logging.getLogger("yoyo.migrations").setLevel(logging.WARNING)

_ROOT = Path(__file__).resolve().parents[2]
_OLDEST_SERVER = 15
#: The key of the advisory lock, the same in every release ("leaderb" in ASCII).
_ADVISORY_LOCK = 0x6C656164657262
#: How long a statement waits for a lock of another transaction. A waiting CREATE TRIGGER blocks every write behind it,
#: so giving up is better than waiting longer.
_LOCK_TIMEOUT = "10s"
_ATTEMPTS = 5
_POLL_SECONDS = 0.1
_TRANSACTION_COMMAND = re.compile(
    r"(BEGIN|START\s+TRANSACTION|COMMIT|END|ABORT|ROLLBACK(?!\s+((WORK|TRANSACTION)\s+)?TO)|PREPARE\s+TRANSACTION)\b",
    re.IGNORECASE,
)


class DatabaseUnreachableError(MigrationError):
    """The database cannot be reached; it may still be starting."""


@dataclass(frozen=True)
class Sources:
    """The folders of the SQL files, and the table in which yoyo records what is applied."""

    migrations: Path
    functions: Path
    table: str = "_yoyo_migration"
    indexes: Path | None = None

    @classmethod
    def from_ini(cls, path: Path = _ROOT / "yoyo.ini") -> "Sources":
        """What `yoyo.ini` says. Raises MigrationError if it cannot be read."""
        try:
            section = yoyo_config.read_config(str(path))["DEFAULT"]
            return cls(
                Path(section["sources"]),
                Path(section["functions"]),
                section["migration_table"],
                Path(section["indexes"]),
            )
        except (OSError, KeyError, ValueError) as error:
            raise MigrationError(f"{path} cannot be read: {error!r}") from error

    def function_files(self) -> list[Path]:
        """`<schema>/<name>.sql` in order of their names, then `grants.sql`."""
        files = sorted(self.functions.glob("*/*.sql"))
        grants = self.functions / "grants.sql"
        return [*files, grants] if grants.exists() else files

    def index_files(self) -> list[Path]:
        """`<name>.sql` for each index in the schema public that is built CONCURRENTLY."""
        return sorted(self.indexes.glob("*.sql")) if self.indexes else []


@functools.cache
def _default_sources() -> Sources:
    return Sources.from_ini()


def apply(
    database_url: str, sources: Sources | None = None, *, service_has_login: bool = False, restored: bool = False
) -> list[str]:
    """Applies the pending migrations and all function files, then builds the indexes that are missing.

    Returns the names of the migrations applied.

    `database_url` is the owner's. `service_has_login`: the service connects as its own role (SERVICE_DATABASE_URL), so
    the owner need not be able to take that role. `restored`: the database was just restored, so all rights that other
    roles have on it come from default privileges. Concurrent runs wait for each other. Raises MigrationError.
    """
    sources = sources or _default_sources()
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with _connected(database_url, sources) as backend, backend.transaction():
                backend.execute(f"SET LOCAL leaderboard.service_has_login = {'on' if service_has_login else 'off'}")
                applied = _apply(backend, sources, restored)
            _build_indexes(database_url, sources)
            return applied
        except _Collision as error:
            if attempt == _ATTEMPTS:
                raise MigrationError(str(error)) from error
            logger.info("conflict with another session, trying again: %s", error)
    raise AssertionError("unreachable")


def rollback_last(database_url: str, sources: Sources | None = None) -> str | None:
    """Rolls back the newest migration with its `.rollback.sql`; returns its name, None if none is applied.

    The functions stay as they are: deploy the release that belongs to the older tables next. Raises MigrationError.
    """
    sources = sources or _default_sources()
    with _connected(database_url, sources) as backend, backend.transaction():
        _lock(backend)
        _prepare(backend)
        newest = next(iter(backend.to_rollback(_read(sources))), None)
        if newest is None:
            return None
        _run(backend, _statements(Path(newest.path).with_suffix(".rollback.sql")))
        backend.unmark_one(newest)
        return str(newest.id)


def known(sources: Sources | None = None) -> list[str]:
    """The names of this release's migrations, in the order in which they are applied."""
    return [str(migration.id) for migration in _read(sources or _default_sources())]


def created(sources: Sources | None = None) -> list[tuple[str, str]]:
    """What this release's migrations create: see preflight.created."""
    return _created(_read(sources or _default_sources()))


def check(database_url: str, sources: Sources | None = None) -> None:
    """Raises MigrationError if `apply` would refuse the database, since it belongs to another program or owner."""
    sources = sources or _default_sources()
    with _connected(database_url, sources) as backend, backend.transaction():
        _check(backend, _read(sources))


def _check(backend: Backend, known: Any) -> None:
    preflight.check_login(backend.connection)
    if backend.scalar(f"SELECT to_regclass('{backend.migration_table}') IS NULL"):
        pending = known
        preflight.check_rights(backend.connection)
    else:
        preflight.check_owner(backend.connection, backend.tables())
        _refuse_unknown(backend, known)
        pending = backend.to_apply(known)
    preflight.check_names(backend.connection, _created(pending))
    preflight.check_owner(backend.connection, _relations(known))


def _apply(backend: Backend, sources: Sources, restored: bool) -> list[str]:
    known = _read(sources)
    _lock(backend)
    _check(backend, known)
    new = NewObjects(backend.connection, [*_relations(known), *backend.tables()], all_new=restored)
    _prepare(backend)
    pending = backend.to_apply(known)
    for migration in pending:
        _run(backend, _statements(Path(migration.path)))
        backend.mark_one(migration)
        new.close()
    functions = [statement for path in sources.function_files() for statement in _statements(path)]
    if pending or not _replaced(backend, functions):
        backend.execute("SET LOCAL check_function_bodies = off")
        _run(backend, [one for one in functions if one.path.name != "grants.sql"])
        backend.execute("SET LOCAL check_function_bodies = on")
        _run(backend, functions)
    new.close()
    if len(pending) == len(known):  # a new database has no rows, and its pooler may allow one connection
        for path, _ in _missing_indexes(backend, sources):
            _run(backend, [one.here() for one in _statements(path)])
    return [str(migration.id) for migration in pending]


def _replaced(backend: Backend, functions: list[Statement]) -> bool:
    """Whether the functions could be replaced in one pass, as is usual where all of them exist. If not, nothing has
    changed. Raises MigrationError.
    """
    try:
        with backend.connection.transaction():
            backend.execute("SET LOCAL check_function_bodies = on")
            _run(backend, functions)
    except MigrationError as error:
        if isinstance(error.__cause__, psycopg.errors.UndefinedFunction):
            return False
        raise
    return True


def _build_indexes(database_url: str, sources: Sources) -> None:
    """Builds the indexes that are missing, or that a killed run left invalid. One run at a time: two that build on one
    table would wait for each other. Raises MigrationError if one cannot be built.
    """
    with _connected(database_url, sources) as holder, holder.transaction():
        if not _missing_indexes(holder, sources):
            return
        _lock(holder)
        missing = _missing_indexes(holder, sources)
        with _connected(database_url, sources) as builder:
            for path, is_invalid in missing:
                started = time.monotonic()
                try:
                    if is_invalid:
                        builder.execute(f"DROP INDEX CONCURRENTLY public.{path.stem}")
                    _run(builder, _statements(path))
                except (MigrationError, psycopg.Error) as error:
                    raise MigrationError(
                        f"the index {path.stem} was not built, all else is deployed: {error}; deploy again"
                    ) from error
                if (seconds := time.monotonic() - started) > 1:
                    logger.info("built the index %s in %.0f s", path.stem, seconds)


def _missing_indexes(backend: Backend, sources: Sources) -> list[tuple[Path, bool]]:
    """The files of the indexes that are not there, or (true) not valid."""
    valid = {
        path: backend.scalar(
            f"SELECT (SELECT i.indisvalid FROM pg_index AS i WHERE i.indexrelid = to_regclass('public.{path.stem}'))"
        )
        for path in sources.index_files()
    }
    return [(path, is_valid is False) for path, is_valid in valid.items() if not is_valid]


def _lock(backend: Backend) -> None:
    """Waits for other runs. It asks again and again, because a statement that waits has a snapshot, for the end of
    which the other run waits when it builds an index.
    """
    attempt = f"SELECT pg_try_advisory_xact_lock({_ADVISORY_LOCK})"
    if not backend.scalar(attempt):
        logger.info("waiting for another migration of this database")
        while not backend.scalar(attempt):
            time.sleep(_POLL_SECONDS)
    backend.execute(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'")


def _prepare(backend: Backend) -> None:
    """Creates or upgrades yoyo's tables."""
    if backend.scalar(f"SELECT to_regclass('{backend.lock_table}') IS NOT NULL"):
        backend.break_lock()
    if internalmigrations.needs_upgrading(backend):
        internalmigrations.upgrade(backend)


def _read(sources: Sources) -> Any:
    """yoyo's list of the migrations. Raises MigrationError if one cannot be part of the transaction."""
    try:
        found = yoyo_migrations.read_migrations(str(sources.migrations))
        by_id = {migration.id: migration for migration in found}
        for migration in found:
            directives, _, _ = yoyo_migrations.parse_metadata_from_sql_comments(Path(migration.path).read_text("utf-8"))
            # What Migration.load() would set, which splits each file by sqlparse first.
            migration.steps = []
            migration._depends = {by_id[name] for name in directives.get("depends", "").split()}
            if not migration.is_raw_sql() or directives.get("transactional", "true").lower() != "true":
                raise MigrationError(
                    f"{_shown(Path(migration.path))}: only SQL files that can run in a transaction can be deployed"
                )
    except KeyError as error:
        raise MigrationError(f"a migration depends on {error}, which is not there") from error
    except (yoyo_exceptions.BadMigration, yoyo_exceptions.MigrationConflict, OSError, ValueError) as error:
        raise MigrationError(f"the migrations cannot be read: {error}") from error
    if not found:
        raise MigrationError(f"there are no migrations in {_shown(sources.migrations)}")
    return found


def _created(migrations: Any) -> list[tuple[str, str]]:
    """What the migrations create: see preflight.created."""
    return [
        found
        for migration in migrations
        for statement in _statements(Path(migration.path))
        for found in preflight.created(statement.sql)
    ]


def _relations(migrations: Any) -> list[str]:
    return [name for kind, name in _created(migrations) if kind in {"table", "sequence"}]


def _refuse_unknown(backend: Backend, known: Any) -> None:
    """An older release must not deploy its functions on the tables of a newer one."""
    table = backend.quote_identifier(backend.migration_table)
    applied = {row[0] for row in backend.execute(f"SELECT migration_id FROM {table}").fetchall()}
    unknown = sorted(applied - {migration.id for migration in known})
    if unknown and len(unknown) == len(applied):
        found = f"has a table {table} with other migrations ({', '.join(unknown[:3])})"
        raise MigrationError(preflight.occupied(backend.connection, found))
    if unknown:
        raise MigrationError(
            f"the database was migrated by a newer release: it has {', '.join(unknown)}, which this release does not"
            " know; use the newer release"
        )


def _statements(path: Path) -> list[Statement]:
    """The file's statements. They are run one by one, since few errors of DDL say where they are."""
    try:
        found = sql_files.read(path)
    except (OSError, UnicodeDecodeError) as error:
        raise MigrationError(f"{_shown(path)} cannot be read: {error}") from error
    for statement in found:
        if _TRANSACTION_COMMAND.match(statement.sql):
            raise MigrationError(
                f"{_shown(path)} line {statement.line}: a deployment is one transaction, so a file must not end it"
            )
    return found


def _run(backend: Backend, statements: list[Statement]) -> None:
    """Runs the statements. Raises MigrationError with the file and line of the error."""
    for statement in statements:
        try:
            backend.execute(statement.sql)
        except psycopg.Error as error:
            _raise_collision(error)
            if error.sqlstate == "P0001":  # RAISE EXCEPTION: written for the operator
                raise MigrationError(
                    "; ".join(filter(None, [error.diag.message_primary, error.diag.message_hint]))
                ) from error
            position = int(error.diag.statement_position or 1)
            line = statement.line + statement.sql.count("\n", 0, position - 1)
            raise MigrationError(f"{_shown(statement.path)} line {line}: {_described(error)}") from error


class _Collision(Exception):
    """Another session changed the same rows of the catalogue. Nothing has changed here; try again."""


def _raise_collision(error: psycopg.Error) -> None:
    """Roles belong to the whole cluster, so a migration of another database may conflict with this one."""
    tuple_updated = error.sqlstate == "XX000" and "concurrently" in str(error)
    if tuple_updated or error.sqlstate in {"40001", "40P01"}:
        raise _Collision(_described(error)) from error


def _described(error: psycopg.Error) -> str:
    """The server's message in one line, with what helps to find the cause."""
    parts = [error.diag.message_primary or str(error).strip()]
    if error.diag.context and not error.diag.statement_position:
        parts.append(error.diag.context)
    if error.diag.message_hint:
        parts.append(error.diag.message_hint)
    if error.sqlstate == "42501":
        parts.append("DATABASE_URL must name the owner of the database")
    if error.sqlstate == "55P03":
        parts.append(f"another transaction held a lock for more than {_LOCK_TIMEOUT}: end it, or try again")
    described = "; ".join(" ".join(part.split()) for part in parts)
    return f"{described} ({error.sqlstate})" if error.sqlstate else described


def _shown(path: Path) -> Path:
    return path.relative_to(_ROOT) if path.is_relative_to(_ROOT) else path


@contextlib.contextmanager
def _connected(database_url: str, sources: Sources) -> Iterator[Backend]:
    try:
        backend = Backend(database_url, sources.table)
    except psycopg.Error as error:
        if isinstance(error, psycopg.ProgrammingError) and error.sqlstate is None:
            # Not chained: libpq's complaint about an address that it cannot read may quote the password.
            raise MigrationError(urls.UNREADABLE) from None
        raise DatabaseUnreachableError(f"the database cannot be reached: {' '.join(str(error).split())}") from error
    try:
        version = backend.connection.info.server_version // 10_000
        if version < _OLDEST_SERVER:
            raise MigrationError(
                f"the server is PostgreSQL {version}, but PostgreSQL {_OLDEST_SERVER} or later is required"
            )
        yield backend
    except psycopg.Error as error:
        _raise_collision(error)
        raise MigrationError(_described(error)) from error
    finally:
        backend.connection.close()
