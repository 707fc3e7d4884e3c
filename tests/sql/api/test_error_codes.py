import re
import shlex
import subprocess
from pathlib import Path

from service.database.sqlstates import SQLSTATES
from service.embedded.postgres import program
from tests.support.oracle import rows

ROOT = Path(__file__).parents[3]
FUNCTIONS = ROOT / "db" / "functions"
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_psql_shows_the_codes_as_the_docs_say(database_url):
    """Each command of docs/sql.md with the lines that stand first of what it prints."""
    text = "".join(CONSOLE.findall((ROOT / "docs" / "sql.md").read_text()))
    commands = re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]
    assert len(commands) == 2
    for command, _, expected in (part.partition("\n") for part in commands):
        producer, pipe, consumer = command.rpartition(" | ")
        assert (pipe, consumer) == (" | ", "make -s psql"), command
        sql = subprocess.run(shlex.split(producer), capture_output=True, text=True, check=True).stdout
        # As `make -s psql < file` calls it: service/commands/psql.py.
        printed = subprocess.run(
            [program("psql"), database_url, "--no-psqlrc", "--set=ON_ERROR_STOP=1"],
            input=sql,
            capture_output=True,
            text=True,
            timeout=60,
        )
        lines = [line.rstrip() for line in (printed.stdout + printed.stderr).strip().splitlines()]
        wanted = [line.rstrip() for line in expected.strip().splitlines()]
        assert lines[: len(wanted)] == wanted, command


async def test_every_code_that_a_function_raises_is_registered_and_the_other_way_round(db):
    registered = {row[0] for row in rows(await db.fetch("SELECT * FROM api.error_codes()"))}
    raised = set()
    for path in FUNCTIONS.rglob("*.sql"):
        if path.name != "error_codes.sql":
            body = re.sub(r"--.*", "", path.read_text())
            raised |= set(re.findall(r"'(LB\d{3})", body))
    assert raised == registered


async def test_the_service_gives_the_codes_the_same_meaning(db):
    for sqlstate, code, meaning in rows(await db.fetch("SELECT * FROM api.error_codes()")):
        failure = SQLSTATES[sqlstate]
        assert failure.code == code
        # These four say it for callers over HTTP, whose keys, retries and missing fields are other ones.
        if sqlstate not in {"LB003", "LB006", "LB030", "LB031"}:
            assert failure.meaning == meaning, sqlstate


async def test_codes_and_names_are_unique_and_say_something(db):
    codes = rows(await db.fetch("SELECT * FROM api.error_codes()"))
    assert len({code[0] for code in codes}) == len({code[1] for code in codes}) == len(codes)
    assert all(len(code[2]) > 10 for code in codes)
