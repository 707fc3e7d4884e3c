"""The connections to PostgreSQL: lent for one statement, and every failure of one turned into an ApiError."""

import asyncio
import contextlib
import logging
import math
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, NoReturn, Self

import asyncpg

from service import errors
from service.database import health
from service.database.connect import ATTEMPT_ERRORS, CLOSING_SECONDS, Connection, Connector, NoServerError, Target
from service.database.health import Health
from service.database.kept_connections import KeptConnection, KeptConnections
from service.database.session import Session
from service.database.sqlstates import BROKEN_CONNECTION, KNOWN_ROLLBACK, from_sqlstate
from service.database.timeline import Timelines
from service.database.tls import TlsError
from service.errors import ApiError, OperatorError
from service.observability import metrics, new_relic
from service.settings import Settings, database_url
from service.settings.urls import UrlError

logger = logging.getLogger(__name__)

#: How long a starting service waits for a database that does not answer yet.
START_WAIT_SECONDS = 15.0
#: The server cancels a statement at its timeout, or when it is told to. The client waits this much longer for it.
CLIENT_GRACE_SECONDS = 1.0
#: How long `close` waits for calls in progress.
_CLOSE_WAIT_SECONDS = 5.0
#: A server is asked for a sign of life when a call has waited for it so long, and has so long for its answer.
_SILENT_SECONDS = 0.5
_SIGN_OF_LIFE_SECONDS = 1.0
_WATCH_SECONDS = 0.25
_IDLE_CHECK_SECONDS = 10.0
#: Between two renewals of all connections because the database is read-only.
_RENEW_SECONDS = 1.0
#: Between two visits to the hosts of DATABASE_URL that are not in use, and how long the one at the start may take.
VISIT_SECONDS = 2.0
_FIRST_VISIT_SECONDS = 1.0


class DatabaseUnusableError(OperatorError):
    """The service cannot start with this database: it does not answer, refuses the login, or changes the session's
    settings. The message says why, without secrets.
    """


