"""Waiting for a condition without guessing how long it takes."""

import asyncio
import inspect
import time
from collections.abc import Callable
from typing import Any, Protocol

#: Far more than anything takes, even on a busy machine: only a defect comes near it.
PATIENCE_SECONDS = 60.0


class Eventually(Protocol):
    def __call__(self, condition: Callable[[], object], what: str = ...) -> None: ...


def eventually(condition: Callable[[], object], what: str = "the condition") -> None:
    """Returns when the condition holds; fails the test if that takes longer than PATIENCE_SECONDS."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not come true in {PATIENCE_SECONDS:.0f} s"
        time.sleep(0.02)


async def until(condition: Callable[[], Any], seconds: float = 10) -> Any:
    """The same in a coroutine, where `condition` may be a coroutine function. Gives what the condition returned."""
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if inspect.isawaitable(found):
            found = await found
        if found:
            return found
        assert time.monotonic() < deadline, f"the condition did not come true in {seconds} s"
        await asyncio.sleep(0.005)
