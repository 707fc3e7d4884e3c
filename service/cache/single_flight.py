"""One call under way, shared by everyone who asks for its result meanwhile."""

import asyncio
import functools
import sys
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

from service.batching import FullError, detached

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")
Work = Callable[[], Coroutine[Any, Any, T] | asyncio.Future[T]]


class SingleFlight(Generic[K, T]):
    """Runs at most one call per key at a time. Callers that ask for a key whose call is under way get the
    result of that call, its exception included. Nothing is kept once the call has ended.

    Cancelling a caller cancels neither the call nor the other callers. At most `capacity` calls are under
    way; one more raises FullError.

    Use it only where the result of a call that began earlier is good enough; where it is not, Batcher lets
    callers join only a batch that has not begun.
    """

    def __init__(self, *, capacity: int = sys.maxsize, in_callers_context: bool = False) -> None:
        """A call runs in a context of its own: its log lines and its trace belong to no request. With
        `in_callers_context` it runs as a part of the request that started it and appears in that one's trace.
        """
        self._capacity = capacity
        self._in_callers_context = in_callers_context
        #: Each call under way, and the futures of those that wait for it.
        self._calls: dict[K, tuple[asyncio.Future[T], list[asyncio.Future[T]]]] = {}

    def __call__(self, key: K, work: Work[T]) -> asyncio.Future[T]:
        """The result of the call for `key`, which `work` starts if none is under way."""
        call = self._calls.get(key)
        if call is None:
            call = self._calls[key] = (self._start(work), [])
            call[0].add_done_callback(functools.partial(self._settle, key))
        # A future for each caller costs a third of asyncio.shield, and hundreds may wait.
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        call[1].append(future)
        return future

    def _start(self, work: Work[T]) -> asyncio.Future[T]:
        if len(self._calls) >= self._capacity:
            raise FullError
        awaitable = work()
        if asyncio.isfuture(awaitable):
            return awaitable  # no task needed
        return asyncio.ensure_future(awaitable) if self._in_callers_context else detached(awaitable)

    def _settle(self, key: K, call: asyncio.Future[T]) -> None:
        _, waiting = self._calls.pop(key)
        # Retrieved even if no caller is left, or asyncio would log that it never was.
        error = None if call.cancelled() else call.exception()
        for future in waiting:
            if future.done():
                continue
            if call.cancelled():
                future.cancel()
            elif error is not None:
                future.set_exception(error)
            else:
                future.set_result(call.result())

    async def close(self) -> None:
        """Cancels the calls under way, and with them their callers."""
        calls = [call for call, _ in self._calls.values()]
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
