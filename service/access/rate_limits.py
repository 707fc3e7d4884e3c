"""How often an address, an API key and a player may call, counted in Redis for all processes together.

The algorithm is the sliding window counter (Cloudflare, "How we built rate limiting capable of scaling to millions of
domains", 2017): the calls of the previous window count by the share of it that is less than one window old, as if they
had come evenly. That takes two numbers for each client and limit. Calls that are refused do not count.

Calls of the same moment travel in one pipeline (batching.py); otherwise the round trip would cost this process more
than the rest of the request. A client that was refused is remembered in this process until its next call can be
allowed, so that a flood costs Redis nothing. While Redis fails, calls are allowed unchecked, and counted as such; one
per second finds out whether it is back, and no other call waits for it.
"""

import asyncio
import hashlib
import logging
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from redis.exceptions import NoScriptError

from service import errors
from service.batching import Batcher
from service.cache.redis_client import RedisConnections
from service.errors import ApiError
from service.model import PlayerRef
from service.observability import metrics
from service.settings import Settings
from service.settings.rate_limits import Quota, parse

logger = logging.getLogger(__name__)

#: The key and arguments of the script, and how often Redis had failed when this was asked.
_Question = tuple[str, tuple[int, ...], int]

#: Calls in one pipeline. More would block the event loop for too long.
PIPELINE = 100
#: Seconds for which a Redis that failed is not asked.
RETRY_SECONDS = 1.0
#: Refused clients that are remembered for each limit; the oldest one is forgotten first.
MAX_REFUSED = 10_000
#: Seconds for which they are remembered at most, so that deleting a counter takes effect soon.
REFUSED_SECONDS = 10.0

# Counts up to ARGV[1] calls of the client whose counters are in KEYS[1] against all of its quotas, which follow as
# pairs of calls and milliseconds, the shortest window first. Returns ARGV[1] if all calls were counted, otherwise: how
# many were, the milliseconds until the next call is allowed, and the number of the quota that has this wait.
_SCRIPT = """
local now = redis.call('TIME')
now = now[1] * 1000 + math.floor(now[2] / 1000)
local wanted = tonumber(ARGV[1])
local taken = wanted
local stored = redis.call('GET', KEYS[1])
local before, windows = stored and cmsgpack.unpack(stored) or {}, {}
for i = 2, #ARGV, 2 do
    local limit, length = tonumber(ARGV[i]), tonumber(ARGV[i + 1])
    local start, count, previous = unpack(before[length] or {now, 0, 0})
    start = math.min(start, now)  -- if the clock was set back
    if now >= start + 2 * length then
        start, count, previous = now, 0, 0
    elseif now >= start + length then
        start, count, previous = start + length, 0, count
    end
    windows[length] = {start, count, previous}
    taken = math.max(0, math.min(taken, limit - count - math.floor(previous * (start + length - now) / length)))
end
if taken > 0 then
    for _, window in pairs(windows) do
        window[2] = window[2] + taken
    end
    redis.call('SET', KEYS[1], cmsgpack.pack(windows), 'PX', 2 * ARGV[#ARGV])
end
if taken == wanted then
    return taken
end
local wait, refusing = 0, 0
for i = 2, #ARGV, 2 do
    local limit, length = tonumber(ARGV[i]), tonumber(ARGV[i + 1])
    local start, count, previous = unpack(windows[length])
    -- The next call is allowed when floor(previous * left / length) < limit - count, which may be in the next window:
    -- its previous is this count.
    local left = start + length - now
    local needed = left + length - limit * length / count
    if count < limit then
        needed = left - (limit - count) * length / previous
    end
    needed = math.floor(needed) + 1
    if needed > wait then
        wait, refusing = needed, i / 2
    end
end
return {taken, wait, refusing}
"""
_SHA = hashlib.sha1(_SCRIPT.encode(), usedforsecurity=False).hexdigest()


