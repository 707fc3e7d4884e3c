"""`make backup FILE=board.dump`: saves the whole database in one consistent file, while the service runs.

    python -m service.commands.backup [--force] FILE

The file is pg_dump's custom format; `make restore` (restore.py) and pg_restore read it.
"""

import argparse
import contextlib
import functools
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from service.commands import command, database_tools
from service.commands.command import UsageError
from service.commands.database_tools import ToolError
from service.embedded import owner_database
from service.settings import Settings

#: The tables whose rows are counted for the report, and what the rows are called.
HELD = {"users": "players", "game_sessions": "sessions", "boards": "boards", "api_keys": "API keys"}
#: The first pg_dump with --exclude-extension.
_EXCLUDES_EXTENSIONS = 17


def back_up(url: str, target: Path, *, force: bool = False) -> dict[str, int]:
    """Writes the database at `url`, the owner's address, to `target`: all of it as of one moment, or no file. Returns
    how many players, sessions, boards and API keys it has. Raises ToolError and psycopg.Error.
    """
    if target.exists() and not force:
        raise ToolError(f"{target} exists: choose another name, or overwrite it with FORCE=1")
    dump = database_tools.find("pg_dump", database_tools.server_version(url), url=url)
    with (
        _snapshot(url) as (snapshot, held),
        _private_file(target, force=force) as file,
        database_tools.address(url) as (conninfo, environ),
    ):
        options = ["--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={file}", f"--dbname={conninfo}"]
        if (database_tools.major(dump) or 0) >= _EXCLUDES_EXTENSIONS:
            # It belongs to the server, and only a superuser could restore it.
            options.append("--exclude-extension=pg_stat_statements")
        done = subprocess.run(
            [dump, *options],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=environ,
        )
        if done.returncode != 0:
            raise database_tools.failure("pg_dump", done.stderr)
    return held


@contextlib.contextmanager
def _snapshot(url: str) -> Iterator[tuple[str, dict[str, int]]]:
    """A snapshot of the database for pg_dump, and the number of rows in it."""
    with psycopg.connect(url, connect_timeout=10) as connection:
        connection.execute("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        connection.commit()
        connection.execute("SET LOCAL statement_timeout = 0")
        connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        snapshot = _value(connection, "SELECT pg_export_snapshot()")
        if _value(connection, "SELECT to_regclass('public.game_sessions')") is None:
            raise ToolError("this database contains no leaderboard; nothing to back up")
        held = {name: int(_value(connection, f"SELECT count(*) FROM public.{table}")) for table, name in HELD.items()}
        yield str(snapshot), held


def _value(connection: "psycopg.Connection[tuple[Any, ...]]", statement: str) -> Any:
    row = connection.execute(statement).fetchone()
    assert row is not None
    return row[0]


@contextlib.contextmanager
def _private_file(target: Path, *, force: bool) -> Iterator[Path]:
    """A new file that only this user can read, since it has the hashes of keys. It gets its name once it is complete
    and on disk.
    """
    partial = target.with_name(f"{target.name}.partial-{os.getpid()}")
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            yield partial
            os.fsync(descriptor)
            if force:
                partial.replace(target)
            else:
                os.link(partial, target)  # fails if the file was created in the meantime
            folder = os.open(target.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        finally:
            os.close(descriptor)
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise ToolError(f"{error.filename or target} cannot be written: {error.strerror}") from error


def size_of(path: Path) -> str:
    """The size of a file in words."""
    size = path.stat().st_size
    return f"{size / 1e6:,.1f} MB" if size >= 1e6 else f"{size / 1e3:.1f} kB"


def shown(held: dict[str, int]) -> str:
    """The numbers of rows in words."""
    return ", ".join(f"{count:,} {name}" for name, count in held.items())


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit status: 1 if there is no backup, 2 for a wrong setting or argument."""
    parser = argparse.ArgumentParser(
        prog="python -m service.commands.backup", description="Save the whole database in a file, while it is in use."
    )
    parser.add_argument("--force", action="store_true", help="overwrite an existing file")
    parser.add_argument("file")
    options = parser.parse_args(arguments)
    work = functools.partial(_back_up, file=options.file, force=options.force)
    return command.run(work, interrupted="there is no backup")


def _back_up(settings: Settings, *, file: str, force: bool) -> None:
    if not file:
        raise UsageError("name the file to write: make backup FILE=board.dump")
    target = Path(file)
    with owner_database(settings, "make backup") as url:
        held = back_up(url, target, force=force)
    print(f"saved {shown(held)} in {target.absolute()} ({size_of(target)})")
    print("keep it private: it has every name and score, and the hashes of the API keys")


if __name__ == "__main__":
    sys.exit(main())
