"""The tasks that run beside the requests.

Ranks are exact without them: `fold` keeps rank look-ups fast, `watch` invalidates the cache after changes made outside
this process, `fill` fills boards that are new or count differently now, `close_seasons` adds seasons and archives those
that are over, `lift_bans` ends bans whose time is over, `copy_ranks` keeps the ranks of each day, `refresh_keys` makes
new and revoked API keys take effect, `share_timelines` tells other processes which primary is the newest, and `verify`
reports differences between ranks and ledger.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import NoReturn

import msgspec

from service import errors
from service.access.gate import AccessControl
from service.cache.epoch_cache import Cache
from service.database.functions import Database
from service.errors import ApiError
from service.observability import metrics, new_relic
from service.readiness import LastVerify

logger = logging.getLogger(__name__)

#: Before a fold that failed is retried.
RETRY_SECONDS = 0.5
#: Between two refreshes of the API keys: a revoked key is rejected within this time.
KEYS_SECONDS = 0.5
#: Before the next look for boards to fill.
FILL_SECONDS = 1.0
#: Before the next look for seasons to add or to close.
SEASONS_SECONDS = 1.0
#: Before the next look for bans whose time is over.
BANS_SECONDS = 1.0
#: Before the next look for daily copies to make.
COPIES_SECONDS = 60.0
#: Between two exchanges of the timelines that processes have seen.
SHARE_SECONDS = 1.0
#: Between two recordings of which API keys were used.
RECORD_SECONDS = 30.0
#: A transaction is logged as old after this time, and after this many others began.
OLD_SECONDS, OLD_TRANSACTIONS = 60.0, 10_000
#: Players in a sample of `verify`, which takes a few milliseconds.
SAMPLE = 100


async def fold(database: Database, written: asyncio.Event, interval_seconds: float) -> NoReturn:
    """Folds pending rank changes into the index at most every `interval_seconds`, and only after a write."""
    attempts = _Attempts("folding rank changes")

    async def fold_once() -> None:
        started = time.perf_counter()
        with new_relic.tracing.background("fold"):
            metrics.FOLDED[()].add(await database.fold_ranks())
        metrics.FOLD[()].observe(time.perf_counter() - started)

    while True:
        await written.wait()
        # Cleared before the fold, because a write during the fold needs another one.
        written.clear()
        if await attempts.run(fold_once):
            await asyncio.sleep(interval_seconds)
        else:
            written.set()
            await asyncio.sleep(max(interval_seconds, RETRY_SECONDS))


async def watch(database: Database, cache: Cache, written: asyncio.Event, interval_seconds: float) -> NoReturn:
    """Polls for changes every `interval_seconds`: by psql, by another process, or by a write whose outcome this
    process never learned. After one, invalidates the cache and, if there is something to fold, sets `written`.
    """
    attempts = _Attempts("watching for changes")
    old_transaction = _OldTransaction(database)
    seen: str | None = None

    async def poll() -> None:
        nonlocal seen
        with new_relic.tracing.background("watch"):
            status = await database.rank_index_status()
        metrics.PENDING[()].set(status.pending)
        metrics.HORIZON[()].set(status.horizon_age)
        if status.change_marker != seen:
            # In this order: if the invalidation is interrupted, the next poll repeats it.
            await cache.try_invalidate_all()
            seen = status.change_marker
        if status.pending > 0:
            written.set()
        await old_transaction.check(status.horizon_age)

    while True:
        metrics.DATABASE_UP[()].set(int(await attempts.run(poll)))
        await asyncio.sleep(interval_seconds)


async def fill(database: Database, written: asyncio.Event) -> NoReturn:
    """Fills boards from the ledger, step by step. Another process may do it instead, or go on where this one stops."""

    async def step() -> bool:
        with new_relic.tracing.background("fill"):
            more = await database.fill_boards()
        if more:
            written.set()
        return more

    await _in_steps("filling a board", step, FILL_SECONDS)


async def close_seasons(database: Database, cache: Cache) -> NoReturn:
    """Adds seasons ahead, and closes those that are over, step by step. Another process may do it instead, or go on
    where this one stops.
    """

    async def step() -> bool:
        started = time.perf_counter()
        with new_relic.tracing.background("close_seasons"):
            more, closed = await database.close_seasons()
        if more:
            metrics.SEASON_UPKEEP[()].observe(time.perf_counter() - started)
        if closed is not None:
            for season in closed:
                metrics.SEASONS_CLOSED[()].add()
                logger.info("season closed", extra=msgspec.structs.asdict(season))
            # Reads of a season that was closed or dropped may return something else now.
            await cache.try_invalidate_all()
        return more

    await _in_steps("closing a season", step, SEASONS_SECONDS)


async def lift_bans(database: Database, cache: Cache, written: asyncio.Event) -> NoReturn:
    """Ends bans whose time is over, step by step. Another process may do it instead, or go on where this one stops."""

    async def step() -> bool:
        with new_relic.tracing.background("lift_bans"):
            more = await database.lift_bans()
        if more:
            await cache.try_invalidate_all()
            written.set()
        return more

    await _in_steps("ending a ban", step, BANS_SECONDS)


async def copy_ranks(database: Database, keep_days: int) -> NoReturn:
    """Copies each ranking once a day, for the course of a player's rank, and deletes copies after `keep_days`. Days
    that were missed are made up for. Another process may do it instead, or go on where this one stops.
    """

    async def step() -> bool:
        with new_relic.tracing.background("copy_ranks"):
            return await database.copy_ranks(keep_days)

    await _in_steps("copying ranks", step, COPIES_SECONDS)


async def _in_steps(what: str, step: Callable[[], Awaitable[bool]], seconds: float) -> NoReturn:
    """Repeats `step` as long as it returns that there is more to do, and looks again every `seconds`."""
    attempts = _Attempts(what)
    more = False

    async def attempt() -> None:
        nonlocal more
        more = False
        more = await step()

    while True:
        await attempts.run(attempt)
        if not more:
            await asyncio.sleep(seconds)


async def refresh_keys(database: Database, access_control: AccessControl) -> NoReturn:
    """Reads the valid API keys every KEYS_SECONDS. Records every RECORD_SECONDS, and at the end, which ones were
    used.
    """
    keyring = access_control.keyring
    refreshes = _Attempts("reading the API keys")
    recordings = _Attempts("recording which API keys were used")
    recorded = time.monotonic()

    async def refresh() -> None:
        with new_relic.tracing.background("api_keys"):
            await keyring.refresh()
        access_control.log_changes()

    async def record() -> None:
        used = keyring.drain_used()
        try:
            if used:
                await database.record_api_keys_used(sorted(used))
        except BaseException:
            keyring.requeue(used)
            raise

    try:
        while True:
            await refreshes.run(refresh)
            if time.monotonic() - recorded >= RECORD_SECONDS:
                recorded = time.monotonic()
                await recordings.run(record)
            await asyncio.sleep(KEYS_SECONDS)
    finally:
        await recordings.run(record)


async def share_timelines(database: Database, cache: Cache) -> NoReturn:
    """Tells other processes which server is the newest primary, and learns it from them, every SHARE_SECONDS."""
    attempts = _Attempts("sharing the timeline of the database")
    while True:
        await attempts.run(lambda: database.pool.timelines.share(cache.largest))
        await asyncio.sleep(SHARE_SECONDS)


async def verify(database: Database, last: LastVerify, interval_seconds: float) -> NoReturn:
    """Compares the ranks of some players with the ledger every `interval_seconds`. Writes the result to `last`."""
    attempts = _Attempts("verifying a sample")

    async def verify_once() -> None:
        with new_relic.tracing.background("verify"):
            differences = await database.verify_sample(SAMPLE)
        metrics.VERIFIED[()].add()
        metrics.DIFFERENCES[()].set(len(differences))
        last.at, last.differences = datetime.now(UTC), len(differences)
        if differences:
            logger.error(
                "ranks differ from the ledger: repair them with SELECT * FROM api.rebuild_leaderboard()",
                extra={"differences": differences[:20]},
            )

    while True:
        await attempts.run(verify_once)
        await asyncio.sleep(interval_seconds)


class _OldTransaction:
    """Logs which session keeps a transaction open, in any database of the server, once for each session. Such a
    transaction keeps vacuum from removing dead rows.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._logged: tuple[int | None, str | None] | None = None

    async def check(self, horizon_age: int) -> None:
        """`horizon_age` is that of api.rank_index_status(), in transactions."""
        if horizon_age < OLD_TRANSACTIONS:
            if self._logged is not None:
                logger.info("the transaction that stayed open has ended")
            self._logged = None
            return
        holder = await self._database.horizon_holder()
        if holder is None or (holder.seconds is not None and holder.seconds < OLD_SECONDS):
            return
        if (holder.pid, holder.database) == self._logged:
            return
        self._logged = holder.pid, holder.database
        logger.warning(
            "a transaction stays open and keeps vacuum from removing dead rows: end its session",
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
    """Runs work that is repeated, and logs only its first failure in a row and the success that follows."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._failing = False

    async def run(self, work: Callable[[], Awaitable[object]]) -> bool:
        """Whether `work` succeeded. What it raises is logged, not raised."""
        try:
            await work()
        except Exception as error:
            if not self._failing:
                # The cause is what the database said; an ApiError's own text is for clients.
                cause = error.__cause__ or error
                logger.warning(
                    "%s failed, retrying",
                    self._what,
                    extra={"reason": errors.reason(cause)},
                    exc_info=None if isinstance(error, ApiError) else error,
                )
            self._failing = True
            return False
        if self._failing:
            logger.info("%s works again", self._what)
        self._failing = False
        return True
