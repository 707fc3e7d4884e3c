"""Reads a CSV file of scores line by line: its columns, and what is wrong with a line.

Names of players and game modes are not checked here: the database has their rules (imports.py).
"""

import codecs
import csv
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from io import TextIOWrapper
from pathlib import Path
from typing import NamedTuple

from service.errors import OperatorError

#: The columns of a file without a header, in order.
COLUMNS = ("user_id", "score", "game_mode", "timestamp")
KNOWN = ("user_id", "username", *COLUMNS[1:])

_MAX_USER_ID = 2**31 - 1
_MAX_SCORE = 2**53 - 1
#: In characters. A longer line is not from a list of scores.
_MAX_LINE = 65_536
#: The most lines that a quoted text may span.
_MAX_QUOTED_LINES = 100
_CHUNK = 1 << 20
_INTEGER = re.compile(r"[+-]?[0-9]{1,19}", re.ASCII)
_SECONDS = re.compile(r"[0-9]{1,20}(\.[0-9]+)?", re.ASCII)
_EXCEL_HINT = re.compile(r"sep=([,;\t])", re.IGNORECASE)
_WIDE = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


class ScoreFileError(OperatorError):
    """The file as a whole cannot be read, and nothing was counted."""


@dataclass(frozen=True, slots=True)
class Scan:
    """The whole file: its fingerprint, size, number of lines, and the fingerprints of its beginnings by size."""

    sha256: bytes
    size: int
    lines: int
    beginnings: Mapping[int, bytes]


class Line(NamedTuple):
    """A line that can be counted, unless the database refuses it. `timestamp` None: now."""

    number: int
    user_id: int | None
    username: str | None
    score: int
    game_mode: str | None
    timestamp: datetime | None


class BadLine(NamedTuple):
    """A line that cannot be counted, its raw cells, and why."""

    number: int
    cells: Sequence[str]
    reason: str


def scan(path: Path, sizes: Sequence[int] = ()) -> Scan:
    """Reads the whole file once. `sizes`: the beginnings whose SHA-256 is wanted, if a line ends there. Raises
    ScoreFileError, also if the file is not UTF-8.
    """
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")()
    beginnings: dict[int, bytes] = {}
    stops = sorted({size for size in sizes if size > 0}, reverse=True)
    done = lines = 0
    last = b""
    try:
        with path.open("rb") as file:
            while True:
                chunk = file.read(min(_CHUNK, stops[-1] - done) if stops else _CHUNK)
                if not chunk:
                    break
                if done == 0 and chunk[:2] in _WIDE:
                    raise ScoreFileError(f"{path} is {_WIDE[chunk[:2]]}, but must be UTF-8: save it again as CSV UTF-8")
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError as error:
                    line = lines + error.object.count(b"\n", 0, error.start) + 1
                    raise ScoreFileError(
                        f"{path} line {line:,} is not UTF-8 (byte 0x{error.object[error.start]:02x}): save it"
                        " again as CSV UTF-8"
                    ) from error
                digest.update(chunk)
                done += len(chunk)
                lines += chunk.count(b"\n")
                last = chunk[-1:]
                if stops and done == stops[-1]:
                    stops.pop()
                    if last == b"\n":
                        beginnings[done] = digest.copy().digest()
    except OSError as error:
        raise ScoreFileError(f"{path} cannot be read: {error.strerror}") from error
    return Scan(digest.digest(), done, lines + (last != b"\n" and done > 0), beginnings)