class Pool:
    """Connections for single statements. A broken connection is dropped and the next call opens another, so a
    restarted server needs no restart of the service.
    """

    def __init__(
        self,
        pool: "asyncpg.Pool[asyncpg.Record]",
        connector: Connector,
        timelines: Timelines,
        settings: Settings,
        statements: Sequence[str],
    ) -> None:
        self._pool = pool
        self._connections = KeptConnections(pool, settings.pool_timeout_ms / 1000)
        #: How long the client waits for a statement. The server ends it before.
        self._timeout = _client_timeout(settings)
        #: Whether a call failed for that reason. Set to False once the server can write again.
        self.disk_full = False
        #: The version of PostgreSQL, as of the last `health`.
        self.server_version: str | None = None
        self._renewed = -math.inf
        self._connector = connector
        self.timelines = timelines
        self._tasks = [
            asyncio.create_task(_repeat(_WATCH_SECONDS, self._drop_silent_servers)),
            # So that it is known within VISIT_SECONDS if another host was promoted while this one still takes writes.
            asyncio.create_task(_repeat(VISIT_SECONDS, lambda: connector.visit_others(VISIT_SECONDS))),
            asyncio.create_task(_repeat(_IDLE_CHECK_SECONDS, self._connections.close_idle)),
        ]
        #: The duration of each statement's calls, by the name of its function.
        self._durations = {
            statement: metrics.DATABASE[found[1],]
            for statement in statements
            if (found := re.search(r"api\.(\w+)\(", statement))
        }

    @classmethod
    async def connect(cls, settings: Settings, statements: Sequence[str]) -> Self:
        """Opens a pool for `statements`. Waits up to START_WAIT_SECONDS for a server that is still starting, then
        raises DatabaseUnusableError.
        """
        timelines = Timelines()
        connector = _connector(settings, timelines)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + START_WAIT_SECONDS
        warned = False
        while True:
            try:
                pool = await _open(connector, settings)
                # If two servers take writes, this process learns which of them is the former primary.
                await connector.visit_others(_FIRST_VISIT_SECONDS)
                return cls(pool, connector, timelines, settings, statements)
            except (NoServerError, *ATTEMPT_ERRORS) as error:
                reason = errors.reason(error)
                if loop.time() > deadline or (isinstance(error, NoServerError) and error.permanent):
                    await asyncio.sleep(CLOSING_SECONDS)
                    raise DatabaseUnusableError(reason) from error
                if not warned:
                    logger.warning("waiting for the database", extra={"reason": reason})
                    warned = True
                await asyncio.sleep(0.25)

    async def close(self) -> None:
        """Waits a few seconds for calls in progress, then aborts them."""
        try:
            await self._connections.close(_CLOSE_WAIT_SECONDS)
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def update_gauges(self) -> None:
        metrics.POOL["used",].set(len(self._connections.in_use))
        metrics.POOL["open",].set(self._pool.get_size())
        metrics.POOL["most",].set(self._pool.get_max_size())

    @contextlib.asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A context manager: a connection for other statements than `call`'s. Raises ApiError if none can be had; then
        nothing was sent.
        """
        async with self._kept() as kept:
            yield kept.connection

    @contextlib.asynccontextmanager
    async def _kept(self) -> AsyncIterator[KeptConnection]:
        kept = await self._connections.take()
        works = False
        try:
            yield kept
            works = not kept.connection.is_in_transaction()
        finally:
            await self._connections.give_back(kept, works=works)

    async def call(self, statement: str, *args: object, writes: bool = False) -> list[asyncpg.Record]:
        """Runs one statement and returns its rows. Retries once, and only if the transaction is known to have rolled
        back.
        """
        try:
            return await self._timed_call(statement, args, writes)
        except _RolledBackError:
            pass
        try:
            return await self._timed_call(statement, args, writes)
        except _RolledBackError as error:
            raise from_sqlstate(error.sqlstate, None) from error.__cause__

    async def call_long(
        self, statement: str, seconds: int, *args: object, writes: bool = False
    ) -> list[asyncpg.Record]:
        """As `call`, without a retry, but the statement may take so many seconds instead of STATEMENT_TIMEOUT_MS."""
        started = time.perf_counter()
        lost = errors.DATABASE_UNAVAILABLE
        try:
            async with self._kept() as kept:
                connection = kept.connection
                kept.wait.cancelled = False
                try:
                    with self._segment(statement, kept.target):
                        # If it fails in between, the connection is rolled back when it is released.
                        await connection.execute(f"BEGIN; SET LOCAL statement_timeout = '{seconds}s'")
                        rows = await connection.fetch(statement, *args, timeout=seconds + CLIENT_GRACE_SECONDS)
                        if writes:
                            lost = errors.OUTCOME_UNKNOWN
                        await connection.execute("COMMIT")
                        if kept.wait.cancelled:
                            raise ApiError(lost)
                        return rows
                except asyncpg.PostgresError as error:
                    if error.sqlstate in BROKEN_CONNECTION:
                        raise ApiError(lost) from error
                    raise from_sqlstate(error.sqlstate, error.args[0] if error.args else None) from error
                except (asyncpg.InterfaceError, asyncpg.InternalClientError, OSError) as error:
                    connection.terminate()
                    raise ApiError(lost) from error
        finally:
            self._durations[statement].observe(time.perf_counter() - started)

    async def health(self) -> Health:
        """What keeps the statements from working. Raises ApiError if the database cannot be asked."""
        async with self.connection() as connection:
            try:
                with self._segment(health.STATE, connection.target):
                    found = await health.examine(connection, list(self._durations))
            except asyncpg.PostgresError as error:
                raise from_sqlstate(error.sqlstate, None) from error
            except (asyncpg.InterfaceError, asyncpg.InternalClientError, OSError) as error:
                connection.terminate()
                raise ApiError(errors.DATABASE_UNAVAILABLE) from error
            self.server_version = str(connection.get_settings().server_version)
            if connection.backend_pid not in (None, found.backend_pid):
                logger.error("the pooler has changed to transaction mode: every connection is made and checked anew")
                await self._connections.expire()
            if found.not_writable is not None:
                await self._renew_connections()
            return found

    async def _renew_connections(self) -> None:
        """Has every connection made anew, because one is read-only. ALTER DATABASE ... SET or RESET
        default_transaction_read_only holds for new sessions alone, and some of those may be from before it.
        """
        now = time.monotonic()
        if now - self._renewed >= _RENEW_SECONDS:
            self._renewed = now
            await self._connections.expire()

    async def _drop_silent_servers(self) -> None:
        """Ends the calls on a server that no longer answers, such as a frozen one, long before their timeouts."""
        limit = time.monotonic() - _SILENT_SECONDS
        in_use = self._connections.in_use
        for target in {one.target for one in in_use if one.since < limit}:
            waiting = [(one, one.since) for one in in_use if one.target == target]
            # A server that answers may run a long statement, or be slow to log in to. If a statement has ended, its
            # connection may be in use again, since later.
            if not await self._connector.answers(target, _SIGN_OF_LIFE_SECONDS) and all(
                one in in_use and one.since == since for one, since in waiting
            ):
                logger.error("the database server does not answer", extra={"server": str(target)})
                self._connector.drop(target)

    def _segment(self, statement: str, target: Target) -> AbstractContextManager[Any]:
        assert target.address is not None
        return new_relic.tracing.database_call(statement, target.address, self._connector.database)

    async def _timed_call(self, statement: str, args: Sequence[object], writes: bool) -> list[asyncpg.Record]:
        started = time.perf_counter()
        try:
            kept = await self._connections.take()
            works = False
            try:
                with self._segment(statement, kept.target):
                    rows = await _fetch(kept, statement, args, self._timeout, writes)
                works = True
                return rows
            except (ApiError, _RolledBackError) as error:
                # The server refused the statement and is ready for the next one.
                cause = error.__cause__
                works = isinstance(cause, asyncpg.PostgresError) and cause.sqlstate not in BROKEN_CONNECTION
                raise
            finally:
                await self._connections.give_back(kept, works=works)
        except ApiError as error:
            if isinstance(error.__cause__, asyncpg.DiskFullError):
                self.disk_full = True
            if isinstance(error.__cause__, asyncpg.ReadOnlySQLTransactionError):
                await self._renew_connections()
            raise
        finally:
            self._durations[statement].observe(time.perf_counter() - started)


class _RolledBackError(Exception):
    """The database rolled the statement back and the connection still works."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


