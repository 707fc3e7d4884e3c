"""What this process counts and times: one registry, read by New Relic (tracing.py) and Prometheus
(exposition.py).

Everything here is exact: every request, batch, call and outcome counts, whether or not it was traced. It
costs a look-up in a dict and a few additions, so it is always on. The event loop's thread alone writes, so
nothing locks.

A family is all series of one name; a series is one set of labels. Labels are routes, outcomes, functions:
words of this program, never what a client sent, so their number is bounded.
"""

import math
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

#: Upper bounds of the buckets of a duration, in seconds. Ten a decade would be finer than anybody looks.
BOUNDS = (
    *(0.00025, 0.0005, 0.00075, 0.001, 0.0015, 0.002, 0.003, 0.004, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03),
    *(0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 0.75, 1.0, 1.5, 2.5, 5.0, 10.0),
)


class Counter:
    """How often something happened."""

    __slots__ = ("value",)
    kind = "counter"

    def __init__(self) -> None:
        self.value = 0

    def add(self, count: int = 1) -> None:
        self.value += count


class Gauge:
    """How much there is of something at the moment; None while nobody looked."""

    __slots__ = ("value",)
    kind = "gauge"

    def __init__(self) -> None:
        self.value: float | None = None

    def set(self, value: float) -> None:
        self.value = value


class Ratio:
    """How often something was looked for, and how often it was there."""

    __slots__ = ("found", "missed")
    kind = "ratio"

    def __init__(self) -> None:
        self.found = 0
        self.missed = 0


class Summary:
    """Number, sum and sum of squares of what was observed. `low` and `high` are since `new_interval`."""

    __slots__ = ("count", "high", "low", "squares", "total")
    kind = "summary"

    def __init__(self) -> None:
        self.count = 0
        self.total = 0.0
        self.squares = 0.0
        self.new_interval()

    def new_interval(self) -> None:
        self.low, self.high = math.inf, -math.inf

    def observe(self, value: float) -> None:
        self.count += 1
        self.total += value
        self.squares += value * value
        if value < self.low:
            self.low = value
        if value > self.high:
            self.high = value


class Histogram(Summary):
    """A summary that also counts by ranges: `buckets[i]` of them are <= BOUNDS[i], the last ones above."""

    __slots__ = ("buckets",)
    kind = "histogram"

    def __init__(self) -> None:
        super().__init__()
        self.buckets = [0] * (len(BOUNDS) + 1)

    def observe(self, value: float) -> None:
        # Not by way of super(): this runs once a request.
        self.count += 1
        self.total += value
        self.squares += value * value
        if value < self.low:
            self.low = value
        if value > self.high:
            self.high = value
        self.buckets[bisect_left(BOUNDS, value)] += 1


Series = TypeVar("Series", Counter, Gauge, Ratio, Summary, Histogram)


class Family(dict[tuple[str, ...], Series]):
    """The series of a name by their labels' values. One that is not there is made when it is asked for."""

    def __init__(self, make: type[Series], name: str, help: str, *labels: str) -> None:
        super().__init__()
        self.make: Callable[[], Series] = make
        self.name = name
        self.help = help
        self.labels = labels
        self.kind: str = make.kind
        FAMILIES.append(self)

    def __missing__(self, values: tuple[str, ...]) -> Series:
        assert len(values) == len(self.labels), (self.name, values)
        series = self[values] = self.make()
        return series


#: Every family there is, in the order of this file.
FAMILIES: "list[Family[Any]]" = []

REQUESTS = Family(Histogram, "Request", "Seconds of a request, by its route and outcome", "route", "outcome")
FAILURES = Family(Counter, "Failure", "Error answers by their code, those of the client's fault too", "code")
SUBMISSIONS = Family(
    Counter,
    "Submissions",
    "Submissions accepted, replayed (duplicates), rejected; failed: a fault of ours",
    "outcome",
)
BATCH_SIZE = Family(Summary, "BatchSize", "Calls that shared a batch", "batch")
BATCH_WAIT = Family(Summary, "BatchWait", "Seconds that a call waited until its batch began", "batch")
QUEUE = Family(Gauge, "Queue", "Calls that wait for the next batch", "batch")
CACHE = Family(Ratio, "CacheHitRatio", "Look-ups that Redis answered; all miss while it is down", "kind")
CACHE_ERRORS = Family(Counter, "CacheErrors", "Calls to Redis that failed or came too late")
CACHE_UP = Family(Gauge, "CacheUp", "1 while Redis is used, 0 while every answer comes from PostgreSQL")
RATE_LIMITED = Family(Counter, "RateLimited", "Requests, and submissions of a batch, refused by a limit", "limit")
RATE_LIMIT_UNCHECKED = Family(
    Counter, "RateLimitUnchecked", "Requests and submissions let in because Redis did not count", "limit"
)
DATABASE = Family(Summary, "Database", "Seconds of a call to PostgreSQL, with the wait for a connection", "function")
REDIS = Family(Summary, "Redis", "Seconds of a call to Redis", "call")
POOL = Family(Gauge, "Pool", "Connections to PostgreSQL: used, open, and the most there may be", "state")
PENDING = Family(Gauge, "RanksPending", "Rank changes that no fold has moved into the index yet")
HORIZON = Family(Gauge, "RanksHorizonAge", "Transactions begun since the oldest one that still runs")
FOLD = Family(Summary, "RanksFold", "Seconds of a fold")
FOLDED = Family(Counter, "RanksFolded", "Rank changes moved into the index")
DIFFERENCES = Family(Gauge, "RanksDifferences", "What the last look at a sample of players found wrong")
VERIFIED = Family(Counter, "RanksVerified", "Looks at a sample of players")
TRACED = Family(Counter, "Traced", "Requests and batches that were traced in full", "what")

#: Looks at something before it is reported, such as the length of a queue.
_looks: list[Callable[[], None]] = []


def look_with(look: Callable[[], None]) -> Callable[[], None]:
    """Has `look` called before each report; returns what ends that."""
    _looks.append(look)
    return lambda: _looks.remove(look)


def look() -> None:
    """Brings the gauges up to date. To be called in the event loop's thread, as all of this module."""
    for one in _looks:
        one()


_OUTCOMES = ("ok", "ok", "ok", "ok", "refused", "failed")


def request(route: str, status: int, seconds: float) -> None:
    """Counts a request that was answered with `status`."""
    REQUESTS[route, _OUTCOMES[status // 100]].observe(seconds)


def refused(route: str, code: str, status: int) -> None:
    """Counts an error answer."""
    FAILURES[code,].add()
    if route == "submit":
        SUBMISSIONS["rejected" if status < 500 else "failed",].add()


def quantile(buckets: Sequence[int], fraction: float) -> float:
    """The value below which `fraction` of the observations lie, evenly spread within a bucket. At most as
    wrong as that bucket is wide; above the last bound it is that bound.
    """
    wanted = fraction * sum(buckets)
    below = 0
    for index, count in enumerate(buckets[:-1]):
        if count and below + count >= wanted:
            low = BOUNDS[index - 1] if index else 0.0
            return low + (BOUNDS[index] - low) * (wanted - below) / count
        below += count
    return BOUNDS[-1]


def series() -> "Iterator[tuple[Family[Any], tuple[str, ...], Any]]":
    """Every series with its family and its labels' values."""
    for family in FAMILIES:
        for values, one in list(family.items()):
            yield family, values, one
