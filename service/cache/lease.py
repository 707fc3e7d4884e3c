"""The lease through PostgreSQL: a process may read from Redis only while every process can invalidate it.

A process that cannot replace the epoch in Redis sets a warning in PostgreSQL, and acknowledges its writes when that
has stood for WAIT_SECONDS. All processes poll the warnings every POLL_SECONDS. A read may use Redis only after a poll
that (a) was sent no earlier than LEASE_SECONDS before the read began and (b) saw no warning, neither one that stands
nor one that was set since the lease began, and (c) if no season has begun or ended since that poll. After a warning or
such a boundary, a process replaces the epoch before it uses Redis again.
The same polls tell which Redis server all processes use: an epoch that was replaced on another one counts for nothing.
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
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from service.batching import Batcher
from service.cache.redis_client import RedisUnavailableError, State
from service.cache.single_flight import SingleFlight
from service.database.functions import Database
from service.database.rows import CacheStatus
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
    """What a poll found, when it was sent, and for how long this process has known the server that it found."""

    sent: float
    warnings: CacheStatus
    server_known_for: float

    def finds(self, server: str | None) -> bool:
        """Whether all processes use the Redis server of that name."""
        return self.warnings.server is not None and self.warnings.server.partition(" ")[0] == server


class Lease:
    """Whether this process may read from Redis. Not valid until `begin`."""

    def __init__(
        self,
        database: Database,
        process: str,
        on_lost: Callable[[str, State], None],
        on_boundary: Callable[[], Awaitable[None]],
    ) -> None:
        """`process` is this process's name in the warnings. `on_lost` is called when a poll ends the lease, with the
        reason and what Redis may still be used for; `on_boundary` when a season has begun or ended: it replaces the
        epoch, or raises RedisUnavailableError.
        """
        self._database = database
        self._process = process
        self._on_lost = on_lost
        self._on_boundary = on_boundary
        self._held = False
        #: The server that all processes use, with its token, as long as this process uses it and no poll found another
        #: one; and when the last poll was sent that found it.
        self.server: str | None = None
        self._server_confirmed = -math.inf
        #: The server that the last poll found, and since when.
        self._found: tuple[str | None, float] = (None, -math.inf)
        #: As long as this is the latest warning of all, there was no other one since the lease began.
        self._latest: str | None = None
        #: When the last poll was sent that found no warning.
        self._confirmed = -math.inf
        #: The season boundaries before and after that poll, and when the next one passes, or a little earlier.
        self._boundaries = ""
        self._deadline = -math.inf
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
        found = await self._database.cache_status()
        now = clock()
        self._first_seen = {warning: self._first_seen.get(warning, now) for warning in found.stand.items()}
        for (process, token), since in self._first_seen.items():
            if now - since > WARNING_LIFETIME_SECONDS and process != self._process:
                logger.warning("cleared the cache warning of a process that is gone", extra={"cache_warning": process})
                await self._database.clear_cache_warning(process, token)
        if found.server != self._found[0]:
            self._found = found.server, now
        self._check_server(sent, found)
        return Poll(sent, found, now - self._found[1])

    def join(self, poll: Poll) -> None:
        """This process uses the server that `poll` found."""
        self.server = poll.warnings.server
        self._server_confirmed = poll.sent

    def _check_server(self, sent: float, found: CacheStatus) -> bool:
        if self.server is None:
            return False
        if found.server == self.server:
            self._server_confirmed = max(self._server_confirmed, sent)
            return True
        self.server = None
        self._on_lost("other processes have moved to another Redis server", State.DOWN)
        return False

    def begin(self, poll: Poll) -> None:
        """The lease holds since `poll`, which found no warning and *after* which this process replaced the epoch."""
        self._held = True
        self._latest = poll.warnings.latest
        self._confirm(poll.sent, poll.warnings)

    def _confirm(self, sent: float, found: CacheStatus) -> None:
        self._confirmed = sent
        self._boundaries = found.boundaries
        self._deadline = sent + found.boundary_seconds if found.boundary_seconds > 0 else -math.inf

    def end(self) -> None:
        self._held = False
        self._confirmed = -math.inf

    async def renew(self) -> None:
        """Polls if this process uses Redis. Returns when that is done, with or without success."""
        if self.server is not None:
            await asyncio.wait([self._renewal()])

    async def is_valid(self) -> bool:
        """Whether a read that began before this call may use Redis. Waits for a poll if the last one is too old, but
        not for one that already took MAX_POLL_SECONDS.
        """
        now = clock()
        oldest = now - LEASE_SECONDS
        if self._confirmed >= oldest and now < self._deadline:
            return True
        return await self._polled(
            # While the next boundary is not known, no poll is waited for.
            lambda: self._held and self._deadline > -math.inf,
            lambda: self._confirmed >= oldest and now < self._deadline,
        )

    async def covers(self, server: str) -> bool:
        """Whether replacing the epoch on `server`, which was done before this call, counts for all processes: they used
        that server at a moment that is at most LEASE_SECONDS ago. Waits for a poll as `is_valid` does.
        """
        oldest = clock() - LEASE_SECONDS
        if self.server == server and self._server_confirmed >= oldest:
            return True
        return await self._polled(lambda: self.server == server, lambda: self._server_confirmed >= oldest)

    async def _polled(self, useful: Callable[[], bool], confirmed: Callable[[], bool]) -> bool:
        # The poll under way may have been sent too early, or may fail: then one more.
        for _ in range(2):
            if not useful():
                return False
            renewal = self._renewal()
            max_wait = self._sent + MAX_POLL_SECONDS - clock()
            if max_wait <= 0:
                return False
            await asyncio.wait([renewal], timeout=max_wait)
            if useful() and confirmed():
                return True
        return False

    def _renewal(self) -> asyncio.Future[None]:
        return self._renewals(None, self._start_renewal)

    def _start_renewal(self) -> Coroutine[Any, Any, None]:
        self._sent = clock()
        return self._renew(self._sent)

    async def _renew(self, sent: float) -> None:
        try:
            found = await self._database.cache_status()
        except ApiError:
            return  # the lease runs out by itself
        if not self._check_server(sent, found) or not self._held:
            return
        if found.stand:
            self._on_lost(outage_reason(found), State.WRITE_ONLY)
        elif found.latest != self._latest:
            self._on_lost("another process could not reach Redis for a while", State.WRITE_ONLY)
        elif found.boundaries != self._boundaries and not await self._passes_boundary():
            return
        elif self._held and sent > self._confirmed:  # `begin` may have come meanwhile
            self._confirm(sent, found)

    async def _passes_boundary(self) -> bool:
        try:
            await self._on_boundary()
        except RedisUnavailableError:
            return False  # the lease has ended
        return True


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
            # It may be that of a move to another server, which has to stand for so long.
            await asyncio.sleep(WAIT_SECONDS)
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
        await _wait_until(since + WAIT_SECONDS)
        return writes

    async def move(self, known: str | None, server: str) -> bool:
        """Moves all processes from the server `known` to `server`. Returns True when no process uses another one any
        more, and False if they have moved already. If `known` is not None, the warning stands then. Raises ApiError.
        """
        async with self._changing:
            sent = clock()
            self.may_stand |= known is not None
            if not await self._database.set_cache_server(self.process, known, server):
                return False
            if known is None:
                return True
            self._token = None
            self._stands(sent, since=clock())
        await _wait_until(self._since + WAIT_SECONDS)
        return True

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
                logger.warning(
                    "this process cannot invalidate the cache in Redis: all processes answer from PostgreSQL",
                    extra={"cache_warning": self.process},
                )
            self._token = token
            self._stands(sent, since=self._since if renewed else clock())
            return self._since

    def _stands(self, sent: float, *, since: float) -> None:
        self._since = since
        self._until = sent + WARNING_LIFETIME_SECONDS - WARNING_RENEW_SECONDS
        self._renew_at = sent + WARNING_RENEW_SECONDS

    async def withdraw(self) -> None:
        """Clears the warning. No write may rely on it from here on. Raises ApiError; then it may still stand."""
        async with self._changing:
            self._until = -math.inf
            self._token = None
            found = await self._database.cache_status()
            token = found.stand.get(self.process)
            if token is not None:
                await self._database.clear_cache_warning(self.process, token)
            self.may_stand = False


async def _wait_until(moment: float) -> None:
    while (left := moment - clock()) > 0:
        await asyncio.sleep(left)


def outage_reason(found: CacheStatus) -> str:
    """Why Redis is not used, for the log."""
    return f"Redis may hold stale values: it cannot be invalidated by {', '.join(sorted(found.stand))}"
