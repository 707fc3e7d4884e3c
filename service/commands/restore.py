"""`make restore FILE=board.dump`: puts a backup into the database, embedded or the one of DATABASE_URL.

    python -m service.commands.restore [--force] FILE

All of it is one transaction: whatever fails, the database is as it was. Then the database is brought to this
release, the rank index counted anew (its pending changes are named by transaction ids, which belong to the
server that gave them), and the whole verified.

What another server, perhaps an older one, cannot take is left out: owners and grants (grants.sql has
them), the extension of the embedded server, settings that it does not know.
"""

import argparse
import contextlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, TypeAlias

import psycopg

from service.commands import database_tools
from service.commands.backup import HELD, shown, size_of
from service.commands.database_tools import ToolError
from service.database import migrate
from service.embedded import EmbeddedServerError, locked, owner_database
from service.settings import Settings, SettingsError, load

#: Lines of an archive's list that are left out, by their kind.
_LEFT_OUT = re.compile(
    r"^\d+; \d+ \d+ (EXTENSION|COMMENT - EXTENSION|SCHEMA - public|COMMENT - SCHEMA public|ACL|DEFAULT ACL"
    r"|PUBLICATION|PUBLICATION TABLE|SUBSCRIPTION|EVENT TRIGGER|STATISTICS DATA)\b"
)
_LISTED = re.compile(r"^\d+; \d+ \d+ (TABLE|SEQUENCE) (\S+) (\S+) ")
_CREATED = re.compile(r"^;\s+Archive created at (.+)$", re.MULTILINE)
_MADE = re.compile(r"CREATE (TABLE|SEQUENCE) (\w+)\.(\w+)")
#: What a server before the version does not know, and a newer pg_restore sets.
_NEW_SETTINGS = {b"transaction_timeout": 17}
#: Below this line of what pg_restore writes there may be data.
_HEAD_LINES = 60

#: TABLE or SEQUENCE, schema, name.
Relation: TypeAlias = tuple[str, str, str]


@dataclass(slots=True)
class Report:
    """What was restored, and what is to be looked at."""

    created: str
    held: dict[str, int] = field(default_factory=dict)
    #: Keys that the database had and the backup has not; those that it had ended and are good again.
    keys_gone: list[str] = field(default_factory=list)
    keys_back: list[str] = field(default_factory=list)
    open_now: bool = False
    differences: list[tuple[Any, ...]] = field(default_factory=list)


def restore(url: str, source: Path, *, force: bool = False) -> Report:
    """Puts the backup into the database at `url`, the owner's address, which nobody else may use meanwhile.

    Raises ToolError, after which the database is as it was, and migrate.MigrationError, after which it is
    restored but not of this release.
    """
    if not source.is_file():
        raise ToolError(f"there is no file {source}")
    program, psql = database_tools.find("pg_restore"), database_tools.find("psql")
    listed = subprocess.run([program, "--list", str(source)], capture_output=True, text=True)
    if listed.returncode != 0:
        raise database_tools.failure("pg_restore", listed.stderr)
    relations = _relations(listed.stdout)
    if ("TABLE", "public", "game_sessions") not in relations:
        raise ToolError(f"{source} is no backup of a leaderboard")
    created = _CREATED.search(listed.stdout)
    report = Report(created[1] if created else "an unknown time")
    version = database_tools.server_version(url)
    with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
        _refuse_others(connection)
        before = _api_keys(connection)
        players = _count(connection, "users")
    if players and not force:
        raise ToolError(
            f"the database holds {players:,} player{'' if players == 1 else 's'} already, and nothing was"
            " changed. FORCE=1 replaces all that it holds by the backup"
        )
    _load(url, version, source, program, psql, listed.stdout, relations)
    migrate.apply(url)
    _finish(url, before, report)
    return report


def _relations(listed: str) -> set[Relation]:
    found = (_LISTED.match(line) for line in listed.splitlines())
    return {(match[1], match[2], match[3]) for match in found if match}


def _count(connection: "psycopg.Connection[tuple[Any, ...]]", table: str) -> int:
    """The rows of a table; 0 where there is none."""
    if connection.execute("SELECT to_regclass(%s)", [f"public.{table}"]).fetchone() == (None,):
        return 0
    row = connection.execute(f"SELECT count(*) FROM public.{table}").fetchone()
    return int(row[0]) if row else 0


