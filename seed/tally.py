"""Counts the results of many calls, and how long they took."""

import math
from array import array
from collections import Counter
from collections.abc import Sequence

_COLUMNS: tuple[str, ...] = (
    "call",
    "answered",
    "per second",
    "retried",
    "errors",
    "p50 ms",
    "p95 ms",
    "p99 ms",
    "max ms",
)


def percentile(ordered: Sequence[float], percent: float) -> float:
    """The smallest of the `ordered` values that at least `percent` of them do not exceed (nearest rank). Unlike an
    interpolation, it is a value that occurred. NaN if there are no values.
    """
    if not ordered:
        return math.nan
    return ordered[max(math.ceil(len(ordered) * percent / 100), 1) - 1]


class Tally:
    """Calls by name: seconds of the successful ones, retries, and errors."""

    def __init__(self, names: Sequence[str]) -> None:
        self._seconds = {name: array("d") for name in names}
        self._retries: Counter[str] = Counter()
        self._errors: Counter[str] = Counter()
        #: How often each error occurred.
        self.messages: Counter[str] = Counter()

    def answered(self, name: str, seconds: float) -> None:
        """A call succeeded, `seconds` after its first attempt."""
        self._seconds[name].append(seconds)

    def retried(self, name: str) -> None:
        """An attempt failed and is repeated."""
        self._retries[name] += 1

    def error(self, name: str, message: str) -> None:
        """A call failed for good, or its response is wrong."""
        self._errors[name] += 1
        self.messages[f"{name}: {message}"] += 1

    @property
    def calls(self) -> int:
        """All successful calls."""
        return sum(map(len, self._seconds.values()))

    @property
    def retries(self) -> int:
        """All repeated attempts."""
        return self._retries.total()

    @property
    def errors(self) -> int:
        """All errors."""
        return self._errors.total()

    def table(self, elapsed: float) -> str:
        """A line per call and one for all, which took `elapsed` seconds."""
        lines = [_COLUMNS]
        lines += [self._line(name, [name], elapsed) for name in self._seconds]
        lines.append(self._line("all", list(self._seconds), elapsed))
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return "\n".join(
            "  ".join([name.ljust(widths[0]), *map(str.rjust, cells, widths[1:])]) for name, *cells in lines
        )

    def _line(self, title: str, names: Sequence[str], elapsed: float) -> tuple[str, ...]:
        seconds = sorted(second for name in names for second in self._seconds[name])
        times = [1000 * percentile(seconds, percent) for percent in (50, 95, 99, 100)]
        return (
            title,
            f"{len(seconds):,}",
            f"{len(seconds) / elapsed:,.1f}",
            f"{sum(self._retries[name] for name in names):,}",
            f"{sum(self._errors[name] for name in names):,}",
            *("-" if math.isnan(time) else f"{time:,.1f}" for time in times),
        )
