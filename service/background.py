"""The tasks that run beside the requests. Ranks are exact without them; the folder keeps their look-up fast,
the watcher makes changes that did not come through this process show, the verifier says so should something
be wrong nevertheless. One more refreshes the API keys.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import NoReturn

from service.access.gate import AccessControl
from service.cache.epoch_cache import Cache
from service.database.functions import Database
from service.errors import ApiError
from service.observability import metrics, new_relic

log = logging.getLogger(__name__)

#: Seconds before a fold that failed is tried again.
RETRY_SECONDS = 0.5
#: Seconds between two refreshes of the API keys: within them a revoked key is refused.
KEYS_SECONDS = 0.5
#: Seconds after which it is stored which API keys were used.
RECORD_SECONDS = 30.0
#: A transaction is old that is open for so long, and since whose beginning so many others have begun.
OLD_SECONDS, OLD_TRANSACTIONS = 60.0, 10_000
#: Players in a sample of `verify`: a few milliseconds.
SAMPLE = 100


async def fold(database: Database, written: asyncio.Event, interval_seconds: float) -> NoReturn:
    """Folds pending rank changes into the index at most every `interval_seconds`; sleeps while nothing is
    written.
    """
    attempt = _Attempts("folding rank changes")

    async def once() -> None:
        started = time.perf_counter()
        with new_relic.tracing.background("fold"):
            metrics.FOLDED[()].add(await database.fold_ranks())
        metrics.FOLD[()].observe(time.perf_counter() - started)

    while True:
        await written.wait()
        # Cleared before the fold: what is written while it runs asks for the next one.
        written.clear()
        if await attempt(once):
            await asyncio.sleep(interval_seconds)
        else:
            written.set()
            await asyncio.sleep(max(interval_seconds, RETRY_SECONDS))


async def watch(database: Database, cache: Cache, written: asyncio.Event, interval_seconds: float) -> NoReturn:
    """Looks for changes every `interval_seconds`, whoever made them (psql, another process, a write whose
    outcome this process never learned): then what is cached is out of date and there may be something to
    fold.
    """
    attempt = _Attempts("watching for changes")
    old_transaction = _OldTransaction(database)
    seen: str | None = None

    async def look() -> None:
        nonlocal seen
        with new_relic.tracing.background("watch"):
            status = await database.rank_index_status()
        metrics.PENDING[()].set(status.pending)
        metrics.HORIZON[()].set(status.horizon_age)
        if status.change_marker != seen:
            # In this order: should the bump be cut off, the next look makes up for it.
            await cache.bump()
            seen = status.change_marker
        if status.pending > 0:
            written.set()
        await old_transaction.look(status.horizon_age)

    while True:
        await attempt(look)
        await asyncio.sleep(interval_seconds)


async def refresh_keys(database: Database, access_control: AccessControl) -> NoReturn:
    """Reads the valid API keys every KEYS_SECONDS, and stores every RECORD_SECONDS, and at the end, which ones were
    used.
    """
    keyring = access_control.keyring
    attempt = _Attempts("reading the API keys")
    recording = _Attempts("storing which API keys were used")
    recorded = time.monotonic()

    async def record() -> None:
        used = keyring.drain_used()
        try:
            if used:
                await database.record_api_keys_used(sorted(used))
        except BaseException:
            keyring.requeue(used)
            raise

    async def refresh() -> None:
        with new_relic.tracing.background("api_keys"):
            await keyring.refresh()
        access_control.log_changes()

    try:
        while True:
            await attempt(refresh)
            if time.monotonic() - recorded >= RECORD_SECONDS:
                recorded = time.monotonic()
                await recording(record)
            await asyncio.sleep(KEYS_SECONDS)
    finally:
        await recording(record)


async def verify(database: Database, interval_seconds: float) -> NoReturn:
    """Looks every `interval_seconds` whether the ranks of some players are what the ledger says."""
    attempt = _Attempts("verifying a sample")

    async def once() -> None:
        with new_relic.tracing.background("verify"):
            differences = await database.verify_sample(SAMPLE)
        metrics.VERIFIED[()].add()
        metrics.DIFFERENCES[()].set(len(differences))
        if differences:
            log.error(
                "the ranks are not what the ledger says: SELECT * FROM api.rebuild_leaderboard() mends them",
                extra={"differences": differences[:20]},
            )

    while True:
        await attempt(once)
        await asyncio.sleep(interval_seconds)


class _OldTransaction:
    """Names the session whose transaction stays open, in whichever database of the cluster, once for each: it
    keeps vacuum from removing dead rows.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._named: tuple[int | None, str | None] | None = None

    async def look(self, horizon_age: int) -> None:
        """`horizon_age` is in transactions, as api.rank_index_status() tells it."""
        if horizon_age < OLD_TRANSACTIONS:
            if self._named is not None:
                log.info("the transaction that stayed open has ended")
            self._named = None
            return
        holder = await self._database.horizon_holder()
        if holder is None or (holder.seconds is not None and holder.seconds < OLD_SECONDS):
            return
        if (holder.pid, holder.database) == self._named:
            return
        self._named = holder.pid, holder.database
        log.warning(
            "a transaction stays open and keeps dead rows from being removed: end its session",
            extra={
                "pid": holder.pid,
                "database": holder.database,
                "username": holder.username,
                "application": holder.application_name,
                "state": holder.state,
                "seconds": None if holder.seconds is None else round(holder.seconds),
                "transactions_since": horizon_age,
            },
        )


class _Attempts:
    """Runs a task's work again and again, logging only when it begins to fail and when it works again."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._failing = False

    async def __call__(self, work: Callable[[], Awaitable[object]]) -> bool:
        try:
            await work()
        except Exception as error:
            if not self._failing:
                # What the database says is in the cause; an ApiError's own text is for clients.
                cause = error.__cause__ or error
                log.warning(
                    "%s fails and is tried again",
                    self._what,
                    extra={"reason": str(cause) or type(cause).__name__},
                    exc_info=None if isinstance(error, ApiError) else error,
                )
            self._failing = True
            return False
        if self._failing:
            log.info("%s works again", self._what)
        self._failing = False
        return True
