"""How often an address, an API key and a player may call: counted in Redis, for all processes together.

What a limit means is the library's sliding window counter: of the window before, the share counts that is
less than a window old, as if its calls had come evenly. That is two numbers for each who calls, and no moment
at which everybody may start afresh. What was refused does not count.

What is added to the library
    Hits of one moment travel in one pipeline (batches.py). Alone each would be a round trip, and cost this
    process more than the rest of a request.
    Whoever was refused is remembered in this process until the next call can be let in: a flood costs Redis
    nothing.
    Redis is not needed. When it fails, requests are let in unchecked (and counted so), and one a second finds
    out whether it is back. Nobody else waits for it.
"""

import asyncio
import logging
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from limits import RateLimitItem, parse_many
from limits.aio.storage import RedisStorage
from limits.aio.storage.redis.redispy import RedispyBridge
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from redis.asyncio import Redis
from redis.commands.core import Script
from redis.exceptions import NoScriptError

from service import errors
from service.batching import Batcher
from service.cache import redis_client
from service.errors import ApiError
from service.observability import metrics
from service.settings import Settings

log = logging.getLogger(__name__)

#: The library puts a colon behind it.
KEY_PREFIX = redis_client.KEY_PREFIX + "limit"
#: Connections to Redis: one for hits, one to ask when the refused may come again. A second pipeline of hits
#: at a time would make both smaller, and half of what one costs is there however small it is.
CONNECTIONS = 2
#: Commands in one pipeline. More would hold up the event loop.
PIPELINE = 100
#: Seconds for which a Redis that failed is not asked.
RETRY_SECONDS = 1.0
#: Those who are remembered as refused, of each limit; the oldest goes first.
MOST_REFUSED = 10_000
#: Seconds for which they are: a counter that an operator deletes lets its client in again soon.
REFUSED_SECONDS = 10.0

#: The key, the script's arguments, and `_failures` when it was asked.
_Question = tuple[str, tuple[int, ...], int]


class Unchecked(Exception):
    """Redis did not say whether the limit is reached."""


