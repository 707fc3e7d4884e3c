"""Redis in front of PostgreSQL, such that no answer contradicts an acknowledged write.

The protocol
    One *epoch* stands in Redis: a token that was never used before. A value is stored together with the epoch
    that was read from Redis *before* the value was read from PostgreSQL. It counts as a hit only while that
    epoch is still the current one. A write replaces the epoch by a new token *after* its commit and *before*
    its acknowledgement.

Why a hit is never older than an acknowledged write
    Let write W be acknowledged before read R begins, F be the token W set, and E the epoch R finds. Tokens
    are set at most once (a process's random prefix and a counter; a command is never retried with the same
    token), so E is F or was set after F. A value stored under E was read from PostgreSQL after somebody saw E
    in Redis, so after F was set, so after W's commit: it contains W. The same holds for a read in flight that
    R joins, because reads are shared by (epoch, key) and the flight's epoch, too, was seen before its
    database read began. Look-ups and new epochs travel in batches (batches.py). A call joins only a batch
    that is not sent yet: the epoch that a read gets was read after the read began, the epoch that a write
    gets was set after its commit. An evicted, flushed or expired epoch is replaced by a new token (SET NX,
    then read back, still before the database read), so it cannot revive old values. This is why an epoch is a
    random token and not a counter: a counter that is lost starts again at numbers that were used. A write
    that died after its commit was not acknowledged; the watcher (upkeep.py) sees its change and replaces the
    epoch, as it does for changes made with psql.

One epoch for all boards
    Which boards a submission changes follows from the boards' modes in the database, and psql may add a board
    at any moment: a writer that replaced the epochs of "the boards it knows" would leave a newer board's
    values standing. One epoch for all never keeps what one a board would have dropped; what it drops too
    often is bought back with one key and one round trip for a write.

When Redis fails
    A failure changes the state at once, before the request goes on with PostgreSQL, and one task (`_recover`)
    brings the cache back; requests never wait for a Redis that is known to be down.
        UP       reads trust Redis, writes replace the epoch.
        CLOSING  reads do not trust it, writes replace the epoch. Redis answers, but refused a command (it is
                 full, or read-only), or it is on its way back up, or another process warned (trust.py).
        DOWN     neither reads nor writes ask it.
    A write that could not replace the epoch is acknowledged only when other processes do not trust Redis
    either (`announce`, and trust.py).
    The way up leads through CLOSING: a write that skipped Redis while it was DOWN had committed before
    CLOSING began, so before the epoch that `_recover` sets in CLOSING; if that works and nothing failed
    meanwhile, the state is UP.
    A new connection sets a new epoch before it carries any command: the server
    behind it may have restarted from an old snapshot, or be another one after a failover. Nobody can talk to
    such a server but through a new connection.
"""

import asyncio
import contextlib
import enum
import itertools
import logging
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import msgspec
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ResponseError

from service.batching import Batcher
from service.cache.lease import Trust, untold_to_redis
from service.cache.single_flight import SingleFlight
from service.database.functions import Database
from service.errors import ApiError
from service.observability import metrics, new_relic

log = logging.getLogger(__name__)

PREFIX = "leaderboard:"
EPOCH_KEY = PREFIX + "epoch"
#: Look-ups, stores, epochs and recovery take one each, however many requests wait for them; stores of what
#: was read in batches, one a batch.
CONNECTIONS = 10
#: Different reads that may wait for PostgreSQL at a time.
MOST_FLIGHTS = 1000
#: An event loop that is busy is late for timers and sockets alike. An answer that has arrived is read within
#: so many of its turns; only then is Redis to blame.
GRACE_TURNS = 5
#: Seconds between two attempts to reach a Redis that is down. The first one is made at once.
RETRY_SECONDS = 0.25
#: How long a write may wait for the other processes to be told. Then its client is told to try again.
ANNOUNCE_SECONDS = 5.0

T = TypeVar("T")
Decoder = msgspec.json.Decoder[Any]


class State(enum.Enum):
    """See the module's description."""

    UP = "up"
    CLOSING = "closing"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Miss:
    """Redis holds no current value. `epoch` was current when it said so."""

    epoch: bytes


class _Unavailable(Exception):
    """Redis did not do what it was asked; the state says so already."""


class UntoldError(Exception):
    """A write is committed, and other processes may still answer with what was before it."""


