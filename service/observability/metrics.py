"""Counters, gauges and timings of this process: one registry, read by New Relic (new_relic_metrics.py) and by
Prometheus (process/metrics_server.py).

Every request, batch, call and outcome is counted, traced or not. Counting costs a dict look-up and a few
additions, so it is always on. Only the event loop's thread writes, so there are no locks.

A family is all series of one name; a series is one set of label values. Labels are routes, outcomes and functions,
never client input, so the number of series is bounded.
"""

import contextlib
import math
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

#: Upper bounds of the histogram's buckets, in seconds. They grow by a third to a half, which bounds the error of a
#: percentile.
BOUNDS = (
    *(0.00025, 0.0005, 0.00075, 0.001, 0.0015, 0.002, 0.003, 0.004, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03),
    *(0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 0.75, 1.0, 1.5, 2.5, 5.0, 10.0),
)


class Counter:
    """How often something happened."""

    def __init__(self) -> None:
        self.value = 0

    def add(self, count: int = 1) -> None:
        self.value += count


class Gauge:
    """A current value; None until it is first set."""

    def __init__(self) -> None:
        self.value: float | None = None

    def set(self, value: float) -> None:
        self.value = value


class Ratio:
    """Look-ups that found something, and those that did not."""

    def __init__(self) -> None:
        self.found = 0
        self.missed = 0


class Summary:
    """Count, sum and sum of squares of the observed values. `low` and `high` cover the time since `new_interval`."""

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
    """A summary with buckets: `buckets[i]` counts the values <= BOUNDS[i] and above BOUNDS[i - 1]; the last bucket
    counts those above all bounds.
    """

    def __init__(self) -> None:
        super().__init__()
        self.buckets = [0] * (len(BOUNDS) + 1)

    def observe(self, value: float) -> None:
        super().observe(value)
        self.buckets[bisect_left(BOUNDS, value)] += 1


Series = TypeVar("Series", Counter, Gauge, Ratio, Summary, Histogram)


class Family(dict[tuple[str, ...], Series]):
    """The series of one name, by label values. A missing series is created on first use."""

    def __init__(self, kind: type[Series], name: str, help: str, *labels: str, unit: str = "") -> None:
        super().__init__()
        self.kind: type[Any] = kind
        self.name = name
        self.help = help
        self.labels = labels
        self.unit = unit
        FAMILIES.append(self)

    def __missing__(self, values: tuple[str, ...]) -> Series:
        assert len(values) == len(self.labels), (self.name, values)
        series: Series = self.kind()
        self[values] = series
        return series


#: Every family, in the order of this file.
FAMILIES: "list[Family[Any]]" = []

_S = "seconds"
REQUESTS = Family(Histogram, "Request", "Duration of a request", "route", "outcome", unit=_S)
EXPRESS = Family(Counter, "Express", "Requests that the express way answered", "route")
FAILURES = Family(Counter, "Failure", "Error responses, including those that the client caused", "code")
SUBMISSIONS = Family(
    Counter,
    "Submissions",
    "Submissions: accepted, replayed (the answer was duplicate), rejected, or failed (a server error)",
    "outcome",
)
BATCH_SIZE = Family(Summary, "BatchSize", "Calls in a batch", "batch")
BATCH_WAIT = Family(Summary, "BatchWait", "How long a call waited for its batch to start", "batch", unit=_S)
QUEUE = Family(Gauge, "Queue", "Calls that wait for the next batch", "batch")
CACHE = Family(Ratio, "CacheHitRatio", "Cache look-ups; while Redis is down all of them miss", "kind")
CACHE_KEPT = Family(Counter, "CacheKept", "Cache look-ups answered from this process's memory", "kind")
CACHE_MEMORY = Family(Gauge, "CacheMemory", "Memory of this process that holds cached values", unit="bytes")
CACHE_ERRORS = Family(Counter, "CacheErrors", "Calls to Redis that failed or timed out")
CACHE_UP = Family(Gauge, "CacheUp", "1 while Redis is used, 0 while PostgreSQL answers everything")
RATE_LIMITED = Family(Counter, "RateLimited", "Requests, and submissions in a batch, refused by a rate limit", "limit")
RATE_LIMIT_UNCHECKED = Family(
    Counter, "RateLimitUnchecked", "Requests and submissions allowed because Redis could not count them", "limit"
)
DATABASE = Family(
    Summary, "Database", "Duration of a call to PostgreSQL, including the wait for a connection", "function", unit=_S
)
DATABASE_UP = Family(Gauge, "DatabaseUp", "1 if the last poll of PostgreSQL succeeded, 0 if it failed")
REDIS = Family(Summary, "Redis", "Duration of a call to Redis", "call", unit=_S)
POOL = Family(Gauge, "Pool", "Connections to PostgreSQL: used, open, and the maximum (most)", "state")
PENDING = Family(Gauge, "RanksPending", "Rank changes that are not folded into the index yet")
HORIZON = Family(Gauge, "RanksHorizonAge", "Transactions started since the oldest one that still runs")
FOLD = Family(Summary, "RanksFold", "Duration of a fold", unit=_S)
FOLDED = Family(Counter, "RanksFolded", "Rank changes folded into the index")
SEASONS_CLOSED = Family(Counter, "SeasonsClosed", "Seasons whose final ranks were archived")
SEASON_UPKEEP = Family(Summary, "SeasonUpkeep", "Duration of a step that closes seasons", unit=_S)
DIFFERENCES = Family(Gauge, "RanksDifferences", "Differences found in the last verified sample of players")
VERIFIED = Family(Counter, "RanksVerified", "Samples of players that were verified")
STREAMS = Family(Gauge, "Streams", "Streams that are open")
STREAM_EVENTS = Family(Counter, "StreamEvents", "States that were sent to streams")
STREAM_SKIPPED = Family(
    Counter, "StreamSkipped", "States that were not sent to a stream yet, because its client had not read the last ones"
)
STREAM_PUSH = Family(
    Summary, "StreamPush", "Duration of a push: a read of a board, and the writes to its streams", unit=_S
)
TRACED = Family(Counter, "Traced", "Requests and batches that were traced in full", "what")

_OUTCOMES = {2: "ok", 3: "ok", 4: "refused", 5: "failed"}


def record_request(route: str, status: int, seconds: float) -> None:
    """Counts and times a request that was answered with `status`."""
    REQUESTS[route, _OUTCOMES[status // 100]].observe(seconds)


_gauge_sources: list[Callable[[], None]] = []


@contextlib.contextmanager
def gauges_from(*sources: Callable[[], None]) -> Iterator[None]:
    """Inside the `with` block, `update_gauges` calls each of `sources`, which sets gauges such as queue lengths."""
    _gauge_sources.extend(sources)
    try:
        yield
    finally:
        for source in sources:
            _gauge_sources.remove(source)


def update_gauges() -> None:
    """Brings the gauges up to date before a report. Call it in the event loop's thread."""
    for source in _gauge_sources:
        source()


def quantile(buckets: Sequence[int], fraction: float) -> float:
    """The value below which `fraction` of the observations lie, interpolated linearly within a bucket. The error is
    at most the width of that bucket; above the last bound the answer is that bound.
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
    """Every series with its family and label values."""
    for family in FAMILIES:
        for values, one in list(family.items()):
            yield family, values, one
