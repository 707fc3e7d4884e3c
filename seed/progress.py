"""Progress of a bulk load: a bar on a terminal, a line a phase elsewhere, or nothing."""

import asyncio
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tqdm import tqdm

_REFRESH_SECONDS = 0.25


class Progress:
    """Reports nothing. The others show its phases: one after the other, with weights that sum up to 1."""

    @contextmanager
    def phase(self, name: str, weight: float) -> Iterator[None]:
        """The phase `name`, which is `weight` of the whole. Leaving it counts all of it as done."""
        yield

    def advance(self, share: float) -> None:
        """The running phase is done up to `share` (0 to 1)."""

    def refresh(self) -> None:
        """Keeps the clock going while a phase has nothing to report."""

    async def refresh_forever(self) -> None:
        """The same again and again."""
        while True:
            await asyncio.sleep(_REFRESH_SECONDS)
            self.refresh()

    @contextmanager
    def refreshing(self) -> Iterator[None]:
        """The same from a thread, for a load that waits for the database without an event loop."""
        ended = threading.Event()

        def refresh() -> None:
            while not ended.wait(_REFRESH_SECONDS):
                self.refresh()

        thread = threading.Thread(target=refresh, daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def close(self) -> None:
        """Leaves the terminal to others."""


class Lines(Progress):
    """A line at the end of each phase: its name and its seconds."""

    @contextmanager
    def phase(self, name: str, weight: float) -> Iterator[None]:
        started = time.monotonic()
        yield
        print(f"{name}: {time.monotonic() - started:.1f} s", file=sys.stderr, flush=True)


class Bar(Progress):
    """A tqdm bar over the whole load that names the running phase."""

    def __init__(self) -> None:
        self._bar = tqdm(
            total=1.0,
            bar_format="{desc:<18} {percentage:3.0f}% |{bar}| {elapsed}",
            dynamic_ncols=True,
        )
        self._before = 0.0
        self._weight = 0.0

    @contextmanager
    def phase(self, name: str, weight: float) -> Iterator[None]:
        self._weight = weight
        self._bar.set_description_str(name)
        yield
        self.advance(1.0)
        self._before += weight

    def advance(self, share: float) -> None:
        self._bar.update(self._before + self._weight * min(share, 1.0) - self._bar.n)

    def refresh(self) -> None:
        self._bar.refresh()

    def close(self) -> None:
        self._bar.close()


def shown() -> Progress:
    """The bar if somebody watches, lines otherwise."""
    return Bar() if sys.stderr.isatty() else Lines()
