"""The epoch: a token in Redis that makes all stored values out of date when it is replaced (docs/cache.md)."""

import asyncio
import itertools
import secrets
from typing import Any, cast

from redis.exceptions import ReadOnlyError, ResponseError

from service.cache.lease import Lease
from service.cache.redis_client import RedisClient, RedisUnavailableError, State
from service.observability import metrics


class Epoch:
    """Sets and replaces the epoch. Its methods raise RedisUnavailableError. No token is set twice: it is a random
    prefix and a counter, and no command is repeated with the same token.
    """

    def __init__(self, redis: RedisClient, lease: Lease) -> None:
        self._redis = redis
        self._lease = lease
        self.key = redis.key_prefix + "epoch"
        #: Drawn in the process that uses it, so that forked workers do not share one.
        self._prefix = secrets.token_hex(8)
        self._numbers = itertools.count()
        self._waiting: set[asyncio.Future[None]] = set()
        #: The epoch that this process set or read last. Other processes may have replaced it.
        self.latest: bytes | None = None

    def _token(self) -> str:
        return f"{self._prefix}{next(self._numbers):x}"

    async def on_connect(self, connection: Any) -> None:
        """Checks which server a new connection leads to, and sets a new epoch, before it carries any command. The
        server may have restarted from an old snapshot, or be another one after a failover.
        """
        await connection.on_connect()
        await connection.send_command("INFO", "replication")
        self._redis.check_server(self._server(await connection.read_response()))
        await connection.send_command("SET", self.key, self._token())
        try:
            await connection.read_response()
        except ResponseError:
            await connection.send_command("DEL", self.key)
            await connection.read_response()

    def _server(self, info: bytes) -> str:
        """What tells a server from all others. A server gets a new replication id whenever it starts or becomes a
        primary, so the same id means the same data and everything that was written to it since.
        """
        lines = dict(line.split(":", 1) for line in info.decode().splitlines() if ":" in line)
        if lines.get("role", "master") != "master":
            raise ReadOnlyError("its role is " + lines["role"])
        return f"{lines.get('master_replid', 'unknown')}/{self._redis.database}/{self._redis.key_prefix}"

    async def begin(self) -> bytes:
        """Sets an epoch where there is none, and returns it. Processes that try at the same time get the same one."""
        _, epoch = await self._redis.call("begin_epoch", (b"SET", self.key, self._token(), b"NX"), (b"GET", self.key))
        if epoch is None:
            metrics.CACHE_ERRORS[()].add()
            self._redis.fail("the epoch was evicted at once: Redis is out of memory", State.WRITE_ONLY)
            raise RedisUnavailableError
        return cast(bytes, epoch)

    async def replace(self) -> None:
        """Returns when no value stored so far is current any more, for any process."""
        waiting = list(self._waiting)
        server, forgotten = self._lease.server, self._redis.forgotten
        await self.overwrite()
        if self._redis.forgotten != forgotten:
            self._redis.fail("the epoch may have been replaced on another Redis server", State.WRITE_ONLY)
            raise RedisUnavailableError
        if server is None or not await self._lease.covers(server):
            self._redis.fail("PostgreSQL does not say in time which Redis server to use", State.WRITE_ONLY)
            raise RedisUnavailableError
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def overwrite(self) -> None:
        """Makes what is stored on this process's Redis server out of date. Asks only Redis, so it cannot know whether
        other processes use the same one: not enough to acknowledge a write.
        """
        token = self._token()
        self.latest = token.encode()
        try:
            await self._redis.call("set", (b"SET", self.key, token))
        except RedisUnavailableError:
            if self._redis.state is not State.WRITE_ONLY:
                raise
            # A full Redis rejects SET but accepts DEL, which makes the values out of date, too.
            await self._redis.call("delete", (b"DEL", self.key))

    def replaced(self) -> asyncio.Future[None]:
        """Done when a replacement that begins after this call has succeeded. Cancel it to stop waiting."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        future.add_done_callback(self._waiting.discard)
        return future
