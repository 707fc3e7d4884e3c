"""The connections that statements run on. Each goes from one statement to the next without a stop in asyncpg's pool,
whose release and acquire would cost as much as a short statement, and keeps the statements that were prepared on it.
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Any

import asyncpg

from service import errors
from service.database.connect import ATTEMPT_ERRORS, Connection, NoServerError, Target
from service.database.replication_wait import ReplicationWait
from service.database.sqlstates import from_sqlstate
from service.errors import ApiError

logger = logging.getLogger(__name__)

#: A connection that no statement has used for so long is closed. Some networks forget one silently after 350 s.
IDLE_SECONDS = 300.0
#: How long a statement that was given up has to end on the server.
CANCEL_SECONDS = 1.0
#: The server has lost a prepared statement (DISCARD ALL, DEALLOCATE), or a deploy has changed its result. Nothing ran.
_PREPARED_IS_GONE = (asyncpg.InvalidSQLStatementNameError, asyncpg.InvalidCachedStatementError)


class KeptConnection:
    """A connection that `KeptConnections` lends for one statement after the other."""

    __slots__ = ("_prepared", "_proxy", "connection", "generation", "since", "target", "wait")

    def __init__(self, proxy: Any, generation: int) -> None:
        """`proxy`: what asyncpg's pool gave."""
        self._proxy = proxy
        self.connection: Connection = proxy.itself
        self.target: Target = self.connection.target
        #: How often connections had been expired when this one was opened.
        self.generation = generation
        #: When it was lent last, by the monotonic clock.
        self.since = 0.0
        self.wait = ReplicationWait(self.connection)
        self._prepared: dict[str, asyncpg.prepared_stmt.PreparedStatement[asyncpg.Record]] = {}

    async def fetch(self, statement: str, args: Sequence[object], timeout: float) -> list[asyncpg.Record]:
        """Runs a statement, and prepares it first if need be, both within `timeout` seconds. Raises what asyncpg
        raises.
        """
        prepared = self._prepared.get(statement)
        if prepared is not None:
            try:
                return await prepared.fetch(*args)
            except _PREPARED_IS_GONE:
                del self._prepared[statement]
        started = time.monotonic()
        prepared = self._prepared[statement] = await self.connection.prepare(statement, timeout=timeout)
        return await prepared.fetch(*args, timeout=max(0.001, timeout - (time.monotonic() - started)))

    async def release(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        """Returns it to asyncpg's pool, which waits until a statement that was given up has ended, and drops the
        connection if it cannot be used any more.
        """
        self.wait.end()
        self._prepared.clear()
        try:
            # The server may not answer. Just closing the connection would not end a commit that waits for a synchronous
            # standby, and such sessions would use up the server's.
            await pool.release(self._proxy, timeout=CANCEL_SECONDS)
        except Exception as error:
            # asyncpg has dropped the connection. The statement's own result must not be covered up.
            logger.warning("a database connection could not be released", extra={"reason": repr(error)})


class KeptConnections:
    """Lends the connections of an asyncpg pool, in the order of the calls if all are in use. The pool opens and closes
    them, and has none that is idle, but for those whose statement was given up.
    """

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", timeout: float) -> None:
        """`timeout`: how long a call waits for a connection, in seconds."""
        self._pool = pool
        self._timeout = timeout
        self._turns = asyncio.Semaphore(pool.get_max_size())
        #: Those that no statement uses, the one that was used last at the end.
        self._free: list[KeptConnection] = []
        self._generation = 0
        self.in_use: set[KeptConnection] = set()

    async def take(self) -> KeptConnection:
        """A connection for one statement; `give_back` must follow. Raises ApiError if none can be had in time; then
        nothing was sent.
        """
        if self._free and not self._turns.locked():  # no timer is needed
            await self._turns.acquire()
            kept = self._take_free()
            if kept is None:
                self._turns.release()
                kept = await self._wait_or_open()
        else:
            kept = await self._wait_or_open()
        kept.since = time.monotonic()
        self.in_use.add(kept)
        return kept

    async def give_back(self, kept: KeptConnection, *, works: bool) -> None:
        """`works`: whether the next statement may use it, so its own has ended and left nothing behind."""
        try:
            if not (works and kept.generation == self._generation) or kept.connection.is_closed():
                await kept.release(self._pool)
            else:
                self._free.append(kept)
        finally:
            self.in_use.discard(kept)
            self._turns.release()

    async def expire(self) -> None:
        """Has every connection opened anew, those in use after their statement."""
        self._generation += 1
        while self._free:
            self._free.pop().connection.terminate()
        await self._pool.expire_connections()

    async def close_idle(self) -> None:
        """Closes the connections that no statement has used for IDLE_SECONDS."""
        limit = time.monotonic() - IDLE_SECONDS
        while self._free and self._free[0].since < limit:
            self._free.pop(0).connection.terminate()

    async def close(self, timeout: float) -> None:
        """Waits up to `timeout` seconds for statements in progress, then aborts them."""
        self._generation += 1
        try:
            async with asyncio.timeout(timeout):
                while self._free:
                    await self._free.pop().release(self._pool)
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()

    def _take_free(self) -> KeptConnection | None:
        while self._free:
            kept = self._free.pop()
            if not kept.connection.is_closed():
                return kept
            kept.connection.terminate()  # asyncpg may not know yet
        return None

    async def _wait_or_open(self) -> KeptConnection:
        try:
            async with asyncio.timeout(self._timeout):
                await self._turns.acquire()
                generation = self._generation
                try:
                    return self._take_free() or KeptConnection(await self._pool.acquire(), generation)
                except BaseException:
                    self._turns.release()
                    raise
        except TimeoutError as error:
            raise ApiError(
                errors.DATABASE_UNAVAILABLE,
                "no database connection became free in time; nothing was changed, please retry",
            ) from error
        except (NoServerError, *ATTEMPT_ERRORS) as error:
            if isinstance(error, NoServerError) and error.read_only:
                raise from_sqlstate("25006", None) from error  # as if it had been asked
            raise ApiError(errors.DATABASE_UNAVAILABLE) from error
