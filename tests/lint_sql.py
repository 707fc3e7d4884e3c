"""Parses every SQL file with PostgreSQL's own parser, and the bodies of its functions and DO blocks too.

    python tests/lint_sql.py [file or folder]...        (default: db and seed)

Prints the file and line of each fault; the exit status is 1 if there is one.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from pglast import ast, parse_plpgsql, parse_sql
from pglast.parser import ParseError

_ROOT = Path(__file__).resolve().parent.parent
_COSTLY_REGEX = re.compile(r"~\*? '[^'\n]*\{\d+,\d*\}")


def main(arguments: list[str]) -> int:
    roots = [Path(argument) for argument in arguments] or [_ROOT / "db", _ROOT / "seed"]
    files = [path for root in roots for path in (sorted(root.rglob("*.sql")) if root.is_dir() else [root])]
    faults = [fault for path in files for fault in faults_of(path)]
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{len(files)} SQL files parsed, {len(faults)} faults")
    return 1 if faults or not files else 0


def faults_of(path: Path) -> Iterator[str]:
    """What is wrong with the file, each as "file:line: message"."""
    text = path.read_text(encoding="utf-8")
    if path.is_relative_to(_ROOT / "db" / "functions"):
        for found in _COSTLY_REGEX.finditer(text):
            yield (
                f"{_place(path, text, found.start(), '')}: a bounded repeat in a regular"
                " expression costs 15 to 90 us a value: use char_length() and a class of what is not allowed"
            )
    if not path.is_relative_to(_ROOT / "db"):
        text = _without_psql(text)
    try:
        statements = parse_sql(text)
    except ParseError as error:
        yield _fault(path, text, error)
        return
    for statement in statements:
        start = statement.stmt_location
        source = text[start : start + statement.stmt_len] if statement.stmt_len else text[start:]
        node = statement.stmt
        if isinstance(node, ast.TransactionStmt) and path.is_relative_to(_ROOT / "db"):
            yield f"{_place(path, text, start, source)}: a deployment is one transaction, leave its end to it"
        if isinstance(node, (ast.CreateFunctionStmt, ast.DoStmt)):
            options = {
                option.defname: option.arg for option in (node.args if isinstance(node, ast.DoStmt) else node.options)
            }
            language = options["language"].sval if "language" in options else "plpgsql"
            try:
                if language == "plpgsql":
                    parse_plpgsql(source)
                elif language == "sql" and "as" in options:
                    parse_sql(options["as"][0].sval)
            except ParseError as error:
                message = error.args[0] if error.args else error
                yield f"{_place(path, text, start, source)}: in the body: {message}"


def _without_psql(text: str) -> str:
    """The SQL that psql would send: without its own commands (`\\set`), and a number for each `:variable`."""
    text = re.sub(r"^[ \t]*\\.*", "", text, flags=re.MULTILINE)
    return re.sub(r"(?<![:\w]):(\w+)", "1", text)


def _fault(path: Path, text: str, error: ParseError) -> str:
    message, *position = error.args
    return f"{_place(path, text, position[0] if position else 0, '')}: {message}"


def _place(path: Path, text: str, position: int, source: str) -> str:
    """The line of `position`, or of the first word after it in `source`."""
    position += len(source) - len(source.lstrip())
    shown = path.relative_to(_ROOT) if path.is_relative_to(_ROOT) else path
    return f"{shown}:{text.count(chr(10), 0, position) + 1}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
