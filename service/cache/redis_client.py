"""Connections to Redis, calls that are bounded in time, and the state in which a failure leaves the cache."""

import asyncio
import enum
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.connection import AbstractConnection, Connection, SSLConnection, UnixDomainSocketConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import (
    AskError,
    AuthenticationError,
    BusyLoadingError,
    ClusterCrossSlotError,
    ClusterDownError,
    ConnectionError,
    MasterDownError,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    ResponseError,
)

from service import errors
from service.cache.discovery import Address, Discovery
from service.cache.pipelined_connection import GRACE_TURNS, Answer, Command, PipelinedConnection
from service.observability import metrics, new_relic
from service.settings import redis_url

logger = logging.getLogger(__name__)

#: Errors that say that the connections lead to a server that is not the one to use, or not any more.
_WRONG_SERVER = (ReadOnlyError, MasterDownError, AskError, ClusterDownError, ClusterCrossSlotError)
_MEANINGS: tuple[tuple[type[Exception], str], ...] = (
    (ReadOnlyError, "the server is a read-only replica, and REDIS_URL has to lead to the primary"),
    (MasterDownError, "the server is a replica whose primary is down"),
    (NoPermissionError, "the user in REDIS_URL lacks a right, docs/redis-url.md lists them"),
    (AuthenticationError, "Redis does not accept the user or the password in REDIS_URL"),
    (OutOfMemoryError, "Redis is full, see its maxmemory and maxmemory-policy"),
    (BusyLoadingError, "Redis is starting and loads its data"),
    (ClusterDownError, "the Redis cluster is down"),
)
_NOT_ITS_KEYS = {
    "cluster": "the keys of the service are moving to another node of the Redis cluster",
    "server": "the server belongs to a Redis cluster: write redis+cluster:// in REDIS_URL",
}

T = TypeVar("T")


class State(enum.Enum):
    """What Redis is used for. Why there are three states: docs/cache.md, "When Redis fails"."""

    UP = "up"
    #: Redis answers, but it rejected a command, is coming back, or may hold stale values: reads go to PostgreSQL.
    WRITE_ONLY = "write only"
    DOWN = "down"


class RedisUnavailableError(Exception):
    """Redis failed, or is not used at the moment. The state and the log already say so."""


class _ClosedAtOnce:
    """A connection that is closed without TLS's goodbye, which a server that hangs does not answer."""

    _writer: asyncio.StreamWriter | None

    async def disconnect(self, nowait: bool = True, *reason: Any, **details: Any) -> None:
        if self._writer is not None:
            self._writer.transport.abort()
        await super().disconnect(True, *reason, **details)  # type: ignore[misc]


class _Connection(_ClosedAtOnce, Connection):
    pass


class _SSLConnection(_ClosedAtOnce, SSLConnection):
    pass


class _UnixConnection(_ClosedAtOnce, UnixDomainSocketConnection):
    pass


class _Discovered:
    """A connection to the server that `find` returns when the connection is opened."""

    def __init__(self, *, find: Callable[[], Awaitable[Address]], **options: Any) -> None:
        super().__init__(**options)
        self._find = find

    async def connect_check_health(self, *arguments: Any, **options: Any) -> None:
        """Called for each opening, also for that of a connection which was closed while it was in use."""
        if not self.is_connected:  # type: ignore[attr-defined]
            self.host, self.port = await self._find()
        await super().connect_check_health(*arguments, **options)  # type: ignore[misc]


class _DiscoveredConnection(_Discovered, _Connection):
    pass


class _DiscoveredSSLConnection(_Discovered, _SSLConnection):
    pass