def pool(
    url: str,
    *,
    connections: int,
    timeout_seconds: float,
    greet: Callable[[Any], Awaitable[None]] | None = None,
) -> BlockingConnectionPool:
    """Connections to Redis whose calls are made by `ask`. `greet` does what a new one has to do first."""
    return BlockingConnectionPool.from_url(
        url,
        max_connections=connections,
        # `ask` bounds every call as a whole.
        timeout=None,
        socket_timeout=None,
        socket_connect_timeout=timeout_seconds,
        # A command that was sent may have run: repeating it could set a used token again, or count twice.
        retry=Retry(NoBackoff(), 0),
        redis_connect_func=greet,
        protocol=2,
        driver_info=None,
    )


async def ask(name: str, answer: Awaitable[T], timeout_seconds: float) -> T:
    """Awaits a call to Redis, which is measured and traced as `name`. Raises what it raises, and TimeoutError
    when it takes too long.
    """
    started = time.perf_counter()
    call = asyncio.ensure_future(answer)
    try:
        with new_relic.tracing.redis_call(name):
            await asyncio.wait([call], timeout=timeout_seconds)
            turns = 0
            while not call.done() and turns < GRACE_TURNS:
                await asyncio.sleep(0)
                turns += 1
        if call.done():
            return call.result()
        raise TimeoutError(f"no answer within {timeout_seconds * 1000:.0f} ms")
    finally:
        metrics.REDIS[name,].observe(time.perf_counter() - started)
        if not call.done():
            call.cancel()
            await asyncio.wait([call])


