"""What must hold before a deploy changes anything: the login may create what it has to, the names are free, and the
leaderboard that is there already belongs to the login.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import psycopg

from service.errors import OperatorError
from service.settings import SERVICE_ROLE

Connection = psycopg.Connection[Any]

SCHEMAS = ["api", "submission", "moderation", "player", "archive", "rank_index", "board", "past", "ledger", "internal"]
_CREATED = re.compile(r"^CREATE (?:UNIQUE )?(SCHEMA|TABLE|SEQUENCE|TYPE|INDEX) ([\w.]+)", re.MULTILINE)

_LOGIN = """
    SELECT pg_catalog.quote_ident(pg_catalog.current_database()), pg_catalog.quote_ident(current_user),
        pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE'),
        pg_catalog.has_schema_privilege(pg_catalog.to_regnamespace('public')::oid, 'CREATE')"""
_TAKEN = """
    SELECT o.kind || ' ' || o.name
    FROM unnest(%s::text[], %s::text[]) AS o(kind, name)
    WHERE CASE
        WHEN o.kind = 'schema' THEN pg_catalog.to_regnamespace(o.name) IS NOT NULL
        ELSE pg_catalog.to_regclass(o.name) IS NOT NULL OR pg_catalog.to_regtype(o.name) IS NOT NULL
    END
    ORDER BY o.kind, o.name"""
_OTHER_OWNERS = """
    SELECT pg_catalog.string_agg(DISTINCT pg_catalog.pg_get_userbyid(o.owner), ', ')
    FROM (
        SELECT n.nspowner AS owner FROM pg_catalog.pg_namespace AS n WHERE n.nspname = ANY (%(schemas)s)
        UNION
        SELECT p.proowner FROM pg_catalog.pg_proc AS p
        JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace AND n.nspname = ANY (%(schemas)s)
        UNION
        SELECT c.relowner FROM pg_catalog.pg_class AS c
        JOIN unnest(%(relations)s::text[]) AS r(name) ON c.oid = pg_catalog.to_regclass(r.name)
    ) AS o
    WHERE NOT pg_catalog.pg_has_role(o.owner, 'USAGE')"""


class MigrationError(OperatorError):
    """The database was not migrated, and nothing in it changed. The message is one line."""


def created(text: str) -> list[tuple[str, str]]:
    """What a migration creates that other programs may have, too: (schema, table, sequence, type or index; name)."""
    return [(kind.lower(), f"public.{name}" if kind == "INDEX" else name) for kind, name in _CREATED.findall(text)]


def check_login(connection: Connection) -> None:
    """Raises MigrationError if the login is the service's own."""
    _, user, *_ = _row(connection, _LOGIN)
    if user == SERVICE_ROLE:
        raise MigrationError(
            f"DATABASE_URL must name the owner of the database. {user} is the service's own role, which may change"
            " nothing: name it in SERVICE_DATABASE_URL"
        )


def check_rights(connection: Connection) -> None:
    """Raises MigrationError if the login may not create schemas, and tables in public."""
    database, user, in_database, in_public = _row(connection, _LOGIN)
    if in_public is None:
        raise MigrationError(
            "the database has no schema public, in which the tables of the leaderboard are: CREATE SCHEMA public;"
        )
    if in_database and in_public:
        return
    place, remedy = (
        (f"schema public of the database {database}", f"GRANT USAGE, CREATE ON SCHEMA public TO {user};")
        if in_database
        else (f"database {database}", f"ALTER DATABASE {database} OWNER TO {user};")
    )
    raise MigrationError(
        f"{user} may not create anything in the {place}: DATABASE_URL must name the owner of the database. As a"
        f" superuser, run: {remedy}"
    )


def check_names(connection: Connection, objects: Sequence[tuple[str, str]]) -> None:
    """Raises MigrationError if there are such objects already. `objects` are those that migrations will create."""
    kinds, names = zip(*objects, strict=True) if objects else ((), ())
    taken = [name for (name,) in connection.execute(_TAKEN, [list(kinds), list(names)])]
    if taken:
        raise MigrationError(occupied(connection, f"has {', '.join(taken)}"))


def occupied(connection: Connection, found: str) -> str:
    """The message for a database in which another program has taken names of ours."""
    _, user, *_ = _row(connection, _LOGIN)
    return (
        f"this database belongs to another program: it {found}, and the leaderboard would need the same names."
        " Nothing was changed. Give the leaderboard a database of its own, which may be on the same server: CREATE"
        f" DATABASE leaderboard OWNER {user}; and name it in DATABASE_URL"
    )


def check_owner(connection: Connection, relations: Iterable[str]) -> None:
    """Raises MigrationError if the leaderboard's objects belong to a role whose rights the login does not have.
    `relations` are its tables and sequences.
    """
    row = _row(connection, _OTHER_OWNERS, {"schemas": SCHEMAS, "relations": list(relations)})
    if row[0] is not None:
        _, user, *_ = _row(connection, _LOGIN)
        raise MigrationError(
            f"objects of the leaderboard in this database belong to {row[0]}, and {user} may not change them: set"
            " DATABASE_URL to a login that may, or hand them over as docs/databases.md#another-owner says"
        )


def _row(connection: Connection, statement: str, parameters: Any = None) -> Any:
    row = connection.execute(statement, parameters).fetchone()
    assert row is not None
    return row
