"""The lease through PostgreSQL: a process may read from Redis only while every process can invalidate it.

A process that cannot replace the epoch in Redis sets a warning in PostgreSQL, and acknowledges its writes when that
has stood for WAIT_SECONDS. All processes poll the warnings every POLL_SECONDS. A read may use Redis only after a poll
that (a) was sent no earlier than LEASE_SECONDS before the read began and (b) saw no warning, neither one that stands
nor one that was set since the lease began. After a warning, a process replaces the epoch before it uses Redis again.
The proof is in docs/cache.md.

All times are of this process's own clock; times of different clocks are never compared.
"""

import asyncio
import contextlib
import logging
import math
import os
import secrets
import socket
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from service.batching import Batcher
from service.cache.single_flight import SingleFlight
from service.database.functions import Database
from service.database.rows import CacheWarnings
from service.errors import ApiError

logger = logging.getLogger(__name__)

#: How old a poll may be when a read begins. Three polls fit in, so that one may be late.
LEASE_SECONDS = 0.4
POLL_SECONDS = 0.13
#: How long a warning has to stand before a write that is not in the epoch is acknowledged. Longer than a lease by
#: more than any two clocks differ in that time.
WAIT_SECONDS = 0.5
#: How long reads wait for a poll, counted from when it was sent.
MAX_POLL_SECONDS = 1.0
#: A warning that is not renewed for this long is cleared by other processes; its own process relies on it for less.
WARNING_LIFETIME_SECONDS = 5.0
WARNING_RENEW_SECONDS = 1.0
#: How long closing may take to clear this process's warning.
CLOSE_SECONDS = 1.0

if hasattr(time, "CLOCK_BOOTTIME"):

    def clock() -> float:
        """Seconds, including those that the machine sleeps, which time.monotonic() leaves out on Linux."""
        return time.clock_gettime(time.CLOCK_BOOTTIME)

else:
    clock = time.monotonic


def process_name() -> str:
    """A name, new at each call, by which an operator finds the process that cannot reach Redis."""
    return f"{socket.gethostname()[:200]}:{os.getpid()}:{secrets.token_hex(4)}"


@dataclass(frozen=True, slots=True)
class Poll:
    """The warnings that a poll found, and when it was sent."""

    sent: float
    warnings: CacheWarnings


class Lease:
    """Whether this process may read from Redis. Not valid until `begin`."""

    def __init__(self, database: Database, process: str, on_lost: Callable[[str], None]) -> None:
        """`process` is this process's name in the warnings. `on_lost` is called with the reason when a poll ends the
        lease.
        """
        self._database = database
        self._process = process
        self._on_lost = on_lost
        self._held = False
        #: As long as this is the latest warning of all, there was no other one since the lease began.
        self._latest: str | None = None
        #: When the last poll was sent that found no warning.
        self._confirmed = -math.inf
        #: When the last renewal was sent.
        self._sent = -math.inf
        self._renewals: SingleFlight[None, None] = SingleFlight()
        #: The warnings of all processes with their tokens, and when each token was first seen.
        self._first_seen: dict[tuple[str, str], float] = {}

    async def close(self) -> None:
        await self._renewals.close()

    async def poll(self) -> Poll:
        """Reads the warnings, and clears those of processes that are gone. Raises ApiError."""
        sent = clock()
        found = await self._database.cache_warnings()
        now = clock()
        self._first_seen = {warning: self._first_seen.get(warning, now) for warning in found.stand.items()}
        for (process, token), since in self._first_seen.items():
            if now - since > WARNING_LIFETIME_SECONDS and process != self._process:
                logger.warning("cleared the cache warning of a process that is gone", extra={"cache_warning": process})
                await self._database.clear_cache_warning(process, token)
        return Poll(sent, found)

    def begin(self, poll: Poll) -> None:
        """The lease holds since `poll`, which found no warning and *after* which this process replaced the epoch."""
        self._held = True
        self._latest = poll.warnings.latest
        self._confirmed = poll.sent

    def end(self) -> None:
        self._held = False
        self._confirmed = -math.inf

    async def renew(self) -> None:
        """Polls the warnings if the lease is held. Returns when that is done, with or without success."""
        if self._held:
            await asyncio.wait([self._renewal()])

    async def is_valid(self) -> bool:
        """Whether a read that began before this call may use Redis. Waits for a poll if the last one is too old, but
        not for one that already took MAX_POLL_SECONDS.
        """
        oldest = clock() - LEASE_SECONDS
        if self._confirmed >= oldest:
            return True
        # The poll under way may have been sent too early, or may fail: then one more.
        for _ in range(2):
            if not self._held:
                return False
            renewal = self._renewal()
            max_wait = self._sent + MAX_POLL_SECONDS - clock()
            if max_wait <= 0:
                return False
            await asyncio.wait([renewal], timeout=max_wait)
            if self._confirmed >= oldest:
                return True
        return False

    def _renewal(self) -> asyncio.Future[None]:
        return self._renewals(None, self._start_renewal)

    def _start_renewal(self) -> Coroutine[Any, Any, None]:
        self._sent = clock()
        return self._renew(self._sent)

    async def _renew(self, sent: float) -> None:
        try:
            found = await self._database.cache_warnings()
        except ApiError:
            return  # the lease runs out by itself
        if not self._held:
            return
        if found.stand:
            self._on_lost(outage_reason(found))
        elif found.latest != self._latest:
            self._on_lost("another process could not reach Redis for a while")
        else:
            self._confirmed = max(self._confirmed, sent)