@dataclass(frozen=True, slots=True)
class Quota:
    """`item.amount` calls in `seconds`. `name` is what the RateLimit headers call it."""

    name: str
    item: RateLimitItem
    seconds: int

    @property
    def policy(self) -> str:
        return f'"{self.name}";q={self.item.amount};w={self.seconds}'

    @property
    def period(self) -> str:
        unit = self.item.GRANULARITY.name
        return unit if self.item.multiples == 1 else f"{self.item.multiples} {unit}s"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Says no until `over` (of the monotonic clock), and is remembered until `forgotten`."""

    quota: Quota
    text: str
    over: float
    forgotten: float

    def error(self) -> ApiError:
        seconds = max(1, math.ceil(self.over - time.monotonic()))
        return ApiError(
            errors.RATE_LIMITED,
            f"{self.text}: come again in {seconds} s",
            {"Retry-After": str(seconds), "RateLimit": f'"{self.quota.name}";r=0;t={seconds}'},
        )


class Limit:
    """One of the three limits. `what` and `whose` complete "at most 5 calls per second from one address";
    `setting` is how its setting is written.
    """

    def __init__(self, storage: "_Storage", name: str, what: str, whose: str, setting: str) -> None:
        # The shortest window first: what it refuses does not use up the longer ones.
        items = sorted(parse_many(setting), key=RateLimitItem.get_expiry)
        self._limiter = SlidingWindowCounterRateLimiter(storage)
        self._quotas: list[Quota] = []
        for item in items:
            item.namespace = name
            seconds = item.get_expiry()
            self._quotas.append(Quota(name if len(items) == 1 else f"{name}-{seconds}s", item, seconds))
        self._what, self._whose = what, whose
        self._limited = metrics.RATE_LIMITED[name,]
        self._unchecked = metrics.RATE_LIMIT_UNCHECKED[name,]
        self._refused: dict[str, Refusal] = {}

    @property
    def policy(self) -> str:
        return ", ".join(quota.policy for quota in self._quotas)

    async def check(self, who: str) -> None:
        """Counts a call of `who`. Raises ApiError when it is one too many."""
        _, refusal = await self.take(who, 1)
        if refusal is not None:
            raise refusal.error()

    async def take(self, who: str, wanted: int) -> tuple[int, Refusal | None]:
        """Counts `wanted` calls of `who`, or as many as the limit allows; how many, and why not the rest."""
        refusal = self._refused.get(who)
        if refusal is not None:
            if time.monotonic() < refusal.forgotten:
                self._limited.add(wanted)
                return 0, refusal
            del self._refused[who]
        try:
            taken, refusal = await self._ask(who, wanted)
        except Unchecked:
            self._unchecked.add(wanted)
            return wanted, None
        self._limited.add(wanted - taken)
        return taken, refusal

    async def _ask(self, who: str, wanted: int) -> tuple[int, Refusal | None]:
        refusal = None
        for quota in self._quotas:
            if await self._limiter.hit(quota.item, who, cost=wanted):
                continue
            stats = await self._limiter.get_window_stats(quota.item, who)
            left = min(wanted, stats.remaining)
            if left and await self._limiter.hit(quota.item, who, cost=left):
                if left == wanted:
                    continue  # a moment later there was room for all
                stats = await self._limiter.get_window_stats(quota.item, who)
            else:
                left = 0
            refusal = self._refuse(who, quota, stats.reset_time - time.time())
            wanted = left
            if not wanted:
                break
        return wanted, refusal

    def _refuse(self, who: str, quota: Quota, wait: float) -> Refusal:
        now = time.monotonic()
        text = f"at most {quota.item.amount} {self._what} per {quota.period} {self._whose}"
        refusal = Refusal(quota, text, now + wait, now + min(wait, REFUSED_SECONDS))
        if len(self._refused) >= MOST_REFUSED:
            del self._refused[next(iter(self._refused))]
        self._refused[who] = refusal
        return refusal


class RateLimits:
    """The limits that the settings ask for; None for those that they do not. No method raises because of
    Redis. `close` at the end.
    """

    def __init__(self, settings: Settings) -> None:
        assert settings.redis_url is not None
        self._storage = _Storage(settings.redis_url, settings.redis_timeout_ms / 1000)
        asked = settings.rate_limits
        self.address = self._limit(asked, "address", "calls", "from one address")
        self.key = self._limit(asked, "key", "calls", "with one API key")
        self.player = self._limit(asked, "player", "submissions", "of one player")
        self._policies = {
            (submits, with_key): ", ".join(
                limit.policy
                for limit, applies in ((self.address, True), (self.key, with_key), (self.player, submits))
                if limit is not None and applies
            )
            for with_key in (False, True)
            for submits in (False, True)
        }

    def _limit(self, asked: Mapping[str, str], name: str, what: str, whose: str) -> Limit | None:
        return Limit(self._storage, name, what, whose, asked[name]) if name in asked else None

    def policy(self, scope: str | None, *, with_key: bool) -> str:
        """RateLimit-Policy of a call whose route requires `scope`, with or without an API key."""
        return self._policies[scope == "submit", with_key]

    def update_gauges(self) -> None:
        """Brings the gauge of the queue up to date."""
        self._storage.update_gauges()

    async def close(self) -> None:
        await self._storage.close()

    async def check_player(self, user_id: int) -> None:
        """Counts a submission of a player. Raises ApiError when it is one too many."""
        if self.player is not None:
            await self.player.check(str(user_id))

    async def check_players(self, user_ids: Sequence[int]) -> dict[int, ApiError]:
        """Counts the submissions of a batch. Gives the places of those that are too many, and the error of
        each: of one player the later ones.
        """
        if self.player is None:
            return {}
        places: dict[int, list[int]] = {}
        for place, user_id in enumerate(user_ids):
            places.setdefault(user_id, []).append(place)
        takes = (self.player.take(str(user_id), len(of_one)) for user_id, of_one in places.items())
        refused: dict[int, ApiError] = {}
        for of_one, (taken, refusal) in zip(places.values(), await asyncio.gather(*takes), strict=True):
            if refusal is not None:
                refused.update(dict.fromkeys(of_one[taken:], refusal.error()))
        return refused


class _Storage(RedisStorage):
    """The library's Redis, bounded in time, with questions in pipelines. While Redis fails it raises
    Unchecked.
    """

    def __init__(self, url: str, timeout_seconds: float) -> None:
        self._timeout = timeout_seconds
        #: While Redis fails: when it is asked the next time.
        self._again: float | None = None
        self._failures = 0
        pool = redis_client.connection_pool(url, connections=CONNECTIONS, timeout_seconds=timeout_seconds)
        self._redis = Redis.from_pool(pool)
        # The scheme is all that it reads of the address, and that of a socket it would take for Valkey's.
        super().__init__(
            "redis://",
            implementation="redispy",
            key_prefix=KEY_PREFIX,
            connection_pool=self._redis.connection_pool,  # type: ignore[arg-type]
        )
        assert isinstance(self.bridge, RedispyBridge)
        self._acquire, self._window = self.bridge.lua_acquire_sliding_window, self.bridge.lua_sliding_window
        self._hits = Batcher(self._hit_all, "limit", size=PIPELINE)
        self._windows = Batcher(self._look_at_all, "limit_window", size=PIPELINE)

    def update_gauges(self) -> None:
        self._hits.update_gauge()
        self._windows.update_gauge()

    async def close(self) -> None:
        await asyncio.gather(self._hits.close(), self._windows.close())
        await self._redis.aclose()

    async def acquire_sliding_window_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        if not self._may_ask():
            raise Unchecked
        return await self._hits((key, (limit, expiry, amount), self._failures))

    async def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        return await self._windows((key, (expiry,), self._failures))

    async def _hit_all(self, hits: list[_Question]) -> list[bool]:
        answers = await self._in_time(self._hits.name, self._acquire, hits)
        return [bool(answer) for answer in answers]

    async def _look_at_all(self, windows: list[_Question]) -> list[tuple[int, float, int, float]]:
        """Those who are refused at the same moment ask for few windows, often for one."""
        asked = list(dict.fromkeys(windows))
        found = {}
        for window, answer in zip(asked, await self._in_time(self._windows.name, self._window, asked), strict=True):
            before, before_ms, count, ms = (max(0, int(number or 0)) for number in answer)
            # A counter lives for two windows. In its first millisecond the library would take the rest of
            # two whole ones, which is none, for the time until the next call.
            (expiry,) = window[1]
            ms = min(ms, 2000 * expiry - 1)
            found[window] = (before, before_ms / 1000, count, ms / 1000)
        return [found[window] for window in windows]

    async def _run(self, script: Script, questions: list[_Question]) -> list[Any]:
        answers = await self._pipeline(script.sha, questions)
        if any(isinstance(answer, NoScriptError) for answer in answers):
            # A Redis that was started since does not know the script, and has run none of them.
            await self._redis.script_load(script.script)
            answers = await self._pipeline(script.sha, questions)
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
        return answers

    async def _pipeline(self, sha: str, questions: list[_Question]) -> list[Any]:
        commands = self._redis.pipeline(transaction=False)
        prefixed = self.bridge.prefixed_key
        for key, arguments, _ in questions:
            previous, current = self._previous_window_key(key), self._current_window_key(key)
            commands.evalsha(sha, 2, prefixed(previous), prefixed(current), *arguments)
        return await commands.execute(raise_on_error=False)

    def _may_ask(self) -> bool:
        if self._again is None:
            return True
        now = time.monotonic()
        if now < self._again:
            return False
        self._again = now + RETRY_SECONDS  # this one finds out for all
        return True

    async def _in_time(self, name: str, script: Script, questions: list[_Question]) -> list[Any]:
        if questions[0][-1] != self._failures:
            raise Unchecked  # they waited for a Redis that failed meanwhile
        try:
            answers = await redis_client.call(name, self._run(script, questions), self._timeout)
        except Exception as error:
            # Connections, memory, protocol, TLS, a server that is not Redis: all the same to a request.
            self._failures += 1
            if self._again is None:
                reason = str(error) or type(error).__name__
                log.warning("rate limits are not checked: Redis fails", extra={"reason": reason})
            self._again = time.monotonic() + RETRY_SECONDS
            raise Unchecked from error
        if self._again is not None:
            self._again = None
            log.info("rate limits are checked again")
        return answers
