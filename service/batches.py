"""Gathers calls that arrive while a batch is under way into the next batch."""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Q = TypeVar("Q")
A = TypeVar("A")


class Batches(Generic[Q, A]):
    """Turns single calls into batches, one under way at a time. There is no timer: a call that comes alone is
    a batch of one and starts at once, and the busier it gets the larger the batches become.

    A call only ever joins a batch that has not started, so what a batch does happens after each of its calls
    was made. `work` takes the calls' arguments and gives an answer for each, in order; if it raises, all of
    them raise that.
    """

    def __init__(self, work: Callable[[list[Q]], Awaitable[list[A]]]) -> None:
        self._work = work
        self._waiting: list[tuple[Q, asyncio.Future[A]]] = []
        self._task: asyncio.Task[None] | None = None

    async def __call__(self, question: Q) -> A:
        """The answer to `question`. A caller that is cancelled leaves the batch and the others alone."""
        future: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, future))
        if self._task is None:
            # In a context of its own: what it logs belongs to no request.
            self._task = asyncio.create_task(self._run(), context=contextvars.Context())
        return await future

    async def _run(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                await self._answer(batch)
        finally:
            self._task = None

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
        """Gives up the batch under way and whatever waits; their callers are cancelled."""
        waiting, self._waiting = self._waiting, []
        for _, future in waiting:
            future.cancel()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