class UncheckedError(Exception):
    """Redis did not say whether the limit is reached."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a client's calls are refused until `ends_at` (monotonic clock). It is remembered until `forget_at`."""

    limit: str
    quota_name: str
    ends_at: float
    forget_at: float

    def error(self) -> ApiError:
        seconds = max(1, math.ceil(self.ends_at - time.monotonic()))
        return ApiError(
            errors.RATE_LIMITED,
            f"rate limit exceeded ({self.limit}); retry in {seconds} s",
            {"Retry-After": str(seconds), "RateLimit": f'"{self.quota_name}";r=0;t={seconds}'},
        )


class Limit:
    """One of the four limits. `what` and `client` complete "5 calls per second per address"."""

    def __init__(self, counters: "_Counters", name: str, what: str, client: str, setting: str) -> None:
        self._counters = counters
        self._name = name
        self._quotas = parse(setting)
        self._arguments = [n for quota in self._quotas for n in (quota.calls, quota.seconds * 1000)]
        self._texts = [f"{quota.calls} {what} per {quota.period} per {client}" for quota in self._quotas]
        self._limited = metrics.RATE_LIMITED[name,]
        self._unchecked = metrics.RATE_LIMIT_UNCHECKED[name,]
        self._refused: dict[str, Refusal] = {}

    @property
    def policy(self) -> str:
        """The limit as a part of RateLimit-Policy."""
        return ", ".join(f'"{self._quota_name(quota)}";q={quota.calls};w={quota.seconds}' for quota in self._quotas)

    async def check(self, client: str) -> None:
        """Counts a call. Raises ApiError if it exceeds the limit."""
        _, refusal = await self.take(client, 1)
        if refusal is not None:
            raise refusal.error()

    async def take(self, client: str, wanted: int) -> tuple[int, Refusal | None]:
        """Counts `wanted` calls, or as many as the limit allows. Returns how many, and why not the rest."""
        refusal = self._refused.get(client)
        if refusal is not None:
            if time.monotonic() < refusal.forget_at:
                self._limited.add(wanted)
                return 0, refusal
            del self._refused[client]
        try:
            result = await self._counters.count(f"limit:{self._name}:{client}", (wanted, *self._arguments))
        except UncheckedError:
            self._unchecked.add(wanted)
            return wanted, None
        if isinstance(result, int):
            return wanted, None
        taken, wait_ms, refusing = result
        self._limited.add(wanted - taken)
        return taken, self._refuse(client, refusing - 1, wait_ms / 1000)

    def _refuse(self, client: str, refusing: int, wait: float) -> Refusal:
        now = time.monotonic()
        name = self._quota_name(self._quotas[refusing])
        refusal = Refusal(self._texts[refusing], name, now + wait, now + min(wait, REFUSED_SECONDS))
        if len(self._refused) >= MAX_REFUSED:
            del self._refused[next(iter(self._refused))]
        self._refused[client] = refusal
        return refusal

    def _quota_name(self, quota: Quota) -> str:
        return self._name if len(self._quotas) == 1 else f"{self._name}-{quota.seconds}s"


