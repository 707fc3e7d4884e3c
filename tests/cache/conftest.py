"""Fixtures of the cache tests: ways to count calls, and submissions that the service does not see."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import asyncpg
import msgspec
import pytest
import redis

from service.cache import lease
from service.cache.epoch_cache import Cache
from service.cache.redis_client import State
from service.database.functions import Database

TEXT = msgspec.json.Decoder(str)


@pytest.fixture
def redis_client(redis_url: str) -> Iterator[redis.Redis]:
    """A look at the Redis of the `settings`."""
    with redis.Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
def count_calls(db: asyncpg.Connection) -> Callable[[str, str], Awaitable[Callable[[], Awaitable[int]]]]:
    """Counts the calls of an api function in the database itself. `arguments` as in its signature."""

    async def begin(function: str, arguments: str) -> Callable[[], Awaitable[int]]:
        result = await db.fetchval("SELECT pg_get_function_result(to_regprocedure($1))", f"api.{function}({arguments})")
        numbers = ", ".join(f"${n}" for n in range(1, len(arguments.split(",")) + 1))
        await db.execute(
            f"CREATE SEQUENCE public.{function}_calls MINVALUE 0;"
            f"ALTER FUNCTION api.{function}({arguments}) RENAME TO {function}_uncounted;"
            f"CREATE FUNCTION api.{function}({arguments}) RETURNS {result}"
            f" LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ BEGIN"
            f" PERFORM nextval('public.{function}_calls');"
            f" RETURN QUERY SELECT * FROM api.{function}_uncounted({numbers});"
            f" END $$;"
            f"GRANT EXECUTE ON FUNCTION api.{function}({arguments}) TO leaderboard_service;"
        )

        async def calls() -> int:
            number: int = await db.fetchval(
                f"SELECT CASE WHEN is_called THEN last_value + 1 ELSE 0 END FROM public.{function}_calls"
            )
            return number

        return calls

    return begin


async def submit_with_psql(db: asyncpg.Connection, user_id: int, score: int) -> None:
    """A submission that the service does not see."""
    await db.execute("SELECT FROM api.submit_score($1, $2)", user_id, score)


class Process:
    """A cache of its own on the Redis and the database of the test. What it reads from PostgreSQL is `value`."""

    def __init__(self, cache, truth):
        self.cache = cache
        self.lease = cache._lease
        self.warning = cache._warning
        self._truth = truth
        #: How often it has read from PostgreSQL.
        self.loads = 0

    async def recovers(self):
        return await self.cache._recovery.attempt()

    def loses_redis(self):
        self.cache._redis.fail("given up", State.DOWN)

    def is_led_to(self, port):
        """New connections lead to another server, as after a failover. The open one stays."""
        self.cache._redis._connections.commands.connection_pool.connection_kwargs["port"] = port

    def loses_its_connection(self):
        self.cache._redis._connection.close()

    async def read(self, key="key"):
        return msgspec.json.decode(await self.cache.read(key, TEXT, self._load))

    async def join(self, key="key"):
        """As `read`, for a receiver instead of a task."""
        answer = asyncio.get_running_loop().create_future()
        assert self.cache.join(key, TEXT, self._load, answer)
        return msgspec.json.decode(await answer)

    async def _load(self):
        self.loads += 1
        return self._truth["value"]

    def finds(self, value):
        """What all processes read from PostgreSQL from now on."""
        self._truth["value"] = value

    async def write(self, value):
        """Commits and acknowledges."""
        self.finds(value)
        await self.cache.invalidate_all()


@pytest.fixture
async def new_process(settings, own_redis):
    """`await new_process(url)` is a process, by default on `own_redis`."""
    truth = {"value": "first"}
    opened = []

    async def make(url=None):
        connected = await Database.connect(settings)
        cache = Cache(url or own_redis.url, connected, timeout_seconds=5, ttl_seconds=30, max_kept_bytes=1 << 20)
        opened.append((cache, connected))
        return Process(cache, truth)

    yield make
    for cache, connected in opened:
        await cache.close()
        await connected.close()


@pytest.fixture
async def two(new_process):
    """Two processes that use Redis. None of their connections is new any more, so none sets a new epoch by chance."""
    one, other = await new_process(), await new_process()
    for process in one, other, one, other:
        assert await process.recovers()
    for process in one, other:
        assert await process.read() == "first"
    return one, other


@pytest.fixture
def advance_clocks(monkeypatch):
    """The clocks of the processes, not that of PostgreSQL."""
    real, ahead = lease.clock, 0.0

    def advance(seconds):
        nonlocal ahead
        ahead += seconds

    monkeypatch.setattr(lease, "clock", lambda: real() + ahead)
    return advance