class RedisConnections:
    """Connections to the server of a REDIS_URL, found by sentinels or in a cluster if that is what it names."""

    def __init__(
        self,
        url: str,
        count: int,
        timeout_seconds: float,
        on_connect: Callable[[Any], Awaitable[None]] | None = None,
    ) -> None:
        """`on_connect` prepares a new connection. `timeout_seconds` is for one call as a whole."""
        self._url = redis_url.parse(url)
        self._timeout = timeout_seconds
        #: What all keys begin with.
        self.key_prefix = self._url.key_prefix
        self.database = self._url.database
        options: dict[str, Any] = {
            # `call` bounds each call as a whole.
            "socket_timeout": None,
            "socket_connect_timeout": timeout_seconds,
            # A command that was sent may have run: repeating it could set an old token again, or count twice.
            "retry": Retry(NoBackoff(), 0),
            "protocol": 2,
            "driver_info": None,
            "username": self._url.username,
            "password": self._url.password,
            "db": self._url.database,
            **(self._url.tls or {}),
        }
        connection_class, address = self._connection(options)
        pool = BlockingConnectionPool(
            connection_class=connection_class,
            max_connections=count,
            timeout=None,
            redis_connect_func=on_connect,
            **options,
            **address,
        )
        #: The commands of Redis, to be awaited with `call`.
        self.commands = Redis.from_pool(pool)

    def _connection(self, options: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """The class of the connections, and its arguments that say where they lead."""
        secure = self._url.tls is not None
        if self._url.kind != "server":
            find = Discovery(self._url, self._timeout, options).address
            return (_DiscoveredSSLConnection if secure else _DiscoveredConnection), {"find": find}
        if self._url.path is not None:
            return _UnixConnection, {"path": self._url.path}
        host, port = self._url.nodes[0]
        return (_SSLConnection if secure else _Connection), {"host": host, "port": port}

    async def call(self, name: str, answer: Awaitable[T]) -> T:
        """Awaits a call to Redis, measured and traced as `name`. Raises what the call raises, or TimeoutError."""
        started = time.perf_counter()
        task = asyncio.ensure_future(answer)
        try:
            with new_relic.tracing.redis_call(name):
                await asyncio.wait([task], timeout=self._timeout)
                turns = 0
                while not task.done() and turns < GRACE_TURNS:
                    await asyncio.sleep(0)
                    turns += 1
            if task.done():
                return task.result()
            raise TimeoutError(f"no answer within {self._timeout * 1000:.0f} ms")
        finally:
            metrics.REDIS[name,].observe(time.perf_counter() - started)
            if not task.done():
                task.cancel()
                await asyncio.wait([task])

    def reason(self, error: Exception) -> str:
        """What a failed call means, for the operator."""
        said = errors.reason(error)
        if isinstance(error, AskError | ClusterCrossSlotError):
            return f"{_NOT_ITS_KEYS.get(self._url.kind, _NOT_ITS_KEYS['server'])} ({said})"
        for kind, meaning in _MEANINGS:
            if isinstance(error, kind):
                return f"{meaning} ({said})"
        return said

    async def drop(self) -> None:
        """Closes the connections of `commands`, also those in use, whose calls fail. The next call finds the server
        anew.
        """
        await self.commands.connection_pool.disconnect()

    def new_connection(self) -> AbstractConnection:
        """One beside those of `commands`, not yet open."""
        connection: AbstractConnection = self.commands.connection_pool.make_connection()  # type: ignore[no-untyped-call]
        return connection

    async def close(self) -> None:
        await self.commands.aclose()


class RedisClient:
    """The cache's connection to Redis, and what it is used for at the moment."""

    def __init__(
        self,
        url: str,
        timeout_seconds: float,
        *,
        on_connect: Callable[[Any], Awaitable[None]],
        on_failure: Callable[[], None],
    ) -> None:
        """`on_failure` is called at each failure, after the state has changed."""
        self._timeout = timeout_seconds
        self._connections = RedisConnections(url, 1, timeout_seconds, on_connect)
        self._connection = PipelinedConnection(self._connections.new_connection)
        self.key_prefix = self._connections.key_prefix
        self.database = self._connections.database
        #: What tells the server that the connection leads to from all others.
        self.server: str | None = None
        #: Counts the times that it was forgotten. While this stays the same, all commands run on the same server.
        self.forgotten = 0
        self.state = State.DOWN
        #: Why the state is not UP.
        self.reason = "not connected yet"
        self.failures = 0
        #: Set unless the state is UP.
        self.not_up = asyncio.Event()
        self.not_up.set()
        self._on_failure = on_failure
        self._logged_down = False

    async def close(self) -> None:
        self._connection.close()
        await self._connections.close()

    def forget_server(self) -> None:
        """Closes the connection, and calls that wait for an answer fail. The next one may lead to another server."""
        self.server = None
        self.forgotten += 1
        self._connection.close()

    def check_server(self, server: str) -> None:
        """Call it for each new connection: it has to lead to the same server as the last. Raises ConnectionError."""
        if self.server is None:
            self.server = server
        elif server != self.server:
            raise ConnectionError("another Redis server has taken the place of the one in use")

    async def call(self, name: str, *commands: Command, may_reject: bool = False) -> list[Answer]:
        """Sends the commands together, measured and traced as `name`, and returns their answers in order. A failure
        changes the state and raises RedisUnavailableError. A rejected command is a failure, or with `may_reject` its
        answer is the error.
        """
        try:
            deadline = time.perf_counter() + self._timeout
            if not self._connection.is_open:
                await self._connections.call("connect", self._connection.open())
            started = time.perf_counter()
            try:
                with new_relic.tracing.redis_call(name):
                    answers = await self._connection.send(commands, max(0.0, deadline - started))
            finally:
                metrics.REDIS[name,].observe(time.perf_counter() - started)
            for command, answer in zip(commands, answers, strict=True):
                # Not all are ResponseErrors: redis-py takes LOADING and NOAUTH for errors of the connection.
                if isinstance(answer, RedisError) and not (may_reject and isinstance(answer, ResponseError)):
                    answer.args = (f"{_name(command)}: {answer}",)  # Redis does not name the key
                    raise answer
            return answers
        except Exception as error:
            self._failed(error)
            raise RedisUnavailableError from error

    def post(self, name: str, *commands: Command) -> None:
        """Sends the commands without waiting for their answers, which may be errors. A failure changes the state. Does
        nothing if no connection is open.
        """
        if not self._connection.is_open:
            return
        started = time.perf_counter()

        def finish(answers: asyncio.Future[list[Answer]]) -> None:
            metrics.REDIS[name,].observe(time.perf_counter() - started)
            error = answers.exception()
            if isinstance(error, Exception):
                self._failed(error)

        with new_relic.tracing.redis_call(name):  # what the request spends on it: the wait is not its own
            self._connection.send(commands, self._timeout).add_done_callback(finish)

    def _failed(self, error: Exception) -> None:
        # Connection, protocol and TLS errors, or a server that is not Redis: to the cache they are all the same.
        rejected = isinstance(error, ResponseError) and not isinstance(error, _WRONG_SERVER)
        metrics.CACHE_ERRORS[()].add()
        self.fail(self._connections.reason(error), State.WRITE_ONLY if rejected else State.DOWN)

    def fail(self, reason: str, state: State) -> None:
        # A rejected command shows that Redis answers, but not that a Redis given up as DOWN is reachable again.
        self.state = State.DOWN if self.state is State.DOWN else state
        self.failures += 1
        self.not_up.set()
        self._on_failure()
        self.stay_down(reason)

    def stay_down(self, reason: str) -> None:
        """Reads go to PostgreSQL for this reason. Logs it once until the state is UP again."""
        self.reason = reason
        if not self._logged_down:
            self._logged_down = True
            logger.warning("cache down: answering from PostgreSQL alone", extra={"reason": reason})

    def mark_up(self) -> None:
        self.state = State.UP
        self.not_up.clear()
        if self._logged_down:
            self._logged_down = False
            logger.info("cache up")


def _name(command: Command) -> str:
    """The command and its first key."""
    return " ".join(part.decode() if isinstance(part, bytes) else str(part) for part in command[:2])
