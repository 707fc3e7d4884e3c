"""Progress of a bulk load: a bar on a terminal, else a line per phase, or nothing."""

import asyncio
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tqdm import tqdm

_REFRESH_SECONDS = 0.25


class Progress:
    """Reports nothing. The subclasses show the phases, which follow each other and whose weights add up to 1."""

    @contextmanager
    def phase(self, name: str, weight: float) -> Iterator[None]:
        """The phase `name`, with its share of the whole (`weight`). At its end all of it counts as done."""
        yield

    def advance(self, share: float) -> None:
        """Reports the share of the current phase that is done (0 to 1)."""

    def refresh(self) -> None:
        """Updates the clock while a phase has nothing to report."""

    async def refresh_forever(self) -> None:
        """Calls `refresh` again and again."""
        while True:
            await asyncio.sleep(_REFRESH_SECONDS)
            self.refresh()

    @contextmanager
    def refreshing(self) -> Iterator[None]:
        """Calls `refresh` from a thread, for a load without an event loop."""
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
        """Frees the terminal."""


class Lines(Progress):
    """Prints a line at the end of each phase: its name and seconds."""

    @contextmanager
    def phase(self, name: str, weight: float) -> Iterator[None]:
        started = time.monotonic()
        yield
        print(f"{name}: {time.monotonic() - started:.1f} s", file=sys.stderr, flush=True)


class Bar(Progress):
    """A tqdm bar for the whole load, with the name of the current phase."""

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
    """A bar on a terminal, else lines."""
    return Bar() if sys.stderr.isatty() else Lines()
