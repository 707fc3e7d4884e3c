"""A service on a primary and its standby: the one fails, the operator promotes the other."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from service.database import migrate
from service.settings import SERVICE_ROLE
from tests.faults.clients import Crowd
from tests.faults.drill import Fault, Report, drill
from tests.faults.stack import PATIENCE_SECONDS, Stack
from tests.support.service import scratch_folder
from tests.support.standby import Pair
from tests.support.waiting import until

CLIENTS = 16
#: What the service logs when it finds another primary than before.
ANOTHER_PRIMARY = "the database has another primary than before"
#: Between the promotion and the next acknowledgement.
GAP_SECONDS = 3.0
#: How long a former primary, or a standby, is left frozen or unfenced.
_LASTS_SECONDS = 1.5


class FailoverStack(Stack):
    """A stack whose PostgreSQL is two servers, both of which the service knows."""

    def __init__(
        self,
        folder: Path,
        bin_folder: Path,
        *,
        synchronous: bool,
        workers: int = 1,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(folder, workers=workers, environ=environ)
        self.pair = Pair(bin_folder, folder, synchronous=synchronous)
        self.crowd: Crowd | None = None
        #: When each promotion was asked for, by time.monotonic(), and how many submissions had been sent.
        self.promotions: list[tuple[float, int]] = []

    def start(self) -> None:
        self.pair.start()
        migrate.apply(self.owner_url)
        self.pair.attach()
        self.valkey.start()
        self._start_service(self.pair.url(SERVICE_ROLE), self.valkey.url)

    def stop(self) -> None:
        try:
            super().stop()
        finally:
            self.pair.stop()

    @property
    def owner_url(self) -> str:
        """That of the server which is the primary now."""
        return self.pair.primary.url()

    @property
    def service_url(self) -> str:
        return self.pair.primary.url(SERVICE_ROLE)

    def new_crowd(self, address: str) -> Crowd:
        self.crowd = Crowd(address, CLIENTS)
        return self.crowd

    async def attached(self) -> None:
        """Gives the primary a standby that streams, if it has none."""
        if not self.pair.standby.running or self.pair.standby.is_primary:
            self.pair.standby.stop()
            await asyncio.to_thread(self.pair.attach)

    async def promote(self) -> None:
        """Promotes the standby. Returns when it accepts writes."""
        assert self.crowd is not None
        self.promotions.append((time.monotonic(), len(self.crowd.books.sent)))
        await asyncio.to_thread(self.pair.promote)
        await until(lambda: asyncio.to_thread(lambda: self.pair.primary.is_primary), PATIENCE_SECONDS)
        if not self.pair.synchronous:
            self.crowd.forget_totals()

    async def acknowledged_again(self) -> None:
        """Returns when a submission is acknowledged that was sent after this call. (An acknowledgement of an earlier
        one may still have been on its way.)
        """
        assert self.crowd is not None
        sent, before = self.crowd.books.sent, len(self.crowd.books.sent)
        await until(lambda: any(one.acknowledged for one in sent[before:]), PATIENCE_SECONDS)

    def gaps(self) -> list[float]:
        """From each promotion to the first acknowledgement of a submission that was sent after it."""
        assert self.crowd is not None
        sent = self.crowd.books.sent
        return [
            min((one.acknowledged_at for one in sent[before:] if one.acknowledged), default=float("inf")) - promoted
            for promoted, before in self.promotions
        ]


Scenario = Callable[[FailoverStack], Awaitable[None]]


async def crash(stack: FailoverStack) -> None:
    await asyncio.to_thread(stack.pair.primary.crash)
    await stack.promote()
    await stack.acknowledged_again()


async def freeze(stack: FailoverStack, *, wakes_up: bool = False) -> None:
    """The former primary never answers again, and no connection to it ends by itself."""
    former = stack.pair.primary
    await asyncio.to_thread(former.freeze)
    await stack.promote()
    try:
        await stack.acknowledged_again()
        if wakes_up:
            await asyncio.to_thread(former.thaw)
        await asyncio.sleep(_LASTS_SECONDS)
    finally:
        await asyncio.to_thread(former.stop)


async def freeze_and_thaw(stack: FailoverStack) -> None:
    """As `freeze`, but the former primary wakes up and goes on with what it was doing, unfenced."""
    await freeze(stack, wakes_up=True)


async def former_primary_returns(stack: FailoverStack) -> None:
    """It comes back unfenced and accepts writes, first beside the new primary, then alone."""
    former = stack.pair.primary
    await asyncio.to_thread(former.crash)
    await stack.promote()
    try:
        await stack.acknowledged_again()
        former.configure({})  # it would acknowledge without a standby, too
        await asyncio.to_thread(former.start)
        with psycopg.connect(stack.owner_url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'leaderboard'"
            )
        await asyncio.sleep(_LASTS_SECONDS / 3)
        await asyncio.to_thread(stack.pair.primary.crash)
        await asyncio.sleep(_LASTS_SECONDS)
        await asyncio.to_thread(stack.pair.primary.start)
        await stack.acknowledged_again()
    finally:
        await asyncio.to_thread(former.stop)


async def two_primaries(stack: FailoverStack) -> None:
    """The standby is promoted while the primary goes on, as when the network between them is cut. The service has to
    find out by itself. What it acknowledges until then is lost, unless the primary waits for its standby.
    """
    former, crowd, log = stack.pair.primary, stack.crowd, stack.service.log
    assert crowd is not None
    before = log.read_text().count(ANOTHER_PRIMARY)
    crowd.forgets = not stack.pair.synchronous
    await asyncio.to_thread(stack.pair.promote)
    try:
        await until(lambda: log.read_text().count(ANOTHER_PRIMARY) >= before + stack.workers, PATIENCE_SECONDS)
        await stack.acknowledged_again()
        crowd.forget_totals()
        crowd.forgets = False
        await asyncio.sleep(_LASTS_SECONDS)
    finally:
        await asyncio.to_thread(former.stop)


async def standby_freezes(stack: FailoverStack) -> None:
    """Commits wait for the standby, longer than any client does, and then it goes on."""
    await _frozen_standby(stack)
    await asyncio.to_thread(stack.pair.standby.thaw)


async def standby_is_given_up(stack: FailoverStack) -> None:
    """Commits wait for the standby until the operator says that they need not."""
    await _frozen_standby(stack)
    stack.pair.wait_for_standby(False)
    await stack.acknowledged_again()
    await asyncio.to_thread(stack.pair.standby.stop)


async def waits_are_cancelled(stack: FailoverStack) -> None:
    """Commits that wait for the frozen standby are cancelled, which PostgreSQL reports as a success with a warning.
    Then the primary fails, and the standby has none of them.
    """
    await _frozen_standby(stack, cancel=True)
    await asyncio.to_thread(stack.pair.primary.crash)
    await asyncio.to_thread(stack.pair.standby.thaw)
    await stack.promote()
    await stack.acknowledged_again()


async def _frozen_standby(stack: FailoverStack, *, cancel: bool = False) -> None:
    """Freezes the standby. Returns when clients have met it several times."""
    assert stack.crowd is not None
    failed = stack.crowd.books.failed
    wanted = failed["503 outcome_unknown"] + 2 * CLIENTS
    await asyncio.to_thread(stack.pair.standby.freeze)

    async def met() -> bool:
        if cancel:
            await asyncio.to_thread(
                stack.pair.primary.sql,
                "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'",
            )
            await asyncio.sleep(0.1)
        return failed["503 outcome_unknown"] >= wanted

    await until(met, PATIENCE_SECONDS)


SCENARIOS: dict[str, Scenario] = {
    "primary crashes": crash,
    "primary freezes": freeze,
    "primary freezes and wakes up": freeze_and_thaw,
    "former primary returns": former_primary_returns,
    "standby is promoted beside the primary": two_primaries,
}
#: Only with a synchronous standby.
STANDBY_SCENARIOS: dict[str, Scenario] = {
    "standby freezes": standby_freezes,
    "standby freezes and is given up": standby_is_given_up,
    "standby freezes, waits are cancelled, primary crashes": waits_are_cancelled,
}


@dataclass(slots=True)
class FailoverReport:
    report: Report
    #: PostgreSQL's.
    version: str
    synchronous: bool
    gaps: list[float] = field(default_factory=list)


async def failover_drill(
    stack: FailoverStack, name: str, times: int = 1, *, gap_seconds: float = PATIENCE_SECONDS
) -> FailoverReport:
    """Plays a scenario so many times, each time with a standby that streams. `gap_seconds`: how long it may take from
    the promotion to the next acknowledgement.
    """
    scenario = {**SCENARIOS, **STANDBY_SCENARIOS}[name]

    async def inject(_: Stack) -> None:
        await stack.attached()
        assert stack.crowd is not None
        await stack.crowd.progress(PATIENCE_SECONDS)
        await scenario(stack)

    stack.promotions.clear()
    noticed = scenario is not two_primaries
    fault = Fault(
        name, inject, noticed=noticed, may_lose=not stack.pair.synchronous, times=times, crowd=stack.new_crowd
    )
    report = await drill(stack, fault, times)
    gaps = stack.gaps()
    report.problems += [f"{gap:.1f} s without an acknowledgement" for gap in gaps if gap > gap_seconds]
    report.problems += await asyncio.to_thread(_fold_problems, stack)
    version = str(await asyncio.to_thread(stack.pair.primary.sql, "SHOW server_version")).partition(" ")[0]
    return FailoverReport(report, version, stack.pair.synchronous, gaps)


def _fold_problems(stack: FailoverStack) -> list[str]:
    """Everything that is pending folds, and ranks are right afterwards."""
    with psycopg.connect(stack.owner_url, autocommit=True) as connection:
        for _ in range(100):
            connection.execute("SELECT api.fold_ranks()")
            ((pending,),) = connection.execute("SELECT pending FROM api.rank_index_status()").fetchall()
            if not pending:
                break
        problems = [f"{pending} rank changes do not fold"] if pending else []
        return problems + [str(row) for row in connection.execute("SELECT * FROM api.verify_leaderboard()").fetchall()]


@contextlib.contextmanager
def failover_stack(bin_folder: Path, *, synchronous: bool, workers: int = 1) -> Iterator[FailoverStack]:
    """A stack in a folder of its own. In memory: a standby is made for each run, and a kill loses nothing there."""
    with scratch_folder() as folder:
        stack = FailoverStack(folder, bin_folder, synchronous=synchronous, workers=workers)
        try:
            stack.start()
            yield stack
        finally:
            stack.stop()
