"""A backup: an archive file of pg_dump, and how it gets into a database in one transaction.

Left out is what another, perhaps older, server cannot take: owners and grants (grants.sql has them), the extension of
the embedded server, and settings that the server does not know.
"""

import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from service.commands import database_tools
from service.commands.database_tools import ToolError
from service.database import migrate, preflight

#: Entries of an archive's list that are left out, by their kind.
_LEFT_OUT = re.compile(
    r"^\d+; \d+ \d+ (EXTENSION|COMMENT - EXTENSION|SCHEMA - public|COMMENT - SCHEMA public|ACL|DEFAULT ACL"
    r"|PUBLICATION|PUBLICATION TABLE|SUBSCRIPTION|EVENT TRIGGER|STATISTICS DATA)\b"
)
_RELATION = re.compile(r"^\d+; \d+ \d+ (TABLE|SEQUENCE) (\S+) (\S+) ", re.MULTILINE)
_CREATED = re.compile(r"^;\s+Archive created at (.+)$", re.MULTILINE)
#: Settings that a newer pg_restore makes, and the server version that knows them first.
_NEW_SETTINGS = {b"transaction_timeout": 17}
#: The settings come in this many lines; data may follow.
_HEAD_LINES = 60


class Archive:
    """The archive file at `path`. Raises ToolError if it is not a backup of a leaderboard."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise ToolError(f"there is no file {path}")
        self._path = path
        self._pg_restore = database_tools.find("pg_restore")
        listed = subprocess.run([self._pg_restore, "--list", str(path)], capture_output=True, text=True)
        if listed.returncode != 0:
            raise database_tools.failure("pg_restore", listed.stderr)
        self._list = listed.stdout
        #: (TABLE or SEQUENCE, schema, name)
        self._relations = set(_RELATION.findall(self._list))
        if ("TABLE", "public", "game_sessions") not in self._relations:
            raise ToolError(f"{path} is not a leaderboard backup")
        created = _CREATED.search(self._list)
        self.created = created[1] if created else "an unknown time"
        #: Tables of other programs that are in the backup, too.
        self.others = sorted(
            f"{schema}.{name}"
            for kind, schema, name in self._relations - set(_ours())
            if kind == "TABLE" and not name.startswith("_yoyo_")
        )

    def load(self, url: str, server: int) -> None:
        """Replaces what the database at `url` holds by the archive, in one transaction. `server` is the server's major
        version. Raises ToolError, after which the database is unchanged.
        """
        psql = database_tools.find("psql", url=url)
        with (
            tempfile.NamedTemporaryFile("w", encoding="utf-8") as contents,
            tempfile.TemporaryFile() as writer_errors,
            tempfile.TemporaryFile() as reader_errors,
            database_tools.address(url) as (conninfo, environ),
        ):
            contents.writelines(f"{line}\n" for line in self._list.splitlines() if not _LEFT_OUT.match(line))
            contents.flush()
            write = ["--no-owner", "--no-privileges", f"--use-list={contents.name}", "--file=-", str(self._path)]
            read = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction", "--output=/dev/null"]
            options = {"PGOPTIONS": "-c statement_timeout=0 -c lock_timeout=10s"}
            with (
                subprocess.Popen(
                    [self._pg_restore, *write],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=writer_errors,
                ) as writer,
                subprocess.Popen(
                    [psql, *read, f"--dbname={conninfo}", "--file=-"],
                    stdin=subprocess.PIPE,
                    stderr=reader_errors,
                    env={**environ, **options},
                ) as reader,
            ):
                try:
                    complete = self._pass_on(writer, reader, server)
                except BaseException:
                    # psql first: at the end of its input it would commit.
                    reader.kill()
                    writer.kill()
                    raise
                if reader.wait() == 0 and complete:
                    return
            errors = (reader_errors, writer_errors) if complete else (writer_errors, reader_errors)
            raise database_tools.failure("the restore", next(filter(None, map(_text, errors)), ""))

    def _pass_on(self, writer: "subprocess.Popen[bytes]", reader: "subprocess.Popen[bytes]", server: int) -> bool:
        """Passes the output of pg_restore to psql, between the statements before and after. Whether it was complete."""
        assert writer.stdout is not None and reader.stdin is not None
        complete = True
        try:
            reader.stdin.write("".join(self._before()).encode())
            for chunk in _known_to(server, writer.stdout):
                reader.stdin.write(chunk)
            complete = writer.wait() == 0
            # An archive that is truncated, perhaps within the rows of a table, must not be committed.
            end = _refuse_newer_release() if complete else "\n\\.\nSELECT 1 / 0 AS the_backup_breaks_off;\n"
            reader.stdin.write(end.encode())
            reader.stdin.close()
        except BrokenPipeError:  # psql says why
            writer.kill()
        return complete

    def _before(self) -> Iterator[str]:
        """Drops what the archive brings, and what this release has besides."""
        yield "SET client_min_messages = warning;\n"
        yield f"DROP SCHEMA IF EXISTS {', '.join(preflight.SCHEMAS)}, shard, lib CASCADE;\n"
        # Tables first: most sequences go with theirs.
        for kind, schema, name in sorted(self._relations.union(_ours()), reverse=True):
            yield f'DROP {kind} IF EXISTS "{schema}"."{name}" CASCADE;\n'


def _ours() -> Iterator[tuple[str, str, str]]:
    """This release's tables and sequences, as in `_relations`."""
    for kind, name in migrate.created():
        if kind in {"table", "sequence"}:
            schema, _, relation = name.partition(".")
            yield kind.upper(), schema, relation


def _refuse_newer_release() -> str:
    known = ", ".join(f"'{name}'" for name in migrate.known())
    return (
        "RESET ALL;\nDO $$ BEGIN IF EXISTS (SELECT FROM public._yoyo_migration AS m"
        f" WHERE m.migration_id NOT IN ({known})) THEN RAISE EXCEPTION"
        " 'the backup was made by a newer release; restore it with that release'; END IF; END $$;\n"
    )


def _known_to(server: int, lines: IO[bytes]) -> Iterator[bytes]:
    """The output of pg_restore without settings that the server does not know."""
    for number, line in enumerate(lines):
        if number < _HEAD_LINES and line.startswith(b"SET "):
            name = line[4:].split(b" ", 1)[0]
            if server < _NEW_SETTINGS.get(name, 0):
                continue
        yield line
        if number >= _HEAD_LINES:
            break
    while chunk := lines.read(1 << 16):
        yield chunk


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace").strip()
