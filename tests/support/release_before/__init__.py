"""A database of the release before the schemas by subject, with its data and functions: see README.md."""

import gzip
import itertools
import re
from pathlib import Path

import psycopg

_DUMP = Path(__file__).with_name("07476bc.sql.gz")
_OWNER = "leaderboard_owner"
#: pg_dump puts such a line before every object.
_OBJECT = re.compile(r"^-- Name: .*; Type: (.*?); Schema: ", re.MULTILINE)


def restore(url: str, owner: str = _OWNER) -> None:
    """Restores it into the empty database at `url`, as that URL's role, `owner`.

    Submission keys and refused submissions become as old as they were when the dump was made: no purge takes them.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("""
            DO $$ BEGIN
                CREATE ROLE leaderboard_service LOGIN NOINHERIT;
            EXCEPTION WHEN duplicate_object OR insufficient_privilege THEN NULL;
            END $$
        """)
        connection.execute(_text().replace(_OWNER, owner).encode())
        connection.execute("UPDATE public.submission_keys SET created_at = now()")
        connection.execute("UPDATE public.rejected_submissions SET rejected_at = now()")


def deploy_functions(url: str) -> None:
    """Deploys the functions of that release, as its own deploy does after a rollback."""
    text = _text()
    objects = list(_OBJECT.finditer(text))
    with psycopg.connect(url) as connection:
        connection.execute("SET check_function_bodies = off")
        for found, following in itertools.pairwise(objects):
            if found[1] == "FUNCTION":
                statement = text[found.end() : following.start()]
                statement = statement[statement.index("CREATE FUNCTION") :].replace("CREATE ", "CREATE OR REPLACE ", 1)
                connection.execute(statement.encode())


def _text() -> str:
    return gzip.decompress(_DUMP.read_bytes()).decode()
