"""`make import FILE=scores.csv`: counts old scores from a CSV file, each line once, while the service runs.

    python -m seed.imports [--again] FILE

The lines are read into a temporary table. New players are registered, a thousand at a time. Then one transaction
inserts the sessions into the ledger, updates the totals, and records the file's fingerprint: all or nothing, however
this process ends, and a second run finds the fingerprint. If the file begins with a file that was imported, only the
rest is counted.

Exit status: 0 if the file is counted, or was before; 1 if nothing was counted; 2 for a wrong argument or setting; 130
after Ctrl-C.
"""

import argparse
import contextlib
import csv
import functools
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

import psycopg

from seed.progress import Progress, shown
from seed.score_file import KNOWN, BadLine, Line, ScoreFile, scan
from service.commands import command
from service.database import migrate
from service.embedded import owner_database
from service.errors import OperatorError
from service.settings import Settings

Connection: TypeAlias = "psycopg.Connection[tuple[Any, ...]]"

#: How many bad lines are shown; the file of rejected lines has all of them.
_SHOWN = 20
#: Lines copied at once, and players registered in one transaction.
_LINES = 20_000
_PLAYERS = 1_000

_SETTINGS = {
    "application_name": "leaderboard import",
    # A role's timeouts are meant for short statements.
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "transaction_timeout": "0",
    "default_transaction_isolation": "read committed",
    "default_transaction_read_only": "off",
    "search_path": "pg_catalog, pg_temp",
    "timezone": "UTC",
    # If this process is killed, the server ends a running statement within a second and rolls back.
    "client_connection_check_interval": "1s",
    "jit": "off",
    "work_mem": "128MB",
}

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
#: The columns that the file of rejected lines has in addition.
_ADDED = ("line", "reason")

_PHASES = {"reading": 0.25, "names": 0.05, "players": 0.15, "sessions": 0.55}

_TABLES = (
    """CREATE TEMPORARY TABLE import_line (
        line bigint NOT NULL, user_id integer, username text, score bigint NOT NULL, game_mode text NOT NULL,
        "timestamp" timestamptz
    )""",
    "CREATE TEMPORARY TABLE import_fault (kind text, name text, reason text)",
    "CREATE TEMPORARY TABLE import_bad (LIKE import_line, reason text NOT NULL)",
)

#: The problems of new names and of modes, by the rules of the database.
_CHECK_NAMES = """
    INSERT INTO import_fault (kind, name, reason)
    SELECT '{kind}', d.name, internal.{kind}_problem(d.name)
    FROM ({distinct}) AS d(name)
    WHERE internal.{kind}_problem(d.name) IS NOT NULL
"""
_NEW_NAMES = """
    SELECT DISTINCT l.username FROM import_line AS l
    WHERE l.username IS NOT NULL AND NOT EXISTS (SELECT FROM public.users AS u WHERE u.username = l.username)
"""
_MODES = "SELECT DISTINCT l.game_mode FROM import_line AS l"

#: Removes lines, with the reason.
_REFUSE = """
    WITH bad AS (
        DELETE FROM import_line AS l USING {using} WHERE {condition} RETURNING l.*, {reason} AS reason
    )
    INSERT INTO import_bad SELECT * FROM bad
"""

_NEW_IDS = """
    CREATE TEMPORARY TABLE import_new AS
    SELECT row_number() OVER (ORDER BY n.user_id) AS number, n.user_id, n.username
    FROM (
        SELECT l.user_id,
               (array_agg(l.username ORDER BY l.line) FILTER (WHERE l.username IS NOT NULL))[1] AS username
        FROM import_line AS l
        WHERE l.user_id IS NOT NULL AND NOT EXISTS (SELECT FROM public.users AS u WHERE u.id = l.user_id)
        GROUP BY l.user_id
    ) AS n
"""
_NEW_BY_NAME = """
    CREATE TEMPORARY TABLE import_new AS
    SELECT row_number() OVER (ORDER BY n.first) AS number, n.username
    FROM (
        SELECT l.username, min(l.line) AS first
        FROM import_line AS l
        WHERE l.user_id IS NULL AND NOT EXISTS (SELECT FROM public.users AS u WHERE u.username = l.username)
        GROUP BY l.username
    ) AS n
"""

