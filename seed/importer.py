"""Counts the lines of a score file in the ledger, each once: `import_file`."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

import psycopg

from seed import import_sql
from seed.progress import Progress, shown
from seed.rejected_file import ADDED, ImportFailedError, RejectedFile
from seed.score_file import KNOWN, BadLine, Line, ScoreFile, scan

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
_PHASES = {"reading": 0.25, "names": 0.05, "players": 0.15, "sessions": 0.55}


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
        for statement in import_sql.TABLES:
            self._execute(statement)
        with RejectedFile(self._path) as rejected:
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

    def _read(self, rejected: "RejectedFile") -> None:
        """Copies the lines that can be counted into import_line."""
        (now,) = self._execute("SELECT clock_timestamp()").fetchone() or (None,)
        assert isinstance(now, datetime)
        file = ScoreFile(self._path, now)
        self._report.ignored = [name for name in file.ignored if name not in ADDED]
        # A file of rejected lines that is imported has these columns already.
        kept = [at for at, name in enumerate(file.header) if name not in ADDED]
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
        for kind, distinct in (("username", import_sql.NEW_NAMES), ("game_mode", import_sql.MODES)):
            self._execute(import_sql.CHECK_NAMES.format(kind=kind, distinct=distinct))
            self._refuse("import_fault AS f", f"f.kind = '{kind}' AND f.name = l.{kind}", "f.reason")

    def _refuse(self, using: str, condition: str, reason: str) -> None:
        self._execute(import_sql.REFUSE.format(using=using, condition=condition, reason=reason))

    def _register(self) -> None:
        """Registers new players, in short transactions, since other registrations wait for them."""
        before = self._number("SELECT count(*) FROM public.users")
        self._execute(import_sql.NEW_IDS)
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
        self._execute(import_sql.NEW_BY_NAME)
        self._in_steps(
            # The registration lock, which is required to register several players by name.
            "WITH held AS MATERIALIZED (SELECT internal.lock_registration())"
            " INSERT INTO public.users (username) SELECT n.username FROM held, import_new AS n"
            " WHERE n.number BETWEEN %s AND %s ORDER BY n.number"
            " ON CONFLICT DO NOTHING"
        )
        self._execute("DROP TABLE import_new")
        self._refuse(
            f"({import_sql.SHARED_NAMES}) AS n",
            "l.user_id IS NULL AND l.username = n.username",
            "'several players have the name ' || l.username || ': give the user_id'",
        )
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
            self._execute("SELECT internal.lock_users((SELECT array_agg(DISTINCT l.user_id) FROM import_line AS l))")
            self._reporter.advance(0.1)
            self._refuse(
                f"({import_sql.TOO_MUCH}) AS m",
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

    def _publish(self, rejected: "RejectedFile") -> None:
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
