"""Connections to Redis, calls that are bounded in time, and the state in which a failure leaves the cache."""

import asyncio
import enum
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ResponseError

from service import errors
from service.observability import metrics, new_relic

logger = logging.getLogger(__name__)

#: Every key of the service starts with it.
KEY_PREFIX = "leaderboard:"
#: A busy event loop is late for timers and sockets alike. An answer that has arrived is read within this many turns
#: of the loop. Only after them does a call count as timed out.
GRACE_TURNS = 5

T = TypeVar("T")


class State(enum.Enum):
    """What Redis is used for. Why there are three states: docs/cache.md, "When Redis fails"."""

    UP = "up"
    #: Redis answers, but it rejected a command, is coming back, or may hold stale values: reads go to PostgreSQL.
    WRITE_ONLY = "write only"
    DOWN = "down"


class RedisUnavailableError(Exception):
    """Redis failed, or is not used at the moment. The state and the log already say so."""


def connection_pool(
    url: str,
    *,
    connections: int,
    timeout_seconds: float,
    on_connect: Callable[[Any], Awaitable[None]] | None = None,
) -> BlockingConnectionPool:
    """Connections for calls made with `call`. `on_connect` prepares a new one."""
    return BlockingConnectionPool.from_url(
        url,
        max_connections=connections,
        # `call` bounds each call as a whole.
        timeout=None,
        socket_timeout=None,
        socket_connect_timeout=timeout_seconds,
        # A command that was sent may have run: repeating it could set an old token again, or count twice.
        retry=Retry(NoBackoff(), 0),
        redis_connect_func=on_connect,
        protocol=2,
        driver_info=None,
    )


async def call(name: str, answer: Awaitable[T], timeout_seconds: float) -> T:
    """Awaits a call to Redis, measured and traced as `name`. Raises what the call raises, or TimeoutError."""
    started = time.perf_counter()
    task = asyncio.ensure_future(answer)
    try:
        with new_relic.tracing.redis_call(name):
            await asyncio.wait([task], timeout=timeout_seconds)
            turns = 0
            while not task.done() and turns < GRACE_TURNS:
                await asyncio.sleep(0)
                turns += 1
        if task.done():
            return task.result()
        raise TimeoutError(f"no answer within {timeout_seconds * 1000:.0f} ms")
    finally:
        metrics.REDIS[name,].observe(time.perf_counter() - started)
        if not task.done():
            task.cancel()
            await asyncio.wait([task])


class RedisClient:
    """The cache's connections to Redis, and what they are used for at the moment."""

    def __init__(
        self,
        url: str,
        connections: int,
        timeout_seconds: float,
        *,
        on_connect: Callable[[Any], Awaitable[None]],
        on_failure: Callable[[], None],
    ) -> None:
        """`on_failure` is called at each failure, after the state has changed."""
        pool = connection_pool(url, connections=connections, timeout_seconds=timeout_seconds, on_connect=on_connect)
        #: The commands of Redis, to be awaited with `call`.
        self.commands = Redis.from_pool(pool)
        self.state = State.DOWN
        #: Why the state is not UP.
        self.reason = "not connected yet"
        self.failures = 0
        #: Set unless the state is UP.
        self.not_up = asyncio.Event()
        self.not_up.set()
        self._timeout = timeout_seconds
        self._on_failure = on_failure
        self._logged_down = False

    async def close(self) -> None:
        await self.commands.aclose()

    async def call(self, name: str, answer: Awaitable[T]) -> T:
        """Awaits a call to Redis. A failure changes the state and raises RedisUnavailableError."""
        try:
            return await call(name, answer, self._timeout)
        except ResponseError as error:
            metrics.CACHE_ERRORS[()].add()
            self.fail(str(error), State.WRITE_ONLY)
            raise RedisUnavailableError from error
        except Exception as error:
            # Connection, protocol and TLS errors, or a server that is not Redis: to the cache they are all the same.
            metrics.CACHE_ERRORS[()].add()
            self.fail(errors.reason(error), State.DOWN)
            raise RedisUnavailableError from error

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
