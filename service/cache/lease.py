"""Whether this process may believe Redis, and how it tells the others not to: a lease through PostgreSQL.

A write replaces the epoch in Redis before it is acknowledged (cache.py). A process that cannot do so sets a
*warning* in PostgreSQL instead, and acknowledges when that has stood for WAIT_SECONDS. All processes look at
the warnings every LOOK_SECONDS; a read believes Redis only if a look that was sent at most LEASE_SECONDS
before the read began, or later, found no warning, and none that came and went. After one, a process sets a
new epoch before it believes Redis again. docs/cache.md has the proof.

All times are of this process's own clock, and no two clocks are ever compared. A warning whose token does not
change any more is one of a process that is gone: others clear it.
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
from typing import Any, NoReturn

from service.batching import Batcher
from service.cache.single_flight import SingleFlight
from service.database.functions import Database
from service.database.rows import CacheWarnings
from service.errors import ApiError

log = logging.getLogger(__name__)

#: How old a look may be when a read begins. Three looks fit in, so that one may be late.
LEASE_SECONDS = 0.4
LOOK_SECONDS = 0.13
#: How long a warning has to stand before a write that Redis does not know of is acknowledged. Longer than a
#: lease by more than any two clocks differ in that time.
WAIT_SECONDS = 0.5
#: How old a look may get before reads stop waiting for it.
PATIENCE_SECONDS = 1.0
#: A warning that nobody renews for so long is cleared by the others; its own process trusts in it for less.
LIFETIME_SECONDS = 5.0
RENEW_SECONDS = 1.0
#: How long closing may take to clear the own warning.
CLOSE_SECONDS = 1.0

if hasattr(time, "CLOCK_BOOTTIME"):

    def clock() -> float:
        """Seconds that go on while the machine sleeps, which time.monotonic() does not count on Linux."""
        return time.clock_gettime(time.CLOCK_BOOTTIME)

else:
    clock = time.monotonic


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at the warnings found, and when it was sent."""

    sent: float
    warnings: CacheWarnings