async def _fetch(
    kept: KeptConnection, statement: str, args: Sequence[object], timeout: float, writes: bool
) -> list[asyncpg.Record]:
    """Runs the statement. Raises _RolledBackError or ApiError; OUTCOME_UNKNOWN for a write that may have committed."""
    lost = errors.OUTCOME_UNKNOWN if writes else errors.DATABASE_UNAVAILABLE
    late = errors.OUTCOME_UNKNOWN if writes else errors.DATABASE_TIMEOUT
    kept.wait.cancelled = False
    try:
        rows = await kept.fetch(statement, args, timeout)
        if writes and kept.wait.cancelled:
            raise ApiError(errors.OUTCOME_UNKNOWN)
        return rows
    except asyncpg.PostgresError as error:
        if error.sqlstate in KNOWN_ROLLBACK:
            raise _RolledBackError(error.sqlstate) from error
        if error.sqlstate in BROKEN_CONNECTION:
            raise ApiError(lost) from error
        raise from_sqlstate(error.sqlstate, error.args[0] if error.args else None) from error
    except TimeoutError as error:
        # The server did not keep its own timeout: it is out of reach, or a commit waits for a synchronous standby.
        # asyncpg has asked it to cancel, and the release of the connection waits for that.
        raise ApiError(late) from error
    except asyncpg.InterfaceError as error:
        if not kept.connection.is_closed():
            # The driver refused the call before it sent anything, such as a text that it cannot encode.
            raise ApiError(errors.INTERNAL_ERROR) from error
        raise ApiError(lost) from error
    except asyncpg.InternalClientError as error:
        # A server that died in the middle of an answer leaves asyncpg's protocol in an unexpected state.
        kept.connection.terminate()
        raise ApiError(lost) from error
    except OSError as error:
        raise ApiError(lost) from error


async def _repeat(seconds: float, work: Callable[[], Awaitable[None]]) -> NoReturn:
    """Does the work every so many seconds, whatever happens: without it, a failover would go unnoticed."""
    failing = False
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
            failing = False
        except Exception:
            if not failing:  # it may fail several times a second
                logger.exception("watching the database servers failed")
            failing = True


def _connector(settings: Settings, timelines: Timelines) -> Connector:
    """Raises DatabaseUnusableError."""
    try:
        url = database_url.parse(settings.service_url or "")
        session = Session(settings, url.user)
        return Connector(
            url,
            # A little less than a call waits, so that it learns the reason.
            timeout=settings.pool_timeout_ms / 1000 * 0.95,
            checks=[session.apply, timelines.check],
            server_settings={"application_name": "leaderboard", **session.startup},
        )
    except (UrlError, TlsError) as error:
        raise DatabaseUnusableError(f"the address of the database cannot be used: {error}") from None


async def _open(connector: Connector, settings: Settings) -> "asyncpg.Pool[asyncpg.Record]":
    return await asyncpg.create_pool(  # type: ignore[call-overload, no-any-return]  # stubs want every argument
        # One connection at the start shows at once whether the database can be used. With a higher min_size,
        # asyncpg would complain about missing connections all through an outage.
        init_size=1,
        min_size=0,
        max_size=settings.pool_size,
        connect=connector,
        connection_class=Connection,
        command_timeout=_client_timeout(settings),
        reset=_keep_session,
    )


def _client_timeout(settings: Settings) -> float:
    return settings.statement_timeout_ms / 1000 + CLIENT_GRACE_SECONDS


async def _keep_session(connection: object) -> None:
    """Replaces asyncpg's reset query, a round trip at every release. There is nothing to reset: each call is one
    statement on a function that pins its own settings, so no transaction, cursor, LISTEN, session lock or SET is
    left.
    """
