"""A drill: clients at work, a fault in their midst, and the one check at the end."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import asyncpg

from tests.faults.check import verdict
from tests.faults.clients import Books, Crowd
from tests.faults.stack import PATIENCE_SECONDS, Stack
from tests.faults.viewer import Viewer

#: For a call in a fault that nobody should notice: STATEMENT_TIMEOUT_MS, POOL_TIMEOUT_MS and
#: REDIS_TIMEOUT_MS together are 4.2 s here, and the machine may be busy.
BOUND_SECONDS = 10.0
_TOTALS = "SELECT l.user_id, l.total_score FROM public.leaderboard AS l WHERE l.board_id = 1 AND l.user_id = ANY ($1)"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that breaks. `inject` breaks it and takes back what would not come back by itself, such as
    a full disk; that all works again is nobody's doing.
    """

    name: str
    inject: Callable[[Stack], Awaitable[None]]
    #: No attempt of any client may fail, nor any take longer than a client should have to wait.
    unnoticed: bool = False
    #: No call may need more attempts than this.
    most_attempts: int | None = None
    #: Attempts have to fail, or what was to break did not.
    noticed: bool = False
    #: What the service's log has to say of it, or what was to break did not.
    sign: str | None = None
    #: Acknowledged submissions may be lost: they are counted, and no problem.
    may_lose: bool = False
    #: How many times the long form injects it.
    times: int = 3
    #: Who is at work meanwhile.
    crowd: Callable[[str], Crowd] = Crowd


@dataclass(slots=True)
class Report:
    """What came of a drill; healthy without `problems`."""

    fault: str
    workers: int
    injected: int
    lost: int
    doubled: int
    books: Books
    problems: list[str] = field(default_factory=list)


async def drill(stack: Stack, fault: Fault, times: int = 1) -> Report:
    """Injects the fault so many times under load, at moments that nobody chose, and reports."""
    crowd = fault.crowd(stack.address)
    log_start = len(stack.service.log.read_text())
    crowd.start()
    viewer = Viewer(stack.address, crowd.players, may_lose=fault.may_lose)
    viewer.start()
    problems: list[str] = []
    injected = 0
    try:
        await crowd.progress(PATIENCE_SECONDS)
        # It may hit a moment at which no call was under way there: then once more, a few times.
        while injected < times or (fault.noticed and not crowd.books.failed and injected < times + 4):
            await asyncio.sleep(random.uniform(0, 0.3))
            await fault.inject(stack)
            injected += 1
            await crowd.progress(PATIENCE_SECONDS)
    except TimeoutError:
        problems.append(f"a client got nowhere for {PATIENCE_SECONDS:.0f} s")
    finally:
        try:
            await crowd.stop(PATIENCE_SECONDS)
        except TimeoutError:
            problems.append(f"calls were still open {PATIENCE_SECONDS:.0f} s after the end")
    try:
        await stack.recovered()
    except TimeoutError:
        problems.append("it is not ready again, or does without its cache for good")
    connection = await asyncpg.connect(stack.owner_url)
    try:
        found = await verdict(connection, crowd.books.sent, may_lose=fault.may_lose)
        totals = dict(await connection.fetch(_TOTALS, crowd.players))
    finally:
        await connection.close()
    try:
        await viewer.shows(totals, PATIENCE_SECONDS)
    except TimeoutError:
        problems.append(f"the stream shows {viewer.totals} in the end, not {totals}")
    finally:
        await viewer.stop()
    books = crowd.books
    problems += found.problems + books.wrong + viewer.wrong
    problems += books.stale
    if fault.noticed and not books.failed:
        problems.append("nobody noticed anything: was there a fault at all?")
    log = stack.service.log.read_text()[log_start:]
    if fault.sign is not None and fault.sign not in log:
        problems.append(f"the log does not say {fault.sign!r}: was there a fault at all?")
    if "Traceback" in log:
        problems.append("a traceback in the service's log, of something that nobody foresaw")
    if fault.unnoticed and books.failed:
        problems.append(f"attempts failed, though none should: {dict(books.failed)}")
    if fault.unnoticed and books.longest_outage > BOUND_SECONDS:
        problems.append(f"a call took {books.longest_outage:.1f} s")
    if fault.most_attempts is not None and books.most_attempts > fault.most_attempts:
        problems.append(f"a call needed {books.most_attempts} attempts: {dict(books.failed)}")
    return Report(fault.name, stack.workers, injected, found.lost, found.doubled, books, problems)


async def assert_harmless(stack: Stack, fault: Fault, times: int = 1) -> Report:
    """The short form: a drill without problems, or a failed test that names them."""
    report = await drill(stack, fault, times)
    assert report.problems == [], "\n".join(report.problems[:20])
    assert report.injected >= times
    assert report.books.acknowledged > 0
    assert report.books.reads > 0
    return report