#: Whose total would leave the range of totals: none of their lines is counted.
_TOO_MUCH = """
    SELECT DISTINCT s.user_id
    FROM (
        SELECT b.id AS board_id, l.user_id, sum(l.score) AS added
        FROM import_line AS l
        JOIN public.boards AS b ON b.aggregate = 'sum' AND board.counts(b, l.game_mode, l.score)
        GROUP BY b.id, l.user_id
    ) AS s
    LEFT JOIN public.leaderboard AS t ON t.board_id = s.board_id AND t.user_id = s.user_id
    WHERE abs(coalesce(t.total_score, 0) + s.added) > 9007199254740991
"""


class ImportFailedError(OperatorError):
    """Nothing was counted."""


class AlreadyImportedError(ImportFailedError):
    """The file was counted before."""


@dataclass(slots=True)
class Report:
    """What became of the file."""

    counted: int = 0
    players: int = 0
    new_players: int = 0
    rejected: int = 0
    #: The first bad lines, and the file with all of them.
    bad: list[tuple[int, str]] = field(default_factory=list)
    rejected_file: Path | None = None
    #: Lines at the beginning that were counted with another file.
    known_lines: int = 0
    ignored: Sequence[str] = ()
    #: Lines with another name for a known player, who keeps their name.
    other_names: int = 0
    #: Lines that are in the ledger but count on no board.
    on_no_board: int = 0


def import_file(database_url: str, path: Path, *, again: bool = False, progress: bool = False) -> Report:
    """Counts the lines of `path` that can be counted, all of them or none. `database_url` is the owner's.

    `again`: even if the file was imported before. Raises ScoreFileError, ImportFailedError and psycopg's errors, after
    which nothing was counted, though new players may be registered.
    """
    reporter = shown() if progress else Progress()
    try:
        with reporter.refreshing(), _connected(database_url) as connection:
            return _Import(connection, path, again, reporter).run()
    finally:
        reporter.close()


@contextlib.contextmanager
def _connected(database_url: str) -> Iterator[Connection]:
    with psycopg.connect(database_url, autocommit=True, connect_timeout=10) as connection:
        # Joined with pg_settings, because not every version has all of them.
        connection.execute(
            "SELECT set_config(s.name, v.value, false)"
            " FROM unnest(%s::text[], %s::text[]) AS v(name, value) JOIN pg_settings AS s ON s.name = v.name",
            [list(_SETTINGS), list(_SETTINGS.values())],
        )
        yield connection


