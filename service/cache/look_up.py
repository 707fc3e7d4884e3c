"""What becomes of a look-up that no task waits for."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from service.batching import Receiver, deliver


class LookUp:
    """Receives what a look-up found. A value goes on to `receiver`, and of anything else, what `load` makes of it."""

    __slots__ = ("_load", "_receiver")

    def __init__(self, load: Callable[[Any], Awaitable[object]], receiver: Receiver) -> None:
        self._load = load
        self._receiver = receiver

    def done(self) -> bool:
        return self._receiver.done()

    def set_result(self, found: object, /) -> None:
        if isinstance(found, bytes):
            self._receiver.set_result(found)
            return
        try:
            loading = asyncio.ensure_future(self._load(found))
        except Exception as error:  # such as FullError
            self._receiver.set_exception(error)
        else:
            deliver(loading, self._receiver)

    def set_exception(self, error: BaseException, /) -> None:
        self._receiver.set_exception(error)

    def cancel(self) -> bool:
        return self._receiver.cancel()