class OutageWarning:
    """This process's warning in PostgreSQL that it cannot replace the epoch in Redis."""

    def __init__(self, database: Database, process: str) -> None:
        self._database = database
        #: Names the process in the database.
        self.process = process
        #: Whether the warning may stand in the database.
        self.may_stand = False
        self._token: str | None = None
        #: Since when the warning has stood without a break, until when it is sure to, and when to renew it.
        self._since = self._until = self._renew_at = -math.inf
        self._changing = asyncio.Lock()
        self._writes = Batcher(self._wait_for_all, "cache_warning")

    async def close(self) -> None:
        """Cancels the writes that wait, and clears the warning if the database allows it in time."""
        await self._writes.close()
        if self.may_stand:
            with contextlib.suppress(ApiError, TimeoutError):
                async with asyncio.timeout(CLOSE_SECONDS):
                    await self.withdraw()

    async def warn(self) -> None:
        """Returns when no process uses any more what Redis answered before this call. Raises ApiError."""
        await self._writes(None)

    async def _wait_for_all(self, writes: list[None]) -> list[None]:
        # The writes were committed before this batch began. The warning stands at a moment after that: now, or when
        # it is set.
        since = self._since if clock() < self._until else await self._set()
        while (left := since + WAIT_SECONDS - clock()) > 0:
            await asyncio.sleep(left)
        return writes

    async def renew(self) -> None:
        """Renews the warning when it is due. If that fails, the next write sets it again."""
        if self.may_stand and clock() >= self._renew_at:
            with contextlib.suppress(ApiError):
                await self._set(renew=True)

    async def _set(self, *, renew: bool = False) -> float:
        """Sets or renews the warning; returns since when it has stood without a break."""
        async with self._changing:
            if renew and not self.may_stand:
                return -math.inf  # withdrawn meanwhile
            sent = clock()
            self.may_stand = True
            token, renewed = await self._database.set_cache_warning(self.process, self._token)
            if not renewed:
                self._since = clock()
                logger.warning(
                    "this process cannot invalidate the cache in Redis: all processes answer from PostgreSQL",
                    extra={"cache_warning": self.process},
                )
            self._token = token
            self._until = sent + WARNING_LIFETIME_SECONDS - WARNING_RENEW_SECONDS
            self._renew_at = sent + WARNING_RENEW_SECONDS
            return self._since

    async def withdraw(self) -> None:
        """Clears the warning. No write may rely on it from here on. Raises ApiError; then it may still stand."""
        async with self._changing:
            self._until = -math.inf
            self._token = None
            found = await self._database.cache_warnings()
            token = found.stand.get(self.process)
            if token is not None:
                await self._database.clear_cache_warning(self.process, token)
            self.may_stand = False


def outage_reason(found: CacheWarnings) -> str:
    """Why Redis is not used, for the log."""
    return f"Redis may hold stale values: it cannot be invalidated by {', '.join(sorted(found.stand))}"