class _Import:
    """One import. Statements commit by themselves except within an explicit transaction."""

    def __init__(self, connection: Connection, path: Path, again: bool, reporter: Progress) -> None:
        self._db, self._path, self._again, self._reporter = connection, path, again, reporter
        self._report = Report()
        self._lines = 0

    def run(self) -> Report:
        before = os.stat(self._path) if self._path.exists() else None
        known = self._known_files()
        self._scan = scan(self._path, [size for size, _, _, _ in known])
        self._skip_known(known)
        for statement in _TABLES:
            self._execute(statement)
        with _Rejected(self._path) as rejected:
            with self._reporter.phase("reading", _PHASES["reading"]):
                self._read(rejected)
            if before is None or _identity(os.stat(self._path)) != _identity(before):
                raise ImportFailedError(f"{self._path} was changed while it was read; nothing was counted")
            with self._reporter.phase("names", _PHASES["names"]):
                self._check_names()
            with self._reporter.phase("players", _PHASES["players"]):
                self._register()
            with self._db.transaction():
                self._count(known)
                self._publish(rejected)
        return self._report

    def _execute(self, statement: str, *values: object) -> "psycopg.Cursor[tuple[Any, ...]]":
        return self._db.execute(statement, values or None)

    def _number(self, statement: str, *values: object) -> int:
        row = self._execute(statement, *values).fetchone()
        assert row is not None
        return int(row[0] or 0)

    # -- which lines

    def _known_files(self) -> list[tuple[int, bytes, int, str]]:
        """Size, fingerprint, lines and description of every imported file."""
        return self._execute(
            "SELECT f.size_bytes, f.sha256, f.lines, format('%s, imported on %s', f.name,"
            " to_char(f.imported_at, 'YYYY-MM-DD HH24:MI'))"
            " FROM public.imported_files AS f ORDER BY f.imported_at, f.sha256"
        ).fetchall()

    def _skip_known(self, known: list[tuple[int, bytes, int, str]]) -> None:
        if self._again:
            return
        for size, sha256, lines, description in known:
            if (size, sha256) == (self._scan.size, self._scan.sha256):
                raise AlreadyImportedError(f"this file was counted before ({description}); nothing was counted again")
            if self._scan.beginnings.get(size) == sha256:
                self._report.known_lines = max(self._report.known_lines, lines)

    # -- reading

    def _read(self, rejected: "_Rejected") -> None:
        """Copies the lines that can be counted into import_line."""
        (now,) = self._execute("SELECT clock_timestamp()").fetchone() or (None,)
        assert isinstance(now, datetime)
        file = ScoreFile(self._path, now)
        self._report.ignored = [name for name in file.ignored if name not in _ADDED]
        # A file of rejected lines that is imported has these columns already.
        kept = [at for at, name in enumerate(file.header) if name not in _ADDED]
        rejected.begin([file.header[at] for at in kept])
        batch: list[str] = []
        try:
            for one in file:
                if one.number <= self._report.known_lines:
                    continue
                if isinstance(one, BadLine):
                    cells = [one.cells[at] if at < len(one.cells) else "" for at in kept]
                    rejected.write(cells, one.number, one.reason)
                    self._record_bad(one.number, one.reason)
                    continue
                batch.append(_copied(one))
                if len(batch) == _LINES:
                    self._copy(batch)
                    self._reporter.advance(file.line / max(self._scan.lines, 1))
            self._copy(batch)
        finally:
            file.close()
        self._lines = file.line
        self._execute("ANALYZE import_line")

    def _copy(self, batch: list[str]) -> None:
        # Its own transaction: one that stays open while the file is read would block folds.
        with self._db.cursor() as cursor, cursor.copy("COPY import_line FROM STDIN") as copy:
            copy.write("".join(batch))
        batch.clear()

    def _record_bad(self, number: int, reason: str) -> None:
        self._report.rejected += 1
        if len(self._report.bad) < _SHOWN:
            self._report.bad.append((number, reason))

    # -- names

    def _check_names(self) -> None:
        """Rejects lines whose mode, or whose new player's name, breaks the rules of the database."""
        # Different Unicode forms of a name are the same player.
        self._execute("UPDATE import_line AS l SET username = internal.to_nfc(l.username) WHERE l.username ~ '[^ -~]'")
        for kind, distinct in (("username", _NEW_NAMES), ("game_mode", _MODES)):
            self._execute(_CHECK_NAMES.format(kind=kind, distinct=distinct))
            self._refuse("import_fault AS f", f"f.kind = '{kind}' AND f.name = l.{kind}", "f.reason")

    def _refuse(self, using: str, condition: str, reason: str) -> None:
        self._execute(_REFUSE.format(using=using, condition=condition, reason=reason))

    def _register(self) -> None:
        """Registers new players, in short transactions, since other registrations wait for them."""
        before = self._number("SELECT count(*) FROM public.users")
        self._execute(_NEW_IDS)
        self._in_steps(
            "SELECT submission.register_players(array_agg(n.user_id ORDER BY n.number),"
            " array_agg(n.username ORDER BY n.number)) FROM import_new AS n WHERE n.number BETWEEN %s AND %s"
        )
        # A player still unknown asked for a name that another player has.
        self._refuse(
            "(SELECT n.user_id FROM import_new AS n WHERE NOT EXISTS"
            " (SELECT FROM public.users AS u WHERE u.id = n.user_id)) AS n",
            "l.user_id = n.user_id",
            "'the username asked for player ' || l.user_id || ' is taken: choose another, or omit it'",
        )
        self._execute("DROP TABLE import_new")
        self._execute(_NEW_BY_NAME)
        self._in_steps(
            # The registration lock, which is required to register several players by name.
            "WITH held AS MATERIALIZED (SELECT internal.lock_registration())"
            " INSERT INTO public.users (username) SELECT n.username FROM held, import_new AS n"
            " WHERE n.number BETWEEN %s AND %s ORDER BY n.number"
            " ON CONFLICT (username) DO NOTHING"
        )
        self._execute("DROP TABLE import_new")
        self._report.other_names = self._number(
            "SELECT count(*) FROM import_line AS l JOIN public.users AS u ON u.id = l.user_id"
            " WHERE l.username <> u.username"
        )
        self._execute(
            "UPDATE import_line AS l SET user_id = u.id FROM public.users AS u"
            " WHERE l.user_id IS NULL AND u.username = l.username"
        )
        self._report.new_players = self._number("SELECT count(*) FROM public.users") - before
        self._execute("ANALYZE import_line")

    def _in_steps(self, statement: str) -> None:
        many = self._number("SELECT count(*) FROM import_new")
        self._execute("CREATE INDEX ON import_new (number)")
        for start in range(1, many + 1, _PLAYERS):
            self._execute(statement, start, start + _PLAYERS - 1)
            self._reporter.advance(start / many)

    # -- counting

    def _count(self, known: list[tuple[int, bytes, int, str]]) -> None:
        """Writes ledger, totals and fingerprint. Takes the locks in the order of every call: boards, players by id,
        their totals, the fold lock.
        """
        report = self._report
        with self._reporter.phase("sessions", _PHASES["sessions"]):
            self._execute("SELECT internal.lock_boards_shared()")
            # One import at a time, so that each knows what the previous one counted.
            self._execute("LOCK TABLE public.imported_files IN SHARE ROW EXCLUSIVE MODE")
            if not self._again and self._known_files() != known:
                raise ImportFailedError("another import finished in the meantime, so nothing was counted: start again")
            self._execute("SELECT internal.lock_players((SELECT array_agg(DISTINCT l.user_id) FROM import_line AS l))")
            self._reporter.advance(0.1)
            self._refuse(
                f"({_TOO_MUCH}) AS m",
                "l.user_id = m.user_id",
                "'the total of player ' || l.user_id || ' would not be from -9007199254740991 to 9007199254740991'",
            )
            # With the players locked, so that a line without a time is later than everything counted before. A plain
            # INSERT, whose triggers update the totals: score rules are for submissions only. ORDER BY gives the ids in
            # the order of the file.
            report.counted = self._execute(
                'INSERT INTO public.game_sessions (user_id, score, game_mode, "timestamp")'
                " SELECT l.user_id, l.score, l.game_mode, coalesce(l.timestamp, t.now)"
                " FROM import_line AS l"
                " JOIN public.users AS u ON u.id = l.user_id"
                " CROSS JOIN (SELECT clock_timestamp() AS now) AS t"
                " ORDER BY l.line"
            ).rowcount
            lines = self._number("SELECT count(*) FROM import_line")
            if report.counted != lines:
                raise ImportFailedError("a player was deleted in the meantime, so nothing was counted: start again")
        report.players = self._number("SELECT count(DISTINCT l.user_id) FROM import_line AS l")
        report.on_no_board = self._number(
            "SELECT count(*) FROM import_line AS l WHERE NOT EXISTS"
            " (SELECT FROM public.boards AS b WHERE board.counts(b, l.game_mode, l.score))"
        )
        rejected = report.rejected + self._number("SELECT count(*) FROM import_bad")
        if report.counted == 0 and rejected:
            return  # nothing to protect from counting twice
        self._execute(
            "INSERT INTO public.imported_files (sha256, name, size_bytes, lines, counted, rejected)"
            " VALUES (%s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (sha256) DO UPDATE SET imported_at = excluded.imported_at",
            self._scan.sha256,
            self._path.name,
            self._scan.size,
            self._lines,
            report.counted,
            rejected,
        )

    def _publish(self, rejected: "_Rejected") -> None:
        """Adds the lines that the database refused and publishes the file: before the commit, so that no bad line is
        lost with this process.
        """
        with self._db.cursor(name="import_bad") as cursor:
            cursor.execute(
                "SELECT b.line, b.reason, b.user_id, b.username, b.score, b.game_mode,"
                " to_char(b.timestamp, 'YYYY-MM-DD\"T\"HH24:MI:SS.USZ') FROM import_bad AS b ORDER BY b.line"
            )
            for number, reason, *values in cursor:
                of_column = dict(zip(KNOWN, values, strict=True))
                rejected.write([of_column.get(name, "") for name in rejected.header], number, reason)
                self._record_bad(number, reason)
        self._report.bad.sort()
        if self._report.rejected:
            self._report.rejected_file = rejected.publish()