class Cache:
    """A read-through cache. `start` before use, `close` at the end; no method raises because of Redis, but
    `announce`, where PostgreSQL fails as well.
    """

    def __init__(self, url: str, database: Database, *, timeout_seconds: float, ttl_seconds: int) -> None:
        self._timeout = timeout_seconds
        self._ttl = ttl_seconds
        # The prefix is drawn here, in the process that uses it, so forked workers never share one.
        self._prefix = secrets.token_hex(8)
        self._numbers = itertools.count()
        self._state = State.DOWN
        self._reason = "not asked yet"
        self._failures = 0
        self._failed = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._trust = Trust(database, self._warned)
        #: Writes that no epoch was set after yet, and that would do with one now.
        self._hoping: list[asyncio.Future[None]] = []
        #: The epoch that this process set or saw last. Others may have replaced it.
        self._latest: bytes | None = None
        self._reads: SingleFlight[tuple[bytes, str], bytes] = SingleFlight(
            capacity=MOST_FLIGHTS, in_callers_context=True
        )
        self._look_ups = Batcher(self._look_up_all, "look_up")
        self._uncached = Batcher(self._load_all, "uncached", concurrency=2, size=16, capacity=MOST_FLIGHTS)
        self._new_epoch = Batcher(self._new_epoch_for_all, "epoch")
        self._redis = Redis.from_pool(
            pool(url, connections=CONNECTIONS, timeout_seconds=timeout_seconds, greet=self._greet)
        )

    # --- life -----------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Makes one attempt to reach Redis and goes on without it otherwise."""
        self._failed.set()
        if not await self._attempt():
            self._log_down()
        self._tasks.append(asyncio.create_task(self._recover(), name="cache recovery"))
        self._tasks.append(asyncio.create_task(self._trust.keep(), name="cache trust"))

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._reads.close()
        await asyncio.gather(self._look_ups.close(), self._uncached.close(), self._new_epoch.close())
        await self._trust.close()
        await self._redis.aclose()

    @property
    def trouble(self) -> str | None:
        """Why Redis is not used at the moment; None while it is."""
        return None if self._state is State.UP else self._reason

    def update_gauges(self) -> None:
        """Brings the gauges up to date."""
        metrics.CACHE_UP[()].set(int(self._state is State.UP))
        for lane in (self._look_ups, self._uncached, self._new_epoch):
            metrics.QUEUE[lane.name,].set(lane.waiting)

    # --- reads ----------------------------------------------------------------------------------------------

    async def read(self, key: str, decoder: Decoder, load: Callable[[], Awaitable[object]]) -> bytes:
        """The value of `key` as JSON: from Redis if it is current, else what `load` gives, which then fills
        Redis.

        `key` names the question completely. `load` reads PostgreSQL; what it raises is raised here and not
        stored. What Redis holds under the key is used only if it is a value of the decoder's type.
        Raises FullError when too many different reads wait for PostgreSQL already.
        """
        found = await self.look_up(key, decoder)
        if isinstance(found, bytes):
            return found
        if found is None:
            answer = await self._uncached((key, load))
            if isinstance(answer, Exception):
                raise answer
            return answer
        return await self._reads((found.epoch, key), lambda: self._fill(found, key, load))

    async def look_up(self, key: str, decoder: Decoder) -> "bytes | Miss | None":
        """What Redis holds under `key` if it is current. A Miss says under which epoch it may be stored once
        it was read from PostgreSQL; None: Redis is not to be used.

        Equal look-ups of one moment are one, whatever they find.
        """
        ratio = metrics.CACHE[key.partition(":")[0],]
        ratio.missed += 1
        if self._state is not State.UP:
            return None
        try:
            found = await self._look_ups((key, decoder))
        except _Unavailable:
            return None
        if found.__class__ is bytes:
            ratio.missed -= 1
            ratio.found += 1
        return found

    async def _load_all(self, questions: list[tuple[str, Callable[[], Awaitable[object]]]]) -> list[bytes | Exception]:
        """Without Redis: each question once. No epoch says what a read may join, so only one that has not
        begun.
        """
        loads = dict(questions)
        loaded = await asyncio.gather(*(load() for load in loads.values()), return_exceptions=True)
        found: dict[str, bytes | Exception] = {}
        for key, value in zip(loads, loaded, strict=True):
            if isinstance(value, BaseException) and not isinstance(value, Exception):
                raise value
            found[key] = value if isinstance(value, Exception) else msgspec.json.encode(value)
        return [found[key] for key, _ in questions]

    async def _fill(self, miss: "Miss", key: str, load: Callable[[], Awaitable[object]]) -> bytes:
        body = msgspec.json.encode(await load())
        await self.store([(miss, key, body)])
        return body

    async def _look_up_all(self, questions: "list[tuple[str, Decoder]]") -> "list[bytes | Miss]":
        """The epoch, and what is stored under each key, in one round trip."""
        self._must_be_up()
        # All of these reads began before this moment.
        if not await self._trust.holds():
            raise _Unavailable
        decoders = dict(questions)
        epoch, *stored = await self._ask("mget", self._redis.mget(EPOCH_KEY, *(PREFIX + key for key in decoders)))
        if epoch is None:
            epoch = await self._begin_epoch()
        current = self._latest = cast(bytes, epoch)
        miss = Miss(current)
        found = {
            key: miss if entry is None else _open(cast(bytes, entry), current, decoder) or miss
            for (key, decoder), entry in zip(decoders.items(), stored, strict=True)
        }
        return [found[key] for key, _ in questions]

    async def _begin_epoch(self) -> bytes:
        """Sets an epoch where there is none. Of two processes that try at once both go by the one that
        stands.
        """
        commands = self._redis.pipeline(transaction=False)
        commands.set(EPOCH_KEY, self._token(), nx=True)
        commands.get(EPOCH_KEY)
        _, epoch = await self._ask("begin_epoch", commands.execute())
        if epoch is None:
            metrics.CACHE_ERRORS[()].add()
            self._fail("the epoch was evicted at once: Redis has no memory left", State.CLOSING)
            raise _Unavailable
        return cast(bytes, epoch)

    async def store(self, values: "list[tuple[Miss, str, bytes]]") -> None:
        """Stores values (JSON) that were read from PostgreSQL after their Miss.

        One whose epoch this process saw replaced meanwhile would never be a hit: under a stream of writes
        that is nearly every one, and half of the work of a read. One that Redis refuses, being full, is no
        harm: it is read from PostgreSQL again.
        """
        fresh = [(miss, key, body) for miss, key, body in values if miss.epoch == self._latest]
        if not fresh or self._state is not State.UP:
            return
        commands = self._redis.pipeline(transaction=False)
        for miss, key, body in fresh:
            commands.set(PREFIX + key, miss.epoch + b"\n" + body, ex=self._ttl)
        with contextlib.suppress(_Unavailable):
            await self._ask("store", commands.execute(raise_on_error=False))

    def _must_be_up(self) -> None:
        # Asked when a batch begins: those who waited for it do not each wait for a Redis that just failed.
        if self._state is not State.UP:
            raise _Unavailable

    # --- writes ---------------------------------------------------------------------------------------------

    async def bump(self) -> None:
        """Makes every stored value out of date, if Redis can be told. Returns within the timeout, and at once
        while Redis is DOWN. If the epoch could not be replaced, this process trusts nothing in Redis from
        here on, until it could. That is all that a change needs which nobody acknowledges.
        """
        with contextlib.suppress(_Unavailable):
            await self._new_epoch(None)

    async def announce(self) -> None:
        """Makes every stored value out of date for all processes. To be called after a commit; when it
        returns, the commit may be acknowledged. Raises UntoldError when it may not.

        Where Redis cannot be told, PostgreSQL is, and the first writes of an outage wait until no process
        trusts Redis (trust.WAIT_SECONDS), or until Redis is back.
        """
        try:
            await self._new_epoch(None)
            return
        except _Unavailable:
            pass
        back: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._hoping.append(back)
        warned = asyncio.ensure_future(self._trust.warn())
        try:
            await asyncio.wait([back, warned], timeout=ANNOUNCE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if back.done():
                return
            if not warned.done():
                raise UntoldError
            warned.result()
        except ApiError as error:
            raise UntoldError from error
        finally:
            back.cancel()
            warned.cancel()
            await asyncio.gather(warned, return_exceptions=True)
            if back in self._hoping:
                self._hoping.remove(back)

    async def _new_epoch_for_all(self, writes: list[None]) -> list[None]:
        """One epoch does for all writes that committed before it is set."""
        if self._state is State.DOWN:
            raise _Unavailable
        await self._replace_epoch()
        return writes

    async def _replace_epoch(self) -> None:
        """Returns when no stored value is current any more."""
        token = self._token()
        hoping, self._hoping = self._hoping, []
        done = False
        try:
            self._latest = token.encode()
            try:
                await self._ask("set", self._redis.set(EPOCH_KEY, token))
            except _Unavailable:
                if self._state is not State.CLOSING:
                    raise
                # A full Redis refuses SET and still takes DEL, which makes the values out of date for all
                # processes.
                await self._ask("delete", self._redis.delete(EPOCH_KEY))
            done = True
        finally:
            if not done:
                self._hoping = hoping + self._hoping
        for future in hoping:
            if not future.done():
                future.set_result(None)

    def _token(self) -> str:
        return f"{self._prefix}{next(self._numbers):x}"

    # --- failure and recovery -------------------------------------------------------------------------------

    async def _greet(self, connection: Any) -> None:
        """What a new connection does first: the handshake, then a new epoch (see above)."""
        await connection.on_connect()
        await connection.send_command("SET", EPOCH_KEY, self._token())
        try:
            await connection.read_response()
        except ResponseError:
            await connection.send_command("DEL", EPOCH_KEY)
            await connection.read_response()

    async def _ask(self, name: str, answer: Awaitable[T]) -> T:
        """Awaits a call to Redis within the timeout. Turns its failures into the state and _Unavailable."""
        try:
            return await ask(name, answer, self._timeout)
        except ResponseError as error:
            metrics.CACHE_ERRORS[()].add()
            self._fail(str(error), State.CLOSING)
            raise _Unavailable from error
        except Exception as error:
            metrics.CACHE_ERRORS[()].add()
            # Connections, protocol, TLS, a server that is not Redis: all the same to a request.
            self._fail(str(error) or type(error).__name__, State.DOWN)
            raise _Unavailable from error

    def _fail(self, reason: str, state: State) -> None:
        was_up = self._state is State.UP
        # A refused command says that Redis answers; it does not make a Redis reachable that was given up.
        self._state = State.DOWN if self._state is State.DOWN else state
        self._reason = reason
        self._failures += 1
        self._failed.set()
        self._trust.end()
        if was_up:
            self._log_down()

    def _warned(self, reason: str) -> None:
        """Another process acknowledges writes that Redis does not know of."""
        self._fail(reason, State.CLOSING)

    def _log_down(self) -> None:
        log.warning("cache down: answering from PostgreSQL alone", extra={"reason": self._reason})

    async def _recover(self) -> None:
        while True:
            await self._failed.wait()
            while not await self._attempt():
                await asyncio.sleep(RETRY_SECONDS)
            log.info("cache up")

    async def _attempt(self) -> bool:
        """Tries to come UP and says whether it is; the descriptions of this module and of trust.py say why
        in these steps.
        """
        try:
            if self._state is State.DOWN:
                await self._ask("ping", self._redis.ping())
                self._state = State.CLOSING
            look = await self._trust.look()
            if self._trust.warned or self._trust.process in look.warnings.stand:
                # Once Redis takes an epoch again, no write needs the warning any more.
                await self._replace_epoch()
                await self._trust.withdraw()
                look = await self._trust.look()
            if look.warnings.stand:
                self._reason = untold_to_redis(look.warnings)
                return False
            failures = self._failures
            await self._replace_epoch()
        except _Unavailable:
            return False
        except ApiError:
            self._reason = "PostgreSQL cannot be asked whether all processes reach Redis"
            return False
        if self._failures != failures or self._trust.warned:
            return False
        self._failed.clear()
        self._state = State.UP
        self._trust.begin(look)
        return True


def _open(entry: bytes, epoch: bytes, decoder: Decoder) -> bytes | None:
    """The value of a stored entry if it is of this epoch and of the decoder's type."""
    written_in, separator, body = entry.partition(b"\n")
    if not separator or written_in != epoch:
        return None
    try:
        decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return body
