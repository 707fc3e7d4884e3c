"""`make restore FILE=board.dump`: puts a backup into the database, embedded or the one of DATABASE_URL.

    python -m service.commands.restore [--force] FILE

All of the backup goes in in one transaction: if anything fails, the database is unchanged. Then the database is
migrated to this release, the rank index rebuilt (its pending deltas carry transaction ids of the server that the backup
comes from), and everything verified.
"""

import argparse
import functools
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from service.commands import command, database_tools
from service.commands.archive import Archive
from service.commands.backup import HELD, shown, size_of
from service.commands.command import UsageError
from service.commands.database_tools import ToolError
from service.database import migrate
from service.embedded import locked, owner_database
from service.settings import Settings

#: How long a session that has ended, such as an earlier one of this command, may still be listed.
_ENDING_SECONDS = 2.0


@dataclass(slots=True)
class Report:
    """What was restored, and what the operator should check."""

    created: str
    held: dict[str, int] = field(default_factory=dict)
    #: API keys that the database had and the backup does not; keys that were revoked or expired and are valid again.
    keys_gone: list[str] = field(default_factory=list)
    keys_back: list[str] = field(default_factory=list)
    open_now: bool = False
    differences: list[tuple[Any, ...]] = field(default_factory=list)


def restore(url: str, source: Path, *, force: bool = False, service_has_login: bool = False) -> Report:
    """Puts the backup into the database at `url`, the owner's address. No one else may use it in the meantime.
    `service_has_login`: see migrate.apply.

    Raises ToolError, after which the database is unchanged, and MigrationError, after which it is unchanged, or
    restored but not of this release.
    """
    archive = Archive(source)
    report = Report(archive.created)
    server = database_tools.server_version(url)
    migrate.check(url)
    with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
        _refuse_others(connection)
        before = _api_keys(connection)
        players = _count(connection, "users")
        others = [name for name in archive.others if _exists(connection, name)]
    if others and not force:
        raise ToolError(
            f"the backup has tables of other programs, too ({', '.join(others)}), which the database has already, and"
            " nothing was changed. FORCE=1 replaces them by the backup"
        )
    if players and not force:
        raise ToolError(
            f"the database holds {players:,} player{'' if players == 1 else 's'} already, and nothing was"
            " changed. FORCE=1 replaces everything in it by the backup"
        )
    archive.load(url, server)
    migrate.apply(url, service_has_login=service_has_login, restored=True)
    _finish(url, before, report)
    return report


def _count(connection: "psycopg.Connection[tuple[Any, ...]]", table: str) -> int:
    """The number of rows of a table; 0 if there is no such table."""
    if not _exists(connection, f"public.{table}"):
        return 0
    row = connection.execute(f"SELECT count(*) FROM public.{table}").fetchone()
    return int(row[0]) if row else 0


def _exists(connection: "psycopg.Connection[tuple[Any, ...]]", table: str) -> bool:
    return connection.execute("SELECT to_regclass(%s)", [table]).fetchone() != (None,)


def _refuse_others(connection: "psycopg.Connection[tuple[Any, ...]]") -> None:
    """Raises ToolError if another session is connected to the database, such as a running service."""
    deadline = time.monotonic() + _ENDING_SECONDS
    while True:
        found = connection.execute(
            "SELECT count(*), min(a.usename) FROM pg_stat_activity AS a WHERE a.datname = current_database()"
            " AND a.pid <> pg_backend_pid() AND (a.backend_type = 'client backend' OR a.backend_type IS NULL)"
            " AND a.usename IS NOT NULL"
        ).fetchone()
        if not found or not found[0]:
            return
        if time.monotonic() >= deadline:
            raise ToolError(
                f"{found[0]} other session{' uses' if found[0] == 1 else 's use'} the database (of {found[1]}),"
                " and nothing was changed: stop the service and all other clients, then try again"
            )
        time.sleep(0.05)