class _Rejected:
    """The file of rejected lines, with the columns of the imported file: once corrected, it can be imported itself. It
    gets its name when it is complete.
    """

    def __init__(self, path: Path) -> None:
        self._target = path.with_name(f"{path.name}.rejected.csv")
        self._partial = self._target.with_name(f"{self._target.name}.partial")
        self.header: Sequence[str] = ()

    def __enter__(self) -> "_Rejected":
        try:
            self._file = self._partial.open("w", encoding="utf-8", newline="")
        except OSError as error:
            raise ImportFailedError(
                f"{self._partial}, for rejected lines, cannot be written: {error.strerror}"
            ) from error
        self._writer = csv.writer(self._file, lineterminator="\n")
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._partial.unlink(missing_ok=True)

    def begin(self, header: Sequence[str]) -> None:
        """`header`: the columns of the cells that follow."""
        self.header = header
        self._writer.writerow([*header, *_ADDED])

    def write(self, cells: Sequence[object], number: int, reason: str) -> None:
        self._writer.writerow([*cells, number, reason])

    def publish(self) -> Path:
        self._file.flush()
        self._partial.replace(self._target)
        return self._target


def _copied(line: Line) -> str:
    """A row of import_line in COPY's text format."""
    number, user_id, username, score, game_mode, timestamp = line
    return "\t".join(
        (
            str(number),
            "\\N" if user_id is None else str(user_id),
            "\\N" if username is None else _escaped(username),
            str(score),
            "solo" if game_mode is None else _escaped(game_mode),
            "\\N\n" if timestamp is None else f"{timestamp.isoformat()}\n",
        )
    )


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)