def _refuse_others(connection: "psycopg.Connection[tuple[Any, ...]]") -> None:
    """Raises ToolError where somebody else is connected to the database, as a service that runs."""
    found = connection.execute(
        "SELECT count(*), min(a.usename) FROM pg_stat_activity AS a WHERE a.datname = current_database()"
        " AND a.pid <> pg_backend_pid() AND (a.backend_type = 'client backend' OR a.backend_type IS NULL)"
        " AND a.usename IS NOT NULL"
    ).fetchone()
    if found and found[0]:
        raise ToolError(
            f"{found[0]} other session{' uses' if found[0] == 1 else 's use'} the database (of {found[1]}),"
            " and nothing was changed: stop the service and whatever else is connected, then start again"
        )


def _api_keys(connection: "psycopg.Connection[tuple[Any, ...]]") -> dict[str, tuple[str, bool]]:
    """Name, and whether it is good, of every API key by its id."""
    if connection.execute("SELECT to_regclass('public.api_keys')").fetchone() == (None,):
        return {}
    rows = connection.execute(
        "SELECT k.id, k.name, k.revoked_at IS NULL AND coalesce(k.expires_at > now(), true)"
        " FROM public.api_keys AS k ORDER BY k.created_at, k.id"
    ).fetchall()
    return {key: (name, good) for key, name, good in rows}


