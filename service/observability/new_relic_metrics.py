"""The metrics in New Relic's form: what each custom metric gained since the last report."""

from collections import deque
from typing import Any

from service.observability import metrics

PREFIX = "Custom/"
PERCENTILES = (50, 95, 99)
#: Percentiles cover this many reports: a minute, which is how often the agent sends.
WINDOW = 60

Stats = dict[str, float]


class MetricsReport:
    """Remembers what was reported, so that each report holds only the changes since the one before."""

    def __init__(self) -> None:
        self._reported: dict[str, tuple[float, ...]] = {}
        self._windows: dict[str, deque[list[int]]] = {}

    def collect(self) -> list[tuple[str, Stats]]:
        """New Relic's name and statistics of each metric that changed, and of every gauge."""
        metrics.update_gauges()
        found = []
        for family, labels, series in metrics.series():
            name = PREFIX + "/".join((family.name, *labels))
            if isinstance(series, metrics.Gauge):
                stats = None if series.value is None else _single(series.value)
            else:
                stats = self._changes(name, series)
            if stats is not None:
                found.append((name, stats))
            if isinstance(series, metrics.Histogram):
                found += self._percentiles(series, family.name, labels)
        return found

    def _changes(self, name: str, series: Any) -> Stats | None:
        totals = _totals(series)
        reported = self._reported.get(name, (0, 0, 0))
        count, total, squares = (now - before for now, before in zip(totals, reported, strict=True))
        if not count:
            return None
        self._reported[name] = totals
        low, high = 0.0, 1.0
        if isinstance(series, metrics.Counter):
            low = 1.0
        elif isinstance(series, metrics.Summary):
            low, high = series.low, series.high
            series.new_interval()
        return {"count": count, "total": total, "sum_of_squares": squares, "min": low, "max": high}

    def _percentiles(self, series: metrics.Histogram, family: str, labels: tuple[str, ...]) -> list[tuple[str, Stats]]:
        """The percentiles of the last minute."""
        key = "/".join((family, *labels))
        window = self._windows.setdefault(key, deque([[0] * len(series.buckets)], maxlen=WINDOW + 1))
        window.append(series.buckets.copy())
        buckets = [now - before for now, before in zip(window[-1], window[0], strict=True)]
        if not any(buckets):
            return []
        return [
            (PREFIX + "/".join((f"{family}P{percent}", *labels)), _single(metrics.quantile(buckets, percent / 100)))
            for percent in PERCENTILES
        ]


def _single(value: float) -> Stats:
    return {"count": 1, "total": value, "sum_of_squares": value * value, "min": value, "max": value}


def _totals(series: Any) -> tuple[float, float, float]:
    """Count, total and sum of squares. Counters count as ones, ratios as ones (found) and zeros (missed): so the
    average of a ratio is right over any number of reports.
    """
    if isinstance(series, metrics.Counter):
        return series.value, series.value, series.value
    if isinstance(series, metrics.Ratio):
        return series.found + series.missed, series.found, series.found
    return series.count, series.total, series.squares
