"""The statements of SQL files, compared with those that PostgreSQL's own parser finds."""

from pathlib import Path

import pytest
from pglast import split

from service.database import sql_files
from tests.support import ROOT

FILES = sorted((ROOT / "db").rglob("*.sql"))
AWKWARD = """-- a; b
/* c; 'd */ SELECT 'it''s; ', e'it\\'s; ', "a;""b" -- don't
;
SELECT $$;$x$;$$, $x$ $$; $x$, 1;
CREATE FUNCTION f(p_case integer) RETURNS integer LANGUAGE sql
Begin  ATOMIC
    SELECT CASE WHEN p_case = 1 THEN CASE p_case WHEN 1 THEN 2 END ELSE 3 END;
    SELECT "end";
END;
SELECT CASE WHEN true THEN 1 END; DO $do$ BEGIN NULL; END $do$;

SELECT 1 -- ; the last one needs no semicolon
"""


def without_ends(text: str) -> str:
    return text.strip().rstrip(";").strip()


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_file_is_split_as_postgresql_does(path: Path) -> None:
    text = path.read_text()
    found = sql_files.read(path)
    assert [without_ends(one.sql) for one in found] == [without_ends(comments_off(one)) for one in split(text)]
    for one in found:
        assert text.splitlines()[one.line - 1].startswith(one.sql.splitlines()[0])


def comments_off(statement: str) -> str:
    """Without the lines of comments before it."""
    lines = statement.splitlines()
    while lines and (lines[0].startswith("--") or not lines[0].strip()):
        del lines[0]
    return "\n".join(lines)


def test_semicolons_that_end_nothing(tmp_path: Path) -> None:
    path = tmp_path / "awkward.sql"
    path.write_text(AWKWARD)
    found = sql_files.read(path)
    assert [(one.line, one.sql.split()[0]) for one in found] == [
        (2, "SELECT"),
        (4, "SELECT"),
        (5, "CREATE"),
        (10, "SELECT"),
        (10, "DO"),
        (12, "SELECT"),
    ]
    assert found[2].sql.endswith("END;") and "CASE p_case" in found[2].sql


def test_a_file_of_comments_has_no_statement(tmp_path: Path) -> None:
    path = tmp_path / "empty.sql"
    path.write_text("-- nothing;\n\n/* here; */\n")
    assert sql_files.read(path) == []
