"""Whether the database can do what requests ask of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

#: What a request would run into. A pooler may put a client of a former primary on a standby at any time.
STATE = """
    SELECT
        pg_catalog.pg_backend_pid(),
        CASE
            WHEN pg_catalog.pg_is_in_recovery() THEN 'the server is a standby, which takes no scores'
            WHEN pg_catalog.current_setting('transaction_read_only') = 'on'
                THEN 'the database is read-only (default_transaction_read_only)'
        END,
        current_user::text,
        ARRAY(
            SELECT pg_catalog.format('USAGE ON SCHEMA %I', n.nspname)
            FROM pg_catalog.pg_namespace AS n
            WHERE n.nspname = 'api' AND NOT pg_catalog.has_schema_privilege(n.oid, 'USAGE')
        ),
        ARRAY(
            SELECT pg_catalog.format('api.%I', p.proname)
            FROM pg_catalog.pg_proc AS p
            JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
            WHERE p.proname = ANY ($1::text[]) AND n.nspname = 'api'
                AND NOT pg_catalog.has_function_privilege(p.oid, 'EXECUTE')
            ORDER BY 1
        )"""


@dataclass(frozen=True)
class Health:
    """What is wrong with the database; nothing if all is well."""

    #: The process of the server that answered.
    backend_pid: int
    #: Why it takes no scores.
    not_writable: str | None
    #: The role of the service, and the rights that it lacks.
    role: str
    not_granted: Sequence[str]
    #: PostgreSQL's complaints about the service's statements, such as a missing function, argument or column.
    missing: Sequence[str]


async def examine(connection: asyncpg.Connection, statements: Sequence[str]) -> Health:
    """Asks the server about itself and the functions of `statements`, and has it parse each of them.

    Raises what asyncpg raises.
    """
    functions = {name for statement in statements for name in re.findall(r"\bapi\.(\w+)\(", statement)}
    # Prepared each time, since asyncpg would go on with a statement that the server has lost (DISCARD ALL).
    row = await (await connection.prepare(STATE)).fetchrow(sorted(functions))
    assert row is not None
    backend_pid, not_writable, role, not_granted, not_executable = row
    # Without USAGE no statement can be parsed.
    missing = [] if not_granted else await _missing(connection, statements)
    if not_executable:
        not_granted.append(f"EXECUTE ON FUNCTION {', '.join(not_executable)}")
    return Health(backend_pid, not_writable, role, not_granted, missing)


async def _missing(connection: asyncpg.Connection, statements: Sequence[str]) -> list[str]:
    found = []
    for statement in statements:
        try:
            await connection.prepare(statement)
        except (asyncpg.SyntaxOrAccessError, asyncpg.InvalidSchemaNameError) as error:
            found.append(str(error))
    return found