def _identity(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_ino, found.st_size, found.st_mtime_ns


def main(arguments: list[str]) -> int:
    """Imports the file that `arguments` name; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m seed.imports",
        description="Count old scores from a CSV file, each line once. Columns: " + ", ".join(KNOWN) + ".",
    )
    parser.add_argument("--again", action="store_true", help="count the file even if it was imported before")
    parser.add_argument("file")
    options = parser.parse_args(arguments)
    work = functools.partial(_import, file=options.file, again=options.again)
    return command.run(work, interrupted="the whole file is counted or none of it; start again to be sure")


def _import(settings: Settings, *, file: str, again: bool) -> int:
    if not file:
        raise command.UsageError("name the file: make import FILE=scores.csv")
    started = time.monotonic()
    try:
        with owner_database(settings, "make import") as url:
            migrate.apply(url)  # so that it works before the first `make run`, too
            report = import_file(url, Path(file), again=again, progress=True)
    except AlreadyImportedError as error:
        print(f"{error}. FORCE=1 counts it again", file=sys.stderr)
        return 0
    except psycopg.Error as error:
        raise ImportFailedError(f"nothing was counted: {command.described(error)}") from error
    except OSError as error:
        raise ImportFailedError(f"nothing was counted: {error}") from error
    _print(report, time.monotonic() - started)
    return 0 if report.counted or not report.rejected else 1


def _print(report: Report, seconds: float) -> None:
    if report.known_lines:
        print(f"the first {report.known_lines:,} lines were counted with another file and are skipped")
    if report.ignored:
        print(f"ignored columns: {', '.join(report.ignored)}")
    print(
        f"counted {report.counted:,} sessions of {report.players:,} players,"
        f" {report.new_players:,} of them new, in {seconds:.1f} s"
    )
    if report.other_names:
        print(f"{report.other_names:,} lines have another name for a known player: the names were not changed")
    if report.on_no_board:
        print(f"{report.on_no_board:,} sessions count on no board: their score is outside the bounds of every board")
    if report.rejected:
        print(f"{report.rejected:,} lines were rejected; they are in {report.rejected_file} with the reasons:")
        for number, reason in report.bad:
            print(f"  line {number:,}: {reason}")
        if report.rejected > len(report.bad):
            print(f"  and {report.rejected - len(report.bad):,} more")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