def _load(url: str, version: int, source: Path, program: str, psql: str, listed: str, relations: set[Relation]) -> None:
    """One transaction: what stands in the way goes, and the backup comes."""
    conninfo, environ = database_tools.address(url)
    wanted = "\n".join(line for line in listed.splitlines() if not _LEFT_OUT.match(line))
    with (
        _text_file(wanted + "\n") as contents,
        tempfile.TemporaryFile() as of_writer,
        tempfile.TemporaryFile() as of_reader,
        subprocess.Popen(
            [program, "--no-owner", "--no-privileges", f"--use-list={contents}", "--file=-", str(source)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=of_writer,
        ) as writer,
        subprocess.Popen(
            [
                *(psql, "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction"),
                *("--output=/dev/null", f"--dbname={conninfo}", "--file=-"),
            ],
            stdin=subprocess.PIPE,
            stderr=of_reader,
            env={**environ, "PGOPTIONS": "-c statement_timeout=0 -c lock_timeout=10s"},
        ) as reader,
    ):
        try:
            whole = _pass_on(writer, reader, version, relations)
        except BaseException:
            # psql first: at the end of what it reads it would commit.
            reader.kill()
            writer.kill()
            raise
        if reader.wait() != 0 or not whole:
            for said in (of_reader, of_writer) if whole else (of_writer, of_reader):
                said.seek(0)
                if text := said.read().decode(errors="replace").strip():
                    raise database_tools.failure("the restore", text)
            raise database_tools.failure("the restore", "")


@contextlib.contextmanager
def _text_file(text: str) -> Iterator[str]:
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        yield file.name


def _pass_on(
    writer: "subprocess.Popen[bytes]",
    reader: "subprocess.Popen[bytes]",
    version: int,
    relations: set[Relation],
) -> bool:
    """Hands what pg_restore writes to psql, with what comes before and after it. Whether it was whole."""
    assert writer.stdout is not None and reader.stdin is not None
    whole = True
    try:
        reader.stdin.write("".join(_before(relations)).encode())
        for chunk in _known_to(version, writer.stdout):
            reader.stdin.write(chunk)
        whole = writer.wait() == 0
        # A backup that breaks off, perhaps within the rows of a table, must not be committed.
        end = "".join(_after()) if whole else "\n\\.\nSELECT 1 / 0 AS the_backup_breaks_off;\n"
        reader.stdin.write(end.encode())
        reader.stdin.close()
    except BrokenPipeError:  # psql says why
        writer.kill()
    return whole


def _before(relations: set[Relation]) -> Iterator[str]:
    """Takes away what the backup brings, and what this release has besides."""
    made = {
        (kind, schema, name)
        for path in migrate.Sources.from_ini().migrations.glob("*.sql")
        for kind, schema, name in _MADE.findall(path.read_text(encoding="utf-8"))
    }
    yield "SET client_min_messages = warning;\n"
    yield "DROP SCHEMA IF EXISTS api, submission, rank_index, board, ledger, internal, shard, lib CASCADE;\n"
    # Tables first: most sequences go with theirs.
    for kind, schema, name in sorted(made | relations, reverse=True):
        yield f'DROP {kind} IF EXISTS "{schema}"."{name}" CASCADE;\n'


def _after() -> Iterator[str]:
    """Refuses a backup of a newer release. Roles and rights come with the deploy that follows."""
    known = ", ".join(f"'{name}'" for name in migrate.known())
    yield (
        "RESET ALL;\nDO $$ BEGIN IF EXISTS (SELECT FROM public._yoyo_migration AS m"
        f" WHERE m.migration_id NOT IN ({known})) THEN RAISE EXCEPTION"
        " 'the backup is of a newer release of the leaderboard: restore it with that one'; END IF; END $$;\n"
    )


def _known_to(version: int, lines: IO[bytes]) -> Iterator[bytes]:
    """What pg_restore writes, without the settings at its beginning that the server does not know."""
    for number, line in enumerate(lines):
        if number < _HEAD_LINES and line.startswith(b"SET "):
            name = line[4:].split(b" ", 1)[0]
            if version < _NEW_SETTINGS.get(name, 0):
                continue
        yield line
        if number >= _HEAD_LINES:
            break
    while chunk := lines.read(1 << 16):
        yield chunk


def _finish(url: str, before: dict[str, tuple[str, bool]], report: Report) -> None:
    with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
        connection.execute("SET statement_timeout = 0")
        connection.execute("SET default_transaction_isolation = 'read committed'")
        with connection.transaction():
            # Pending changes are in the totals already, which are counted anew.
            connection.execute("DELETE FROM public.rank_delta")
            connection.execute(
                "SELECT rank_index.rebuild(i.id)"
                " FROM (SELECT b.id FROM public.boards AS b ORDER BY b.id OFFSET 0) AS i"
            )
        connection.execute("ANALYZE")
        report.differences = connection.execute("SELECT * FROM api.verify_leaderboard()").fetchall()
        for table, name in HELD.items():
            report.held[name] = _count(connection, table)
        after = _api_keys(connection)
    report.open_now = bool(before) and not after
    report.keys_gone = [f"{key} ({name})" for key, (name, good) in before.items() if good and key not in after]
    report.keys_back = [
        f"{key} ({name})" for key, (name, good) in after.items() if good and key in before and not before[key][1]
    ]


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit status: 1 if the backup is not in the database, or not rightly; 2 for a wrong
    setting.
    """
    parser = argparse.ArgumentParser(
        prog="python -m service.commands.restore",
        description="Put a backup into the database, while no service uses it.",
    )
    parser.add_argument("--force", action="store_true", help="replace what the database holds")
    parser.add_argument("file")
    options = parser.parse_args(arguments)
    if not options.file:
        print("error: say what: make restore FILE=board.dump", file=sys.stderr)
        return 2
    source = Path(options.file)
    try:
        report = _run(load(), source, force=options.force)
    except SettingsError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except (ToolError, EmbeddedServerError, migrate.MigrationError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except psycopg.Error as error:
        print(f"error: the database failed: {' '.join(str(error).split())}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted: the database is as it was, or has the whole backup", file=sys.stderr)
        return 130
    return _tell(report, source)


def _run(settings: Settings, source: Path, *, force: bool) -> Report:
    if settings.embedded_database:
        # A service that runs is told by its lock, with what to do.
        with locked(settings.data_dir.absolute(), "make restore"):
            pass
    with owner_database(settings, "make restore") as url:
        return restore(url, source, force=force)


def _tell(report: Report, source: Path) -> int:
    print(f"restored {shown(report.held)} from {source} ({size_of(source)}), saved at {report.created}")
    if report.keys_gone:
        print(
            "warning: API keys that were made after the backup are gone: " + ", ".join(report.keys_gone),
            file=sys.stderr,
        )
    if report.keys_back:
        print(
            "warning: API keys that were revoked after the backup are good again; revoke them once more (make"
            " revoke-api-key ID=): " + ", ".join(report.keys_back),
            file=sys.stderr,
        )
    if report.open_now:
        print("warning: the backup has no API key, so everybody may submit (REQUIRE_KEYS=1)", file=sys.stderr)
    elif report.held["API keys"]:
        print("look at the API keys (make api-keys): what was made or revoked after the backup is not in it")
    if report.differences:
        print(
            f"error: {len(report.differences)} totals or ranks are not what the ledger says (SELECT * FROM"
            " api.verify_leaderboard()); SELECT * FROM api.rebuild_leaderboard() makes them so",
            file=sys.stderr,
        )
        return 1
    print("verified: every total and rank is what the ledger says")
    return 0


if __name__ == "__main__":
    sys.exit(main())
