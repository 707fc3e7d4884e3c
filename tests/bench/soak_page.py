"""What `make soak` shows: a line an interval, the targets, the proof that scores count once, a picture."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.bench import chart, report
from tests.bench.report import number
from tests.bench.watching import Interval

_MOST_CHANGE = 1.25
_MOST_MEMORY_MB = 150
_HEAD = (
    "until s",
    "submits/s",
    "submit p99 ms",
    "rank p50 / p99 ms",
    "top p99 ms",
    "ledger MB",
    "totals MB",
    "rank index MB",
    "dead rows: totals",
    "deltas",
    "nodes",
    "pending",
    "HOT: totals",
    "nodes",
    "service MB",
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The targets and proofs in words, and whether the proofs hold."""

    text: str
    right: bool


def judged(intervals: Sequence[Interval], connections: int, different: int, grown: int) -> Judgement:
    """`different` rows contradicted one another in the end; the ledger had `grown` by so many rows."""
    minute = max(1, min(60 // intervals[0].until, len(intervals) // 2))
    first, last = intervals[:minute], intervals[-minute:]
    slower = _mean(first, lambda one: one.submits.rate) / _mean(last, lambda one: one.submits.rate)
    later = _mean(last, lambda one: one.ranks.p99_ms) / _mean(first, lambda one: one.ranks.p99_ms)
    memory = max(max(one.sight.memory_mb) for one in intervals)
    acknowledged = sum(one.submits.requests - one.submits.errors.get("status", 0) for one in intervals)
    # At the end of an interval a client goes away without waiting for the answers that are due.
    unheard = connections * (len(intervals) + 1)
    errors = sum(one.errors for one in intervals)
    counted = acknowledged <= grown <= acknowledged + unheard
    lines = [
        _target("submits/s, first minute / last minute", f"{slower:.2f}x", slower, _MOST_CHANGE, "x"),
        _target("rank p99, last minute / first minute", f"{later:.2f}x", later, _MOST_CHANGE, "x"),
        _target("most memory of a process", f"{memory:.0f} MB", memory, _MOST_MEMORY_MB, " MB"),
        f"- requests that failed: {errors}",
        f"- submits acknowledged: {acknowledged:,}; rows added to the ledger: {grown:,}"
        f" ({'right' if counted else 'WRONG'}: up to {unheard:,} responses were not read)",
        f"- `api.verify_leaderboard()`: {'no difference' if different == 0 else f'{different} DIFFERENCES'}",
    ]
    return Judgement("\n".join(lines), errors == 0 and different == 0 and counted)


def _target(what: str, shown: str, value: float, bound: float, unit: str) -> str:
    return f"- {what}: {shown} (target <= {bound:g}{unit}: {'met' if value <= bound else 'missed'})"


def _mean(intervals: Sequence[Interval], value: Callable[[Interval], float]) -> float:
    return statistics.mean(value(one) for one in intervals) or float("nan")


def table(intervals: Sequence[Interval]) -> str:
    return report.table(_HEAD, [_line(one) for one in intervals])


def _line(one: Interval) -> list[str]:
    tables = one.sight.tables
    index = sum(tables[name].megabytes for name in ("rank_node", "rank_delta", "rank_state"))
    return [
        str(one.until),
        number(one.submits.rate),
        number(one.submits.p99_ms),
        f"{number(one.ranks.p50_ms)} / {number(one.ranks.p99_ms)}",
        number(one.tops.p99_ms),
        number(tables["game_sessions"].megabytes),
        number(tables["leaderboard"].megabytes),
        number(index),
        *(f"{tables[name].dead_rows:,}" for name in ("leaderboard", "rank_delta", "rank_node")),
        f"{one.sight.pending:,}",
        *("-" if share is None else f"{share:.0%}" for share in (one.hot_totals, one.hot_nodes)),
        number(max(one.sight.memory_mb)),
    ]


def picture(intervals: Sequence[Interval]) -> str:
    def series(value: Callable[[Interval], float]) -> list[tuple[float, float]]:
        return [(one.until, value(one)) for one in intervals]

    def panel(title: str, **values: Callable[[Interval], float]) -> chart.Panel:
        return chart.Panel(title, {name: series(value) for name, value in values.items()}, "seconds")

    return chart.lines(
        "Full-speed submits, with ranks and top lists read beside them",
        [
            panel("submits/s", submits=lambda one: one.submits.rate),
            panel(
                "p99, ms",
                submit=lambda one: one.submits.p99_ms,
                rank=lambda one: one.ranks.p99_ms,
                top=lambda one: one.tops.p99_ms,
            ),
            panel(
                "tables with their indexes, MB",
                totals=lambda one: one.sight.tables["leaderboard"].megabytes,
                deltas=lambda one: one.sight.tables["rank_delta"].megabytes,
                nodes=lambda one: one.sight.tables["rank_node"].megabytes,
            ),
            panel(
                "dead rows",
                totals=lambda one: one.sight.tables["leaderboard"].dead_rows,
                deltas=lambda one: one.sight.tables["rank_delta"].dead_rows,
                nodes=lambda one: one.sight.tables["rank_node"].dead_rows,
            ),
            panel("pending rank changes", pending=lambda one: one.sight.pending),
            panel("memory of the largest process, MB", memory=lambda one: max(one.sight.memory_mb)),
        ],
    )
