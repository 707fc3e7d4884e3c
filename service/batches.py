"""Gathers calls that arrive while a batch is under way into the next batch."""

import asyncio
import contextvars
import math
import sys
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Q = TypeVar("Q")
A = TypeVar("A")


class FullError(Exception):
    """As many calls wait as may wait: this one was not taken and changed nothing."""


class Batches(Generic[Q, A]):
    """Turns single calls into batches, `parallel` of them under way at a time. There is no timer: a call that
    comes alone is a batch of one and starts at once, and the busier it gets the larger the batches become.

    A call only ever joins a batch that has not started, so what a batch does happens after each of its calls
    was made. `work` takes the calls' arguments and gives an answer for each, in order; if it raises, all of
    them raise that. A batch has `size` calls at most; when `capacity` calls wait, the next one raises
    FullError at once, and a call that waited longer than `patience` seconds for its batch to begin raises it
    when the next one begins.
    """

    def __init__(
        self,
        work: Callable[[list[Q]], Awaitable[list[A]]],
        *,
        parallel: int = 1,
        size: int = sys.maxsize,
        capacity: int = sys.maxsize,
        patience: float = math.inf,
    ) -> None:
        self._work = work
        self._parallel = parallel
        self._size = size
        self._capacity = capacity
        self._patience = patience
        self._waiting: list[tuple[Q, asyncio.Future[A], float]] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def __call__(self, question: Q) -> A:
        """The answer to `question`. A caller that is cancelled leaves the batch and the others alone."""
        if len(self._waiting) >= self._capacity:
            raise FullError
        loop = asyncio.get_running_loop()
        future: asyncio.Future[A] = loop.create_future()
        self._waiting.append((question, future, loop.time()))
        if len(self._tasks) < self._parallel:
            # In a context of its own: what it logs belongs to no request.
            task = asyncio.create_task(self._run(), context=contextvars.Context())
            self._tasks.add(task)
        return await future

    async def _run(self) -> None:
        try:
            while self._waiting:
                self._turn_away()
                batch, self._waiting = self._waiting[: self._size], self._waiting[self._size :]
                if batch:
                    await self._answer([(question, future) for question, future, _ in batch])
        finally:
            # Here and not when the task is seen to be done, which is a turn of the loop later: a call of that
            # turn would wait for a task that takes no more.
            task = asyncio.current_task()
            assert task is not None
            self._tasks.discard(task)

    def _turn_away(self) -> None:
        """Those who waited too long. Calls wait in the order they came, so they are the first."""
        oldest = asyncio.get_running_loop().time() - self._patience
        late = 0
        while late < len(self._waiting) and self._waiting[late][2] < oldest:
            future = self._waiting[late][1]
            if not future.done():
                future.set_exception(FullError())
            late += 1
        del self._waiting[:late]

    async def _answer(self, batch: list[tuple[Q, asyncio.Future[A]]]) -> None:
        try:
            answers = await self._work([question for question, _ in batch])
        except asyncio.CancelledError:
            for _, future in batch:
                future.cancel()
            raise
        except Exception as error:
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future), answer in zip(batch, answers, strict=True):
            if not future.done():
                future.set_result(answer)

    async def close(self) -> None:
        """Gives up the batches under way and whatever waits; their callers are cancelled."""
        waiting, self._waiting = self._waiting, []
        for _, future, _ in waiting:
            future.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
