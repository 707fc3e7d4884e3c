"""Splits SQL files into statements.

A deploy splits every file, at each start of the service. sqlparse, which yoyo uses, takes 0.5 s of CPU for that.
"""

import functools
import re
from dataclasses import dataclass, replace
from pathlib import Path

#: What may contain a semicolon that ends no statement (PostgreSQL's manual, "Lexical Structure"), and one that may.
_TOKEN = re.compile(
    r"""--[^\n]*
    | (?<!\w)[eE]'(?:[^'\\]|\\.|'')*'
    | '[^']*'
    | "[^"]*"
    | (?<![\w$])(?P<quote>\$(?:[^\W\d]\w*)?\$).*?(?P=quote)
    | /\*.*?\*/
    | \b(?:BEGIN\s+ATOMIC|CASE|END)\b
    | ;""",
    re.DOTALL | re.VERBOSE | re.IGNORECASE,
)
_COMMENTS = re.compile(r"(?:\s+|--[^\n]*(?:\n|$)|/\*.*?\*/)*", re.DOTALL)


@dataclass(frozen=True)
class Statement:
    """One statement of a file, and the line in which it begins."""

    path: Path
    line: int
    sql: str

    def here(self) -> "Statement":
        """The same in this transaction, without CONCURRENTLY."""
        return replace(self, sql=re.sub(r"\bCONCURRENTLY ", "", self.sql))


def read(path: Path) -> list[Statement]:
    """The file's statements, without the comments before them. Comments must not be nested. Raises OSError or
    UnicodeDecodeError.
    """
    return [Statement(path, line, sql) for line, sql in split(path.read_text(encoding="utf-8"))]


@functools.cache  # a deploy reads the migrations several times
def split(text: str) -> tuple[tuple[int, str], ...]:
    """The line and the text of each statement."""
    ends = []
    depth = 0  # of CASE in the body of a function, which begins with BEGIN ATOMIC and ends as a CASE does
    for found in _TOKEN.finditer(text):
        token = found[0].upper()
        if token == ";" and depth == 0:
            ends.append(found.end())
        elif token.startswith("BEGIN") or (token == "CASE" and depth > 0):
            depth += 1
        elif token == "END" and depth > 0:
            depth -= 1
    statements = []
    for start, end in zip([0, *ends], [*ends, len(text)], strict=True):
        comments = _COMMENTS.match(text, start, end)
        assert comments is not None
        if sql := text[comments.end() : end].strip():
            statements.append((text.count("\n", 0, comments.end()) + 1, sql))
    return tuple(statements)
