"""Whether a connection goes through a pooler, such as PgBouncer, and what that pooler keeps.

A pooler in session mode gives each client a server session of its own. In transaction mode the next statement may run
in any session: what SET did is lost for this client and stays for others, and a prepared statement is missing unless
the pooler looks after it (PgBouncer 1.21 or later, with max_prepared_statements above 0).
"""

import asyncio
import secrets

import asyncpg

from service.database.connect import Connection, UnfitServerError

#: Rounds of the test for transaction mode. One is enough unless other clients of the pooler take the very session that
#: the test waits for, each time at the wrong moment.
_ROUNDS = 5
_SECOND_SESSION_SECONDS = 1.0
_PID = "SELECT pg_catalog.pg_backend_pid()"
#: invalid_sql_statement_name and duplicate_prepared_statement
_STATEMENT_LOST = frozenset({"26000", "42P05"})

NO_PREPARED_STATEMENTS = (
    "the pooler is in transaction mode without prepared statements, so calls fail at random: use pool_mode = session,"
    " or PgBouncer 1.21 or later with max_prepared_statements = 200 (see docs/poolers.md)"
)
STATEMENT_MODE = (
    "the pooler is in statement mode, in which no transaction works: use pool_mode = session or transaction (see"
    " docs/poolers.md)"
)


class UnfitPoolerError(UnfitServerError):
    """The pooler is in a mode that the service cannot use. The message says what to change."""

    permanent = True


class NoSecondSessionError(UnfitServerError):
    """The pooler cannot be examined, since all of its server connections are in use."""

    def __init__(self) -> None:
        super().__init__(
            f"the pooler gave no second server connection within {_SECOND_SESSION_SECONDS:.0f} s: its pool"
            " (default_pool_size) must have room for WORKERS x POOL_SIZE connections and one more for each worker"
        )


def is_between(connection: Connection, backend_pid: int) -> bool:
    """Whether a pooler stands between: the process id that the login gave is not the server's, since a client of a
    pooler gets a key for cancellation that the pooler made up.
    """
    return bool(connection.get_server_pid() != backend_pid)


def reason_of(error: asyncpg.PostgresError) -> str | None:
    """What is wrong with the pooler's mode if a statement failed because of it, else None."""
    if error.sqlstate in _STATEMENT_LOST:
        return NO_PREPARED_STATEMENTS
    if "statement pooling" in str(error):
        return STATEMENT_MODE
    return None


async def is_in_transaction_mode(connection: Connection) -> bool:
    """Whether the pooler of this new connection is in transaction mode. Opens a second connection to it meanwhile.

    Raises UnfitPoolerError for a mode that the service cannot use, NoSecondSessionError, and what asyncpg raises.
    """
    second = await connection.log_in_again()
    try:
        return await _changes_session(connection, second)
    except asyncpg.PostgresError as error:
        reason = reason_of(error)
        if reason is None:
            raise
        raise UnfitPoolerError(reason) from error
    finally:
        second.terminate()


async def _changes_session(connection: Connection, second: Connection) -> bool:
    """Whether the session of `second` changes as the pooler's transaction mode must change it.

    While `connection` is in a transaction, `second` gets another session and prepares its statement there. Both are
    then free. A pooler that gives out the session that was last free gives the first one to the next statement of
    `second`; one that takes turns gives another one to one of its next two statements.
    """
    for round_number in range(_ROUNDS):
        await connection.execute("BEGIN")
        await connection.fetchval(_PID)  # some poolers give a session only to a statement
        if round_number == 0:
            prepared = await _prepare(second)
        pid = await prepared.fetchval()
        await connection.execute("COMMIT")
        if [await prepared.fetchval(), await prepared.fetchval()] != [pid, pid]:
            return True
    return False


async def _prepare(connection: Connection) -> "asyncpg.prepared_stmt.PreparedStatement[asyncpg.Record]":
    """Prepares _PID under a name that no other session has, so that it can only run elsewhere if the pooler sees to it.
    Raises NoSecondSessionError.
    """
    # Not wait_for, which would wait for the pooler to cancel a statement that no session has yet.
    preparing = asyncio.ensure_future(connection.prepare(_PID, name=f"leaderboard_{secrets.token_hex(8)}"))
    done, _ = await asyncio.wait({preparing}, timeout=_SECOND_SESSION_SECONDS)
    if not done:
        connection.terminate()
        await asyncio.gather(preparing, return_exceptions=True)
        raise NoSecondSessionError
    return preparing.result()
