"""Gathers calls that arrive while a batch is under way into the next batch."""

import asyncio
import contextvars
import math
import sys
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from service.observability import metrics, new_relic

Q = TypeVar("Q")
A = TypeVar("A")


class FullError(Exception):
    """As many calls wait as may wait: this one was not taken and changed nothing."""


class Batches(Generic[Q, A]):
    """Turns single calls into batches, `parallel` of them under way at a time. No call waits for a timer: one
    that comes alone is a batch of one and starts at once, and the busier it gets the larger the batches
    become.

    A call only ever joins a batch that has not started, so what a batch does happens after each of its calls
    was made. `work` takes the calls' arguments and gives an answer for each, in order; if it raises, all of
    them raise that. A batch has `size` calls at most; when `capacity` calls wait, the next one raises
    FullError at once, and a call that waited longer than `patience` seconds for its batch to begin raises it
    when the next one begins.

    Between the work and the answers comes `settle`, with the list of the answers, in which it may replace
    some: the next batch begins meanwhile.

    A batch that takes longer than `stall` seconds (it may wait for a lock) no longer counts as one of the
    `parallel`: others start beside it, until `most` are under way.
    """

    def __init__(
        self,
        work: Callable[[list[Q]], Awaitable[list[A]]],
        name: str,
        *,
        settle: Callable[[list[A]], Awaitable[None]] | None = None,
        parallel: int = 1,
        most: int | None = None,
        stall: float = math.inf,
        size: int = sys.maxsize,
        capacity: int = sys.maxsize,
        patience: float = math.inf,
    ) -> None:
        self._work = work
        self.name = name
        self._settle = settle
        self._settling: set[asyncio.Task[None]] = set()
        self._sizes = metrics.BATCH_SIZE[name,]
        self._waits = metrics.BATCH_WAIT[name,]
        self._parallel = parallel
        self._most = parallel if most is None else most
        self._stall = stall
        self._size = size
        self._capacity = capacity
        self._patience = patience
        self._waiting: list[tuple[Q, asyncio.Future[A], float, new_relic.TraceLink | None]] = []
        #: The runners, and when each began its batch.
        self._runners: dict[asyncio.Task[None], float] = {}
        self._look: asyncio.TimerHandle | None = None

    async def __call__(self, question: Q) -> A:
        """The answer to `question`. A caller that is cancelled leaves the batch and the others alone."""
        if len(self._waiting) >= self._capacity:
            raise FullError
        loop = asyncio.get_running_loop()
        future: asyncio.Future[A] = loop.create_future()
        now = loop.time()
        link = new_relic.tracing.link()
        self._waiting.append((question, future, now, link))
        if len(self._runners) < self._parallel:
            self._start(now)
        elif self._look is None and self._most > self._parallel:
            self._look = loop.call_later(self._stall, self._help)
        return await (future if link is None else link.wait(self.name, future))

    @property
    def waiting(self) -> int:
        """How many calls wait for the next batch."""
        return len(self._waiting)

    def _start(self, now: float) -> None:
        # In a context of its own: what it logs belongs to no request. And not by create_task: there the agent
        # would take the runner for a part of the request that happens to start it.
        loop = asyncio.get_running_loop()
        self._runners[asyncio.Task(self._run(), loop=loop, context=contextvars.Context())] = now

    def _help(self) -> None:
        """Starts a batch beside those that stall. Comes by while calls wait."""
        self._look = None
        if not self._waiting:
            return
        loop = asyncio.get_running_loop()
        now = loop.time()
        if len(self._runners) < self._most and self._lively(now) < self._parallel:
            self._start(now)
        self._look = loop.call_later(self._stall, self._help)

    def _lively(self, now: float) -> int:
        """How many of the batches under way do not stall."""
        return sum(now - began < self._stall for began in self._runners.values())

    async def _run(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                now = self._runners[task] = loop.time()
                if len(self._runners) > self._parallel and self._lively(now) > self._parallel:
                    return  # it helped while others stalled, and they are back
                self._turn_away(now)
                batch, self._waiting = self._waiting[: self._size], self._waiting[self._size :]
                if batch:
                    self._sizes.observe(len(batch))
                    for call in batch:
                        self._waits.observe(now - call[2])
                    with new_relic.tracing.batch(self.name, (call[3] for call in batch)) as transaction:
                        if transaction is not None:
                            transaction.add_attributes(size=len(batch))
                        await self._answer(batch)
        finally:
            # Here and not when the task is seen to be done, which is a turn of the loop later: a call of that
            # turn would wait for a task that takes no more.
            del self._runners[task]
            if self._waiting and self._look is None and self._most > self._parallel:
                # It leaves calls to others, which may stall.
                self._look = loop.call_later(self._stall, self._help)

    def _turn_away(self, now: float) -> None:
        """Those who waited too long. Calls wait in the order they came, so they are the first."""
        oldest = now - self._patience
        late = 0
        while late < len(self._waiting) and self._waiting[late][2] < oldest:
            _, future, _, link = self._waiting[late]
            if not future.done():
                future.set_exception(FullError())
            if link is not None:
                link.end_wait()
            late += 1
        del self._waiting[:late]

    async def _answer(self, batch: list[tuple[Q, asyncio.Future[A], float, new_relic.TraceLink | None]]) -> None:
        futures = [call[1] for call in batch]
        try:
            answers = await self._work([call[0] for call in batch])
        except BaseException as error:
            _fail(futures, error)
            if not isinstance(error, Exception):
                raise
            return
        if self._settle is None:
            _resolve(futures, answers)
        else:
            # Not by create_task and in a context of its own, as a runner.
            loop = asyncio.get_running_loop()
            settling = self._settled(self._settle(answers), batch, answers)
            task = asyncio.Task(settling, loop=loop, context=contextvars.Context())
            self._settling.add(task)
            task.add_done_callback(self._settling.discard)

    async def _settled(
        self,
        settling: Awaitable[None],
        batch: list[tuple[Q, asyncio.Future[A], float, new_relic.TraceLink | None]],
        answers: list[A],
    ) -> None:
        futures = [call[1] for call in batch]
        try:
            with new_relic.tracing.batch(f"{self.name}_settled", (call[3] for call in batch)):
                await settling
        except BaseException as error:
            _fail(futures, error)
            if not isinstance(error, Exception):
                raise
        else:
            _resolve(futures, answers)

    async def close(self) -> None:
        """Gives up the batches under way and whatever waits; their callers are cancelled."""
        waiting, self._waiting = self._waiting, []
        for _, future, _, link in waiting:
            future.cancel()
            if link is not None:
                link.end_wait()
        if self._look is not None:
            self._look.cancel()
        runners = [*self._runners, *self._settling]
        for task in runners:
            task.cancel()
        await asyncio.gather(*runners, return_exceptions=True)


def _resolve(futures: list[asyncio.Future[A]], answers: list[A]) -> None:
    for future, answer in zip(futures, answers, strict=True):
        if not future.done():
            future.set_result(answer)


def _fail(futures: list[asyncio.Future[A]], error: BaseException) -> None:
    for future in futures:
        if isinstance(error, asyncio.CancelledError):
            future.cancel()
        elif not future.done():
            future.set_exception(error)
