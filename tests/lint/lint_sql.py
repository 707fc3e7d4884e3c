"""Parses every SQL file with PostgreSQL's own parser, and the bodies of its functions and DO blocks too.

    python tests/lint/lint_sql.py [file or folder]...        (default: db and seed)

Function files must also keep to their form: one function with the file's name, a header and a comment, at most
150 lines of 120 columns. Prints the file and line of each problem; the exit status is 1 if there is one.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from pglast import ast, parse_plpgsql, parse_sql
from pglast.parser import ParseError

_ROOT = Path(__file__).resolve().parents[2]
_DB = _ROOT / "db"
_MAX_LINES = 150
_MAX_COLUMNS = 120
#: Older migrations are frozen as they are.
_FIRST_WRAPPED_MIGRATION = "0012"
#: Types that the parser of PL/pgSQL takes neither as parameters nor in arrays: it is given text instead.
_COMPOSITE_TYPES = re.compile(r"\bsubmission\.(item|outcome)\b|\bpublic\.(boards|rankings)(?=[,)]|\[\])")
_COSTLY_REGEX = re.compile(r"~\*? '[^'\n]*\{\d+,\d*\}")


def main(arguments: list[str]) -> int:
    roots = [Path(argument).resolve() for argument in arguments] or [_DB, _ROOT / "seed"]
    files = [path for root in roots for path in (sorted(root.rglob("*.sql")) if root.is_dir() else [root])]
    problems = [problem for path in files for problem in problems_of(path)]
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(files)} SQL files parsed, {len(problems)} problems")
    return 1 if problems or not files else 0


def problems_of(path: Path, db: Path = _DB) -> Iterator[str]:
    """The problems of the file, each as "file:line: message". `db` holds the migrations and functions."""
    text = path.read_text(encoding="utf-8")
    is_function = path.is_relative_to(db / "functions")
    if is_function:
        yield from _problems_of_form(path, text, db / "functions")
    if is_function or (path.parent == db / "migrations" and path.name >= _FIRST_WRAPPED_MIGRATION):
        for number, line in enumerate(text.splitlines(), 1):
            if len(line) > _MAX_COLUMNS:
                yield f"{_shown(path)}:{number}: {len(line)} columns are more than {_MAX_COLUMNS}"
    if not path.is_relative_to(db):
        text = _without_psql(text)
    try:
        statements = parse_sql(text)
    except ParseError as error:
        yield _syntax_error(path, text, error)
        return
    for statement in statements:
        start = statement.stmt_location
        source = text[start : start + statement.stmt_len] if statement.stmt_len else text[start:]
        node = statement.stmt
        if isinstance(node, ast.TransactionStmt) and path.is_relative_to(db):
            yield f"{_place(path, text, start, source)}: a deploy is one transaction: leave its end to it"
        if isinstance(node, (ast.CreateFunctionStmt, ast.DoStmt)):
            options = {
                option.defname: option.arg for option in (node.args if isinstance(node, ast.DoStmt) else node.options)
            }
            language = options["language"].sval if "language" in options else "plpgsql"
            try:
                if language == "plpgsql":
                    parse_plpgsql(_COMPOSITE_TYPES.sub("text", source))
                elif language == "sql" and "as" in options:
                    parse_sql(options["as"][0].sval)
            except ParseError as error:
                message = error.args[0] if error.args else error
                yield f"{_place(path, text, start, source)}: in the body: {message}"


def _problems_of_form(path: Path, text: str, functions: Path) -> Iterator[str]:
    """What a function file must be besides valid SQL."""
    for found in _COSTLY_REGEX.finditer(text):
        yield (
            f"{_place(path, text, found.start(), '')}: a bounded repeat in a regular"
            " expression costs 15 to 90 us a value: use char_length() and a class of what is not allowed"
        )
    if path.parent == functions:
        return  # grants.sql
    lines = len(text.splitlines())
    if lines > _MAX_LINES:
        yield f"{_shown(path)}:{lines}: {lines} lines are more than {_MAX_LINES}: split the function"
    name = f"{path.parent.name}.{path.stem}"
    if re.findall(r"^CREATE OR REPLACE FUNCTION ([\w.]+)\(", text, re.MULTILINE) != [name]:
        yield f"{_shown(path)}:1: the file must create the function {name}, and no other"
    if not text.startswith("-- Purpose:"):
        yield f"{_shown(path)}:1: the file must start with a header: -- Purpose: ..."
    if not re.search(rf"^COMMENT ON FUNCTION {re.escape(name)}\(", text, re.MULTILINE):
        yield f"{_shown(path)}:{lines}: COMMENT ON FUNCTION {name} is missing"


def _without_psql(text: str) -> str:
    """The SQL that psql would send: without its own commands (`\\set`), and a number for each `:variable`."""
    text = re.sub(r"^[ \t]*\\.*", "", text, flags=re.MULTILINE)
    return re.sub(r"(?<![:\w]):(\w+)", "1", text)


def _syntax_error(path: Path, text: str, error: ParseError) -> str:
    message, *position = error.args
    return f"{_place(path, text, position[0] if position else 0, '')}: {message}"


def _place(path: Path, text: str, position: int, source: str) -> str:
    """The line of `position`, or of the first word after it in `source`."""
    position += len(source) - len(source.lstrip())
    return f"{_shown(path)}:{text.count(chr(10), 0, position) + 1}"


def _shown(path: Path) -> Path:
    return path.relative_to(_ROOT) if path.is_relative_to(_ROOT) else path


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