def _api_keys(connection: "psycopg.Connection[tuple[Any, ...]]") -> dict[str, tuple[str, bool]]:
    """Name and validity of every API key by its id."""
    if not _exists(connection, "public.api_keys"):
        return {}
    rows = connection.execute(
        "SELECT k.id, k.name, k.revoked_at IS NULL AND coalesce(k.expires_at > now(), true)"
        " FROM public.api_keys AS k ORDER BY k.created_at, k.id"
    ).fetchall()
    return {key: (name, valid) for key, name, valid in rows}


def _finish(url: str, before: dict[str, tuple[str, bool]], report: Report) -> None:
    with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
        connection.execute("SET statement_timeout = 0")
        connection.execute("SET default_transaction_isolation = 'read committed'")
        with connection.transaction():
            # Pending deltas are in the totals already, from which the index is rebuilt.
            connection.execute("DELETE FROM public.rank_delta")
            connection.execute(
                "SELECT rank_index.rebuild(i.id)"
                " FROM (SELECT s.board_id AS id FROM public.rank_state AS s ORDER BY s.board_id OFFSET 0) AS i"
            )
        connection.execute("ANALYZE")
        report.differences = connection.execute("SELECT * FROM api.verify_leaderboard()").fetchall()
        for table, name in HELD.items():
            report.held[name] = _count(connection, table)
        after = _api_keys(connection)
    report.open_now = bool(before) and not after
    report.keys_gone = [f"{key} ({name})" for key, (name, valid) in before.items() if valid and key not in after]
    report.keys_back = [
        f"{key} ({name})" for key, (name, valid) in after.items() if valid and key in before and not before[key][1]
    ]


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit status: 1 if the backup is not in the database or something differs, 2 for a wrong setting or
    argument.
    """
    parser = argparse.ArgumentParser(
        prog="python -m service.commands.restore",
        description="Put a backup into the database, while no service uses it.",
    )
    parser.add_argument("--force", action="store_true", help="replace what the database holds")
    parser.add_argument("file")
    options = parser.parse_args(arguments)
    work = functools.partial(_restore, file=options.file, force=options.force)
    return command.run(work, interrupted="the database is either unchanged or completely restored")


def _restore(settings: Settings, *, file: str, force: bool) -> int:
    if not file:
        raise UsageError("name the backup: make restore FILE=board.dump")
    source = Path(file)
    if settings.embedded_database:
        # Fails with advice if a service runs.
        with locked(settings.data_dir.absolute(), "make restore"):
            pass
    with owner_database(settings, "make restore") as url:
        report = restore(url, source, force=force, service_has_login=settings.service_has_login)
    return _print(report, source)


def _print(report: Report, source: Path) -> int:
    print(f"restored {shown(report.held)} from {source} ({size_of(source)}), saved at {report.created}")
    if report.keys_gone:
        print(
            "warning: API keys that were created after the backup are gone: " + ", ".join(report.keys_gone),
            file=sys.stderr,
        )
    if report.keys_back:
        print(
            "warning: API keys that were revoked after the backup are valid again; revoke them once more (make"
            " revoke-api-key ID=): " + ", ".join(report.keys_back),
            file=sys.stderr,
        )
    if report.open_now:
        print("warning: the backup has no API key, so anyone may submit (unless REQUIRE_KEYS=1)", file=sys.stderr)
    elif report.held["API keys"]:
        print("check the API keys (make api-keys): the backup knows nothing of keys created or revoked after it")
    if report.differences:
        print(
            f"error: {len(report.differences)} totals or ranks differ from the ledger (SELECT * FROM"
            " api.verify_leaderboard()); SELECT * FROM api.rebuild_leaderboard() corrects them",
            file=sys.stderr,
        )
        return 1
    print("verified: every total and rank agrees with the ledger")
    return 0


if __name__ == "__main__":
    sys.exit(main())