class Trust:
    """Looks at the warnings of all processes, and keeps the one of this process. Trusts nothing at first.

    `lost` is called with the reason when a look ends the trust; `begin` begins it anew.
    """

    def __init__(self, database: Database, lost: Callable[[str], None]) -> None:
        self._database = database
        self._lost = lost
        #: By this name an operator finds the process that cannot reach Redis.
        self.process = f"{socket.gethostname()[:200]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._trusting = False
        #: While this is the latest warning of all, there was no other one.
        self._latest: str | None = None
        #: When the last look was sent that found this to be so.
        self._confirmed = -math.inf
        self._sent = -math.inf
        self._looks: SingleFlight[None, None] = SingleFlight()
        #: Warnings of others, and since when they are known with this token.
        self._known: dict[tuple[str, str], float] = {}
        #: Whether a warning of this process may stand.
        self.warned = False
        self._token: str | None = None
        #: From when on, without a break, and until when the own warning stands for certain.
        self._since = -math.inf
        self._until = -math.inf
        self._renew_at = -math.inf
        self._changing = asyncio.Lock()
        self._warnings = Batcher(self._warn_for_all, "cache_warning")

    async def close(self) -> None:
        """Gives up what waits, and clears the own warning if PostgreSQL lets it."""
        await self._warnings.close()
        await self._looks.close()
        if self.warned:
            with contextlib.suppress(ApiError, TimeoutError):
                async with asyncio.timeout(CLOSE_SECONDS):
                    await self.withdraw()

    async def keep(self) -> NoReturn:
        """Looks while this process trusts Redis, and renews its warning while it has one."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if self._trusting:
                await asyncio.wait([self._looks(None, self._begin_look)])
            if self.warned and clock() >= self._renew_at:
                # Else writes find that it no longer stands for certain, and set it themselves.
                with contextlib.suppress(ApiError):
                    await self._set(renew=True)

    # --- trust ----------------------------------------------------------------------------------------------

    async def look(self) -> Look:
        """What stands now. Clears what the dead left. Raises ApiError when PostgreSQL cannot be asked."""
        sent = clock()
        found = await self._database.cache_warnings()
        now = clock()
        self._known = {one: self._known.get(one, now) for one in found.stand.items()}
        for (process, token), since in self._known.items():
            if now - since > LIFETIME_SECONDS and process != self.process:
                log.warning("cleared the cache warning of a process that is gone", extra={"gone": process})
                await self._database.clear_cache_warning(process, token)
        return Look(sent, found)

    def begin(self, look: Look) -> None:
        """Trusts from that look on. It found no warning, and *after* it this process set a new epoch."""
        self._trusting = True
        self._latest = look.warnings.latest
        self._confirmed = look.sent

    def end(self) -> None:
        self._trusting = False
        self._confirmed = -math.inf

    async def holds(self) -> bool:
        """Whether a read that began before this call may believe Redis. Waits for a look if the last one was
        sent too long ago; one that takes so long that it is of no more use is not waited for.
        """
        oldest = clock() - LEASE_SECONDS
        if self._confirmed >= oldest:
            return True
        # The one under way may have been sent too early, or find its connection broken; then one more.
        for _ in range(2):
            if not self._trusting:
                return False
            looking = self._looks(None, self._begin_look)
            patience = self._sent + PATIENCE_SECONDS - clock()
            if patience <= 0:
                return False
            await asyncio.wait([looking], timeout=patience)
            if self._confirmed >= oldest:
                return True
        return False

    def _begin_look(self) -> Coroutine[Any, Any, None]:
        self._sent = clock()
        return self._confirm(self._sent)

    async def _confirm(self, sent: float) -> None:
        try:
            found = await self._database.cache_warnings()
        except ApiError:
            return  # PostgreSQL cannot be asked: the lease runs out by itself
        if not self._trusting:
            return
        if found.stand:
            self._lost(untold_to_redis(found))
        elif found.latest != self._latest:
            self._lost("another process could not reach Redis for a while")
        else:
            self._confirmed = max(self._confirmed, sent)

    # --- the own warning ------------------------------------------------------------------------------------

    async def warn(self) -> None:
        """Returns when no process believes any more what Redis said before this call. Raises ApiError when
        PostgreSQL cannot be told.
        """
        await self._warnings(None)

    async def _warn_for_all(self, writes: list[None]) -> list[None]:
        # Their commits came before this batch began. The warning stands at a moment after that: now, or when
        # it is set.
        since = self._since if clock() < self._until else await self._set()
        while (left := since + WAIT_SECONDS - clock()) > 0:
            await asyncio.sleep(left)
        return writes

    async def _set(self, *, renew: bool = False) -> float:
        """Sets the warning or renews it; returns since when it stands without a break."""
        async with self._changing:
            if renew and not self.warned:
                return -math.inf  # withdrawn meanwhile
            sent = clock()
            self.warned = True
            token, renewed = await self._database.set_cache_warning(self.process, self._token)
            if not renewed:
                self._since = clock()
                log.warning(
                    "Redis does not know of the writes of this process: all processes answer from PostgreSQL",
                    extra={"cache_warning": self.process},
                )
            self._token = token
            self._until = sent + LIFETIME_SECONDS - RENEW_SECONDS
            self._renew_at = sent + RENEW_SECONDS
            return self._since

    async def withdraw(self) -> None:
        """Clears the own warning. From here on no write may count on it. Raises ApiError when PostgreSQL
        cannot be told; then it may stand.
        """
        async with self._changing:
            self._until = -math.inf
            self._token = None
            found = await self._database.cache_warnings()
            token = found.stand.get(self.process)
            if token is not None:
                await self._database.clear_cache_warning(self.process, token)
            self.warned = False


def untold_to_redis(found: CacheWarnings) -> str:
    """Why Redis is not trusted, for the log."""
    return f"Redis does not know of all writes of {', '.join(sorted(found.stand))}"
