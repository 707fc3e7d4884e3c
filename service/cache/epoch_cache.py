"""Redis in front of PostgreSQL. No read is older than an acknowledged write: docs/cache.md has the protocol and the
proof.

A value is stored with the epoch that was read from Redis before the value was read from PostgreSQL, and is a hit only
while that epoch is the current one. A write replaces the epoch after its commit and before its acknowledgement.
With the epoch goes the timeline of PostgreSQL, so that no value comes from a former primary.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, NoReturn, cast

import msgspec

from service.batching import Batcher, Receiver
from service.cache import lease
from service.cache.epoch import Epoch
from service.cache.kept_values import KeptValue, KeptValues
from service.cache.lease import Lease, OutageWarning
from service.cache.look_up import LookUp
from service.cache.pipelined_connection import Command
from service.cache.recovery import Recovery
from service.cache.redis_client import RedisClient, RedisUnavailableError, State
from service.cache.single_flight import SingleFlight
from service.database.functions import Database
from service.errors import ApiError
from service.observability import metrics

#: Different reads that may wait for PostgreSQL at a time.
MAX_READS = 1000
#: For how long a process keeps a value that it found in Redis. Its age is not known, so this is added to the TTL.
KEEP_FOUND_SECONDS = 1.0
#: How long a write waits for Redis or for the warning. Then its client is told to retry.
INVALIDATE_SECONDS = 5.0

Decoder = msgspec.json.Decoder[Any]
Load = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Miss:
    """Redis has no current value. `stamp` is the epoch that was current when the look-up was answered, and the timeline
    of PostgreSQL that this process knew then.
    """

    stamp: bytes


class NotInvalidatedError(Exception):
    """A write is committed, but other processes may still answer with values from before it."""


class Cache:
    """A read-through cache: `start` before use, `close` at the end. Failures of Redis are not raised: PostgreSQL
    answers instead, and one task brings Redis back into use.
    """

    def __init__(
        self, url: str, database: Database, *, timeout_seconds: float, ttl_seconds: int, max_kept_bytes: int
    ) -> None:
        """At most `max_kept_bytes` of memory hold the values that this process keeps."""
        self._ttl = ttl_seconds
        self._kept = KeptValues(max_kept_bytes)
        self._timelines = database.pool.timelines
        process = lease.process_name()
        self._warning = OutageWarning(database, process)
        self._lease = Lease(
            database,
            process,
            on_lost=lambda reason, state: self._redis.fail(reason, state),
            on_boundary=lambda: self._epoch.overwrite(),
        )
        self._redis = RedisClient(url, timeout_seconds, on_connect=self._on_connect, on_failure=self._lease.end)
        self._prefix = self._redis.key_prefix
        self._epoch = Epoch(self._redis, self._lease)
        self._recovery = Recovery(self._redis, self._epoch, self._lease, self._warning)
        self._reads: SingleFlight[tuple[bytes, str], bytes] = SingleFlight(capacity=MAX_READS, in_callers_context=True)
        self._look_ups = Batcher(self._look_up_all, "look_up")
        self._uncached = Batcher(self._load_all, "uncached", concurrency=2, size=16, capacity=MAX_READS)
        self._invalidations = Batcher(self._invalidate_for_all, "epoch")
        self._tasks: list[asyncio.Task[None]] = []

    async def _on_connect(self, connection: Any) -> None:
        await self._epoch.on_connect(connection)  # not bound in __init__: _epoch needs the client first

    async def start(self) -> None:
        """Makes one attempt to reach Redis, and goes on without it if that fails."""
        await self._recovery.attempt()
        self._tasks.append(asyncio.create_task(self._recovery.run(), name="cache recovery"))
        self._tasks.append(asyncio.create_task(self._renew(), name="cache lease"))

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._reads.close()
        await asyncio.gather(self._look_ups.close(), self._uncached.close(), self._invalidations.close())
        await self._warning.close()
        await self._lease.close()
        await self._redis.close()

    @property
    def down_reason(self) -> str | None:
        """Why Redis is not used at the moment; None while it is."""
        return None if self._redis.state is State.UP else self._redis.reason

    def update_gauges(self) -> None:
        metrics.CACHE_UP[()].set(int(self._redis.state is State.UP))
        metrics.CACHE_MEMORY[()].set(self._kept.size)
        for batcher in (self._look_ups, self._uncached, self._invalidations):
            batcher.update_gauge()

    # --- reads ----------------------------------------------------------------------------------------------

    async def read(self, key: str, decoder: Decoder, load: Load) -> bytes:
        """The value of `key` as JSON: from Redis if it is current there, otherwise what `load` returns, which is then
        stored.

        `key` identifies the question completely. `load` reads PostgreSQL; what it raises is raised here and not
        stored. A value in Redis is used only if `decoder` accepts it.
        Raises FullError if too many different reads wait for PostgreSQL already.
        """
        found = await self.look_up(key, decoder)
        if isinstance(found, bytes):
            return found
        loaded = await self._load(found, key, load)
        if isinstance(loaded, Exception):
            raise loaded
        return loaded

    def join(self, key: str, decoder: Decoder, load: Load, receiver: Receiver) -> bool:
        """As `read`, but JSON or an exception goes to `receiver`. False if too many wait already: then it gets none."""
        return self.join_look_up(key, decoder, LookUp(lambda found: self._load(found, key, load), receiver))

    def _load(self, found: Miss | None, key: str, load: Load) -> Awaitable[bytes | Exception]:
        if found is not None:
            return self._reads((found.stamp, key), lambda: self._load_and_store(found, key, load))
        return self._uncached((key, load))

    def join_look_up(self, key: str, decoder: Decoder, receiver: Receiver) -> bool:
        """As `look_up`, but the answer goes to `receiver`. False if too many wait already: then it gets none."""
        if self._redis.state is not State.UP:
            _count(key, None)
            receiver.set_result(None)
            return True
        return self._look_ups.join((key, decoder), receiver)

    async def look_up(self, key: str, decoder: Decoder) -> "bytes | Miss | None":
        """The value of `key` if this process or Redis has a current one. A Miss if not: then a value read from
        PostgreSQL after it may be stored. None while Redis is not used.
        """
        if self._redis.state is not State.UP:
            _count(key, None)
            return None
        return await self._look_ups((key, decoder))

    async def _look_up_all(self, questions: list[tuple[str, Decoder]]) -> "list[bytes | Miss | None]":
        decoders = dict(questions)
        found: dict[str, bytes | KeptValue | Miss] = {}
        # The calls waited for this batch, and the state may have changed since they checked it. All of them began
        # before `is_valid` is called.
        if self._redis.state is State.UP and await self._lease.is_valid():
            with contextlib.suppress(RedisUnavailableError):
                found = await self._ask(decoders)
        answers: list[bytes | Miss | None] = []
        for key, _ in questions:
            answer = found.get(key)
            _count(key, answer)
            answers.append(answer.body if isinstance(answer, KeptValue) else answer)
        return answers

    async def _ask(self, decoders: dict[str, Decoder]) -> dict[str, bytes | KeptValue | Miss]:
        """The value of each key, or a Miss. Asks Redis for the epoch, and for each key of which this process keeps no
        value, in one round trip.
        """
        stamp = self._stamp()
        kept = {key: value for key in decoders if (value := self._kept.get(key)) is not None and value.stamp == stamp}
        wanted = [key for key in decoders if key not in kept]
        command: Command = [b"MGET", self._epoch.key, *(self._prefix + key for key in wanted)]
        ((epoch, *stored),) = await self._redis.call("mget", command)
        if epoch is None:
            epoch = await self._epoch.begin()
        self._epoch.latest = cast(bytes, epoch)
        stamp = self._stamp()
        miss = Miss(stamp)
        found: dict[str, bytes | KeptValue | Miss] = {
            key: value if value.stamp == stamp else miss for key, value in kept.items()
        }
        for key, entry in zip(wanted, stored, strict=True):
            body = None if entry is None else _current_value(cast(bytes, entry), stamp, decoders[key])
            if body is not None:
                self._kept.put(key, stamp, body, KEEP_FOUND_SECONDS)
            found[key] = body or miss
        return found

    def _stamp(self) -> bytes:
        return b"%b %b" % (self._epoch.latest or b"", self._timelines.current.encode())

    async def _load_and_store(self, miss: Miss, key: str, load: Load) -> bytes:
        body = msgspec.json.encode(await load())
        self.store([(miss, key, body)])
        return body

    def store(self, values: list[tuple[Miss, str, bytes]]) -> None:
        """Stores values (JSON) that were read from PostgreSQL after their Miss, in this process and in Redis.

        Skips values whose epoch this process saw replaced since: they could never be a hit, and under a stream of
        writes that is nearly every one. A value that does not fit into Redis is not stored, which is no failure.
        """
        stamp = self._stamp() if values else b""
        current = [(miss, key, body) for miss, key, body in values if miss.stamp == stamp]
        if not current or self._redis.state is not State.UP:
            return
        for miss, key, body in current:
            self._kept.put(key, miss.stamp, body, self._ttl)
        self._redis.post(
            "store",
            *((b"SET", self._prefix + key, miss.stamp + b"\n" + body, b"EX", self._ttl) for miss, key, body in current),
        )

    async def _load_all(self, questions: list[tuple[str, Load]]) -> list[bytes | Exception]:
        """Loads each key once. Without Redis there is no epoch to share reads by, so a read joins only a batch that
        has not begun.
        """
        loads = dict(questions)
        loaded = await asyncio.gather(*(load() for load in loads.values()), return_exceptions=True)
        found: dict[str, bytes | Exception] = {}
        for key, value in zip(loads, loaded, strict=True):
            if isinstance(value, BaseException) and not isinstance(value, Exception):
                raise value
            found[key] = value if isinstance(value, Exception) else msgspec.json.encode(value)
        return [found[key] for key, _ in questions]

    # --- writes ---------------------------------------------------------------------------------------------

    async def invalidate_all(self) -> None:
        """Makes every stored value out of date, for all processes. Call it after a commit: when it returns, the commit
        may be acknowledged. Raises NotInvalidatedError if it may not.

        While Redis fails, this sets a warning in PostgreSQL and waits until no process uses Redis any more
        (lease.WAIT_SECONDS, once in an outage), or until Redis is back.
        """
        try:
            await self._invalidations(None)
            return
        except RedisUnavailableError:
            pass
        replaced = self._epoch.replaced()
        warned = asyncio.ensure_future(self._warning.warn())
        try:
            await asyncio.wait([replaced, warned], timeout=INVALIDATE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if replaced.done():
                return
            if not warned.done():
                raise NotInvalidatedError
            warned.result()
        except ApiError as error:
            raise NotInvalidatedError from error
        finally:
            replaced.cancel()
            warned.cancel()
            await asyncio.gather(warned, return_exceptions=True)

    async def try_invalidate_all(self) -> None:
        """Makes every stored value out of date if Redis can be reached; if not, this process reads from PostgreSQL.
        Enough for a change that is not acknowledged. Takes at most the timeout of a call to Redis.
        """
        with contextlib.suppress(RedisUnavailableError):
            await self._invalidations(None)

    async def outdate_all(self) -> None:
        """As `try_invalidate_all`, but asks only Redis: for a moment at which PostgreSQL cannot be asked."""
        if self._redis.state is not State.DOWN:  # recovery replaces the epoch before it uses Redis again
            with contextlib.suppress(RedisUnavailableError):
                await self._epoch.overwrite()

    async def _invalidate_for_all(self, writes: list[None]) -> list[None]:
        """One replacement of the epoch serves all writes that were committed before it."""
        if self._redis.state is State.DOWN:
            raise RedisUnavailableError
        await self._epoch.replace()
        return writes

    # --- beside the cache -----------------------------------------------------------------------------------

    async def largest(self, name: str, number: int, lifetime_seconds: int) -> int:
        """The largest number that a process has passed for `name` in the last `lifetime_seconds`; `number` itself
        while Redis is not used.
        """
        if self._redis.state is not State.UP:
            return number
        key = self._prefix + name
        with contextlib.suppress(RedisUnavailableError):
            (found,) = await self._redis.call("largest", (b"GET", key))
            if found is not None and found.isdigit() and int(found) > number:
                return int(found)
            await self._redis.call("largest", (b"SET", key, number, b"EX", lifetime_seconds), may_reject=True)
        return number

    async def _renew(self) -> NoReturn:
        while True:
            await asyncio.sleep(lease.POLL_SECONDS)
            await self._lease.renew()
            await self._warning.renew()


def _count(key: str, answer: bytes | KeptValue | Miss | None) -> None:
    kind = key.partition(":")[0]
    ratio = metrics.CACHE[kind,]
    if answer.__class__ is bytes:
        ratio.found += 1
    elif answer.__class__ is KeptValue:
        ratio.found += 1
        metrics.CACHE_KEPT[kind,].add()
    else:
        ratio.missed += 1


def _current_value(entry: bytes, stamp: bytes, decoder: Decoder) -> bytes | None:
    """The value of a stored entry, if it has this stamp and the decoder's type."""
    stored_stamp, separator, body = entry.partition(b"\n")
    if not separator or stored_stamp != stamp:
        return None
    try:
        decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return body