class RateLimits:
    """The limits of the settings; None for those that are not set. No method raises because of Redis. `close` at the
    end.
    """

    def __init__(self, settings: Settings) -> None:
        assert settings.redis_url is not None
        self._counters = _Counters(settings.redis_url, settings.redis_timeout_ms / 1000)
        self._settings = settings.rate_limits
        self.address = self._limit("address", "calls", "address")
        self.key = self._limit("key", "calls", "API key")
        self.player = self._limit("player", "submissions", "player")
        self.plays = self._limit("plays", "plays", "address")
        #: Whether there are others than that of plays.
        self.are_for_all_calls = any(limit is not None for limit in (self.address, self.key, self.player))
        self._policies = {
            (limited_as, with_key): ", ".join(
                limit.policy
                for limit, applies in (
                    (self.address, True),
                    (self.key, with_key),
                    (self.player, limited_as == "submissions"),
                    (self.plays, limited_as == "plays"),
                )
                if limit is not None and applies
            )
            for with_key in (False, True)
            for limited_as in (None, "submissions", "plays")
        }

    def _limit(self, name: str, what: str, client: str) -> Limit | None:
        return Limit(self._counters, name, what, client, self._settings[name]) if name in self._settings else None

    def policy(self, limited_as: str | None, *, with_key: bool) -> str:
        """RateLimit-Policy of a call, with or without an API key. `limited_as`: "submissions", "plays", or neither."""
        return self._policies[limited_as, with_key]

    def update_gauges(self) -> None:
        self._counters.batcher.update_gauge()

    async def close(self) -> None:
        await self._counters.close()

    async def check_player(self, player: PlayerRef) -> None:
        """Counts a submission of a player. Raises ApiError if it exceeds the limit."""
        if self.player is not None:
            await self.player.check(_client_of(player))

    async def check_players(self, players: Sequence[PlayerRef]) -> dict[int, ApiError]:
        """Counts the submissions of a batch. Returns the positions of those that exceed the limit, each with its error.
        Of one player these are the last ones.
        """
        if self.player is None:
            return {}
        positions: dict[PlayerRef, list[int]] = {}
        for position, player in enumerate(players):
            positions.setdefault(player, []).append(position)
        takes = (self.player.take(_client_of(player), len(of_one)) for player, of_one in positions.items())
        refused: dict[int, ApiError] = {}
        for of_one, (taken, refusal) in zip(positions.values(), await asyncio.gather(*takes), strict=True):
            if refusal is not None:
                refused.update(dict.fromkeys(of_one[taken:], refusal.error()))
        return refused


def _client_of(player: PlayerRef) -> str:
    """The name under which the submissions of a player are counted. An external id can be personal data, so Redis gets
    its hash.
    """
    return str(player) if isinstance(player, int) else hashlib.sha256(player.encode()).hexdigest()[:32]


class _Counters:
    """The counters in Redis."""

    def __init__(self, url: str, timeout_seconds: float) -> None:
        # One connection: pipelines side by side would each be smaller, and half the cost of one does not depend on its
        # size.
        self._redis = RedisConnections(url, 1, timeout_seconds)
        self.batcher = Batcher(self._count_all, "limit", size=PIPELINE)
        self._failures = 0
        #: While Redis fails: when it is asked again.
        self._retry_at: float | None = None

    async def close(self) -> None:
        await self.batcher.close()
        await self._redis.close()

    async def count(self, key: str, arguments: tuple[int, ...]) -> int | list[int]:
        """The result of the script. Raises UncheckedError."""
        if self._retry_at is not None:
            now = time.monotonic()
            if now < self._retry_at:
                raise UncheckedError
            self._retry_at = now + RETRY_SECONDS  # this call finds out for all
        return await self.batcher((key, arguments, self._failures))

    async def _count_all(self, questions: list[_Question]) -> list[int | list[int]]:
        if questions[0][-1] != self._failures:
            raise UncheckedError  # Redis failed while they waited
        try:
            results = await self._redis.call("limit", self._run(questions))
        except Exception as error:
            # Connection, memory, protocol and TLS errors, or a server that is not Redis: here they are all the same.
            self._failures += 1
            if self._retry_at is None:
                reason = self._redis.reason(error)
                logger.warning("rate limits are not enforced: Redis failed", extra={"reason": reason})
            self._retry_at = time.monotonic() + RETRY_SECONDS
            await self._redis.drop()  # the server may no longer be the one to use
            raise UncheckedError from error
        if self._retry_at is not None:
            self._retry_at = None
            logger.info("rate limits are enforced again")
        return results

    async def _run(self, questions: list[_Question]) -> list[int | list[int]]:
        results = await self._run_pipeline(questions)
        if any(isinstance(result, NoScriptError) for result in results):
            # A Redis that was restarted does not know the script, and has run it for none of them.
            await self._redis.commands.script_load(_SCRIPT)
            results = await self._run_pipeline(questions)
        for result in results:
            if isinstance(result, Exception):
                raise result
        return results

    async def _run_pipeline(self, questions: list[_Question]) -> list[Any]:
        pipeline = self._redis.commands.pipeline(transaction=False)
        for key, arguments, _ in questions:
            pipeline.evalsha(_SHA, 1, self._redis.key_prefix + key, *arguments)
        return await pipeline.execute(raise_on_error=False)
