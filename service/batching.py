"""Gathers calls that arrive while a batch is under way into the next batch."""

import asyncio
import contextvars
import math
import sys
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from service import errors
from service.errors import ApiError
from service.observability import metrics, new_relic

Q = TypeVar("Q")
A = TypeVar("A")
T = TypeVar("T")


class FullError(ApiError):
    """The queue is full, or the call waited in it for too long. The call was not made and changed nothing."""

    def __init__(self) -> None:
        super().__init__(errors.OVERLOADED)


class Receiver(Protocol):
    """What gets the answer of a call: a future, or what looks like one. Its methods must not raise."""

    def done(self) -> bool: ...
    def set_result(self, result: Any, /) -> None: ...
    def set_exception(self, error: Any, /) -> None: ...
    def cancel(self) -> bool: ...


@dataclass(slots=True, eq=False)
class _Call(Generic[Q]):
    question: Q
    answer: Receiver
    #: When the call was made, by the loop's clock.
    made: float
    trace: new_relic.TraceLink | None


class Batcher(Generic[Q, A]):
    """Turns single calls into batches, `concurrency` of them under way at a time. No call waits for a timer: one
    that comes alone is a batch of one and starts at once, and the busier it gets the larger the batches become.

    A call joins only a batch that has not started, so a batch's work always begins after its calls were made.
    """

    def __init__(
        self,
        work: Callable[[list[Q]], Awaitable[list[A]]],
        name: str,
        *,
        after_commit: Callable[[list[A]], Awaitable[None]] | None = None,
        concurrency: int = 1,
        max_concurrency: int | None = None,
        stall: float = math.inf,
        size: int = sys.maxsize,
        capacity: int = sys.maxsize,
        max_wait: float = math.inf,
    ) -> None:
        """`work` takes the arguments of a batch's calls, `size` at most, and gives an answer for each, in order.
        If it raises, all of these calls raise that.

        `after_commit` runs between the work and the answers, while the next batch is already under way. It gets
        the list of the answers and may replace some.

        A batch that takes longer than `stall` seconds (it may wait for a lock) no longer counts towards
        `concurrency`: others start beside it, up to `max_concurrency` in all.

        A call raises FullError at once if `capacity` calls wait already, and when the next batch begins if it has
        waited longer than `max_wait` seconds.
        """
        self._work = work
        self.name = name
        self._after_commit = after_commit
        self._finishing: set[asyncio.Task[None]] = set()
        self._sizes = metrics.BATCH_SIZE[name,]
        self._waits = metrics.BATCH_WAIT[name,]
        self._concurrency = concurrency
        self._max_concurrency = concurrency if max_concurrency is None else max_concurrency
        self._stall = stall
        self._size = size
        self._capacity = capacity
        self._max_wait = max_wait
        self._queue: list[_Call[Q]] = []
        #: The tasks that run batches, and when each began its current one.
        self._runners: dict[asyncio.Task[None], float] = {}
        self._overflow_timer: asyncio.TimerHandle | None = None

    def __call__(self, question: Q) -> asyncio.Future[A] | Coroutine[Any, Any, A]:
        """The answer to `question`, for one caller. Cancelling that one leaves the batch and the others alone."""
        if len(self._queue) >= self._capacity:
            raise FullError
        answer: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        trace = new_relic.tracing.link()
        self._add(question, answer, trace)
        return answer if trace is None else trace.wait(self.name, answer)

    def join(self, question: Q, receiver: Receiver) -> bool:
        """As a call, but the answer goes to `receiver`. False if the queue is full: then it gets none."""
        if len(self._queue) >= self._capacity:
            return False
        self._add(question, receiver, None)
        return True

    def _add(self, question: Q, receiver: Receiver, trace: new_relic.TraceLink | None) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        self._queue.append(_Call(question, receiver, now, trace))
        if len(self._runners) < self._concurrency:
            self._start_runner(now)
        else:
            self._watch_for_stalls(loop)

    def update_gauge(self) -> None:
        metrics.QUEUE[self.name,].set(len(self._queue))

    def _start_runner(self, now: float) -> None:
        self._runners[detached(self._run())] = now

    def _watch_for_stalls(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._overflow_timer is None and self._max_concurrency > self._concurrency:
            self._overflow_timer = loop.call_later(self._stall, self._overflow)

    def _overflow(self) -> None:
        """Starts a runner beside batches that stall. Called every `stall` seconds while calls wait."""
        self._overflow_timer = None
        if not self._queue:
            return
        loop = asyncio.get_running_loop()
        now = loop.time()
        if len(self._runners) < self._max_concurrency and self._unstalled(now) < self._concurrency:
            self._start_runner(now)
        self._watch_for_stalls(loop)

    def _unstalled(self, now: float) -> int:
        """How many of the batches under way do not stall."""
        return sum(now - began < self._stall for began in self._runners.values())

    async def _run(self) -> None:
        """Runs batch after batch until no call waits."""
        task = asyncio.current_task()
        assert task is not None
        loop = asyncio.get_running_loop()
        try:
            while self._queue:
                now = self._runners[task] = loop.time()
                if len(self._runners) > self._concurrency and self._unstalled(now) > self._concurrency:
                    return  # a stalled batch has moved on, so this runner is one too many
                self._reject_late(now)
                batch, self._queue = self._queue[: self._size], self._queue[self._size :]
                if batch:
                    self._sizes.observe(len(batch))
                    for call in batch:
                        self._waits.observe(now - call.made)
                    await self._answer(batch, task)
                    if task not in self._runners:
                        return
        finally:
            # Not in a callback of the task: that runs one turn of the loop later, and a call made in between would
            # wait for a runner that has ended.
            self._runners.pop(task, None)
            if self._queue:
                self._watch_for_stalls(loop)

    def _reject_late(self, now: float) -> None:
        """Fails the calls that waited longer than `max_wait`. They stand first, for the queue is in order."""
        oldest = now - self._max_wait
        late = 0
        while late < len(self._queue) and self._queue[late].made < oldest:
            call = self._queue[late]
            if not call.answer.done():
                call.answer.set_exception(FullError())
            if call.trace is not None:
                call.trace.end_wait()
            late += 1
        del self._queue[:late]

    async def _answer(self, batch: list[_Call[Q]], runner: asyncio.Task[None]) -> None:
        try:
            # The answers are given outside of the transaction: what a receiver does with one is no part of it.
            with new_relic.tracing.batch(self.name, (call.trace for call in batch)) as transaction:
                if transaction is not None:
                    transaction.add_attributes(size=len(batch))
                answers = await self._work([call.question for call in batch])
        except BaseException as error:
            _fail(batch, error)
            if not isinstance(error, Exception):
                raise
            return
        if self._after_commit is None:
            _resolve(batch, answers)
            return
        finish = self._finish(self._after_commit, batch, answers)
        if self._queue:
            task = detached(finish)
        else:
            # No call waits, so this task can do it, which spares one. A call that comes meanwhile gets another runner.
            task = runner
            del self._runners[task]
        self._finishing.add(task)
        task.add_done_callback(self._finishing.discard)
        if task is runner:
            await finish

    async def _finish(
        self, after_commit: Callable[[list[A]], Awaitable[None]], batch: list[_Call[Q]], answers: list[A]
    ) -> None:
        try:
            with new_relic.tracing.batch(f"{self.name}_settled", (call.trace for call in batch)):
                await after_commit(answers)
        except BaseException as error:
            _fail(batch, error)
            if not isinstance(error, Exception):
                raise
        else:
            _resolve(batch, answers)

    async def close(self) -> None:
        """Cancels the batches under way and the calls that wait."""
        waiting, self._queue = self._queue, []
        for call in waiting:
            call.answer.cancel()
            if call.trace is not None:
                call.trace.end_wait()
        if self._overflow_timer is not None:
            self._overflow_timer.cancel()
        tasks = [*self._runners, *self._finishing]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def detached(work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """Runs `work` in a task whose log lines and trace belong to no request."""
    # Not by create_task, where New Relic's agent would make it a part of the request that happens to start it.
    return asyncio.Task(work, loop=asyncio.get_running_loop(), context=contextvars.Context())


def deliver(future: "asyncio.Future[Any]", receiver: Receiver) -> None:
    """Gives what a future will have to a receiver."""

    def give(done: "asyncio.Future[Any]") -> None:
        if done.cancelled():
            receiver.cancel()
        elif (error := done.exception()) is not None:
            receiver.set_exception(error)
        else:
            receiver.set_result(done.result())

    future.add_done_callback(give)


def _resolve(batch: list[_Call[Q]], answers: list[A]) -> None:
    for call, answer in zip(batch, answers, strict=True):
        if not call.answer.done():
            call.answer.set_result(answer)


def _fail(batch: list[_Call[Q]], error: BaseException) -> None:
    for call in batch:
        if isinstance(error, asyncio.CancelledError):
            call.answer.cancel()
        elif not call.answer.done():
            call.answer.set_exception(error)