class ScoreFile:
    """A file of scores, opened for one pass. `header`: its columns by its first line, or COLUMNS. `ignored`: the
    columns that are not read.

    Raises ScoreFileError for a file without the columns or one that is not UTF-8, also during iteration.
    """

    def __init__(self, path: Path, now: datetime) -> None:
        self._path, self._now = path, now
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise ScoreFileError(f"{path} cannot be read: {error.strerror}") from error
        # utf-8-sig: a byte order mark is not part of the first column's name.
        self._text = TextIOWrapper(self._file, encoding="utf-8-sig", newline=None)
        #: The number of lines read, including any that were put back.
        self.line = 0
        self._put_back: list[tuple[int, str]] = []
        self._first: tuple[int, Sequence[str] | BadLine] | None = None
        try:
            self._read_header()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._text.close()

    def __iter__(self) -> Iterator[Line | BadLine]:
        while (found := self._first or self._record()) is not None:
            self._first = None
            number, cells = found
            if isinstance(cells, BadLine):
                yield cells
            elif any(cells):
                yield self._parsed(number, cells)

    def _read_header(self) -> None:
        found = self._next_line()
        while found is not None and not found[1].strip():
            found = self._next_line()
        if found is None:
            raise ScoreFileError(f"{self._path} is empty")
        self._delimiter = ""
        if hint := _EXCEL_HINT.fullmatch(found[1].strip()):
            self._delimiter = hint[1]
            found = self._next_line()
            if found is None:
                raise ScoreFileError(f"{self._path} is empty")
        if not self._delimiter:
            # The delimiter that splits the first line into the most columns; a comma if several do.
            self._delimiter = max(",;\t", key=lambda character: len(_split_quoted(found[1], character) or ""))
        self._put_back.append(found)
        record = self._record()
        assert record is not None
        _, cells = record
        names = [] if isinstance(cells, BadLine) else [cell.lower() for cell in cells]
        if "score" in names:
            self.header: Sequence[str] = names
            doubled = sorted({name for name in names if name in KNOWN and names.count(name) > 1})
            if doubled:
                raise ScoreFileError(f"{self._path}: its first line has the column {doubled[0]} twice")
            if "user_id" not in names and "username" not in names:
                raise ScoreFileError(
                    f"{self._path}: its first line has neither a column user_id nor username, so it does not"
                    " say whose scores they are"
                )
        elif names and not any(character.isdigit() for name in names for character in name):
            raise ScoreFileError(
                f"{self._path}: its first line looks like a header but has no column score. The columns are"
                f" {', '.join(KNOWN)}; without a header they are {', '.join(COLUMNS)}"
            )
        else:
            self.header = COLUMNS
            self._first = record
        self.has_header = "score" in names
        place = {name: at for at, name in enumerate(self.header)}
        self._id, self._name = place.get("user_id"), place.get("username")
        self._score, self._mode, self._time = place["score"], place.get("game_mode"), place.get("timestamp")
        self.ignored = [name for name in self.header if name not in KNOWN]

    def _next_line(self) -> tuple[int, str] | None:
        if self._put_back:
            return self._put_back.pop()
        try:
            text = self._text.readline(_MAX_LINE)
        except UnicodeDecodeError as error:
            raise ScoreFileError(f"{self._path} is not UTF-8: save it again as CSV UTF-8") from error
        except OSError as error:
            raise ScoreFileError(f"{self._path} cannot be read: {error.strerror}") from error
        if not text:
            return None
        self.line += 1
        if len(text) == _MAX_LINE and not text.endswith("\n"):
            raise ScoreFileError(f"{self._path} line {self.line} is longer than {_MAX_LINE:,} characters")
        return self.line, text.removesuffix("\n")

    def _record(self) -> tuple[int, Sequence[str] | BadLine] | None:
        """The next line's cells, stripped. A quoted text may span several lines; an unclosed quote spoils only its own
        line.
        """
        found = self._next_line()
        if found is None:
            return None
        number, text = found
        if '"' not in text:
            return number, [cell.strip() for cell in text.split(self._delimiter)]
        more: list[tuple[int, str]] = []
        whole = text
        while whole.count('"') % 2 and len(more) < _MAX_QUOTED_LINES:
            following = self._next_line()
            if following is None:
                break
            more.append(following)
            whole += "\n" + following[1]
        cells = _split_quoted(whole, self._delimiter)
        if cells is None:
            self._put_back.extend(reversed(more))
            return number, BadLine(number, [text], "a quote is not closed, or is in the middle of a value")
        return number, [cell.strip() for cell in cells]

    def _parsed(self, number: int, cells: Sequence[str]) -> Line | BadLine:
        try:
            return self._line(number, cells)
        except _Problem as problem:
            return BadLine(number, cells, str(problem))

    def _line(self, number: int, cells: Sequence[str]) -> Line:
        given = len(cells)
        if given > len(self.header) and any(cells[len(self.header) :]):
            raise _Problem(f"it has {given} columns instead of {len(self.header)}")

        def cell(at: int | None) -> str:
            return cells[at] if at is not None and at < given else ""

        user_id = cell(self._id)
        username = cell(self._name)
        if not user_id and not username:
            raise _Problem("user_id and username are missing" if self._name is not None else "user_id is missing")
        if not cell(self._score):
            raise _Problem("score is missing")
        try:
            player = _whole(user_id, "user_id") if user_id else None
        except _Problem as problem:
            if self.has_header:
                raise
            raise _Problem(f"{problem}; to use names, begin with a line of column names: username,score") from None
        if player is not None and not 1 <= player <= _MAX_USER_ID:
            raise _Problem(f"user_id must be from 1 to {_MAX_USER_ID}")
        score = _whole(cell(self._score), "score")
        if abs(score) > _MAX_SCORE:
            raise _Problem(f"score must be from -{_MAX_SCORE} to {_MAX_SCORE}")
        mode = cell(self._mode)
        if "\0" in username or "\0" in mode:
            raise _Problem("it has a NUL character")
        return Line(
            number,
            player,
            unicodedata.normalize("NFC", username) or None,
            score,
            mode or None,
            self._timestamp(cell(self._time)),
        )

    def _timestamp(self, text: str) -> datetime | None:
        if not text:
            return None
        try:
            if _SECONDS.fullmatch(text):
                if len(text) == 8 and text[:2] in ("19", "20"):
                    raise _Problem(f"timestamp {text} may be a date or a number of seconds: write a date as 2024-01-31")
                if len(text.partition(".")[0]) in (13, 16):
                    raise _Problem("timestamp must be in Unix seconds, not milliseconds or microseconds")
                at = datetime.fromtimestamp(float(text), UTC)
            else:
                at = datetime.fromisoformat(text)
                at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        except (ValueError, OverflowError, OSError):
            raise _Problem(
                "timestamp must be ISO 8601, such as 2024-01-31T12:00:00Z (UTC if it has no zone), or Unix seconds"
            ) from None
        if at > self._now:
            raise _Problem("timestamp is in the future")
        return at


class _Problem(Exception):
    """What is wrong with a line."""


def _whole(text: str, name: str) -> int:
    if _INTEGER.fullmatch(text):
        return int(text)
    try:
        # As spreadsheets write it: 100.0, 1E+3.
        number = Decimal(text)
        if number.is_finite() and abs(number.adjusted()) < 20 and number == number.to_integral_value():
            return int(number)
    except InvalidOperation:
        pass
    raise _Problem(f"{name} must be a whole number")


def _split_quoted(text: str, delimiter: str) -> list[str] | None:
    """The cells of a record that may have quotes; None if the quotes do not match."""
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True, skipinitialspace=True), [])
    except csv.Error:
        return None
