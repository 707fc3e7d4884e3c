"""The SQL lint finds what it is for. `make lint` runs it on the files of the project."""

from pathlib import Path

import pytest

from tests.lint.lint_sql import problems_of

GOOD = """-- Purpose:  one.
CREATE OR REPLACE FUNCTION board.one() RETURNS integer
LANGUAGE plpgsql
AS $$
BEGIN
    RETURN 1;
END
$$;

COMMENT ON FUNCTION board.one() IS 'One.';
"""


def problems(folder: Path, text: str, name: str = "functions/board/one.sql") -> list[str]:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return [problem.removeprefix(f"{path}:") for problem in problems_of(path, folder)]


def test_a_function_file_in_its_form_has_no_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (GOOD.replace("RETURN 1;", "RETURN 1"), "in the body: "),
        (GOOD.replace("LANGUAGE", "LANGUISH"), "syntax error"),
        (GOOD + "COMMIT;\n", "a deploy is one transaction"),
        (GOOD + "\n" * 150, "lines are more than 150"),
        (GOOD.replace("one.", "one." + "x" * 120), "columns are more than 120"),
        (GOOD.replace("-- Purpose:", "-- What:"), "must start with a header"),
        (GOOD.replace("board.one", "board.two"), "must create the function board.one"),
        (GOOD.replace("COMMENT ON FUNCTION", "-- COMMENT ON FUNCTION"), "COMMENT ON FUNCTION board.one is missing"),
        (GOOD.replace("RETURN 1", "RETURN 'a' ~ '^a{1,9}$'"), "a bounded repeat"),
    ],
)
def test_each_problem_is_found(tmp_path: Path, text: str, problem: str) -> None:
    assert any(problem in found for found in problems(tmp_path, text))


def test_new_migrations_are_wrapped_and_old_ones_are_left(tmp_path: Path) -> None:
    wide = f"-- {'x' * 120}\n"
    assert problems(tmp_path, wide, "migrations/0013_new.sql") == ["1: 123 columns are more than 120"]
    assert problems(tmp_path, wide, "migrations/0011_old.sql") == []
