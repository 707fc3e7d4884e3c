"""From runs to the rows of the table: medians, ratios, and whether a target is met."""

import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tests.bench.compare import Run
from tests.bench.targets import OURS, TARGETS, WRITES_PER_SECOND, Measure, Target

#: Writes beside our reads must reach this share of what was asked for.
_WRITES_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class Cell:
    """One server, one call, one number of connections: medians over the rounds."""

    rate: float
    p50_ms: float
    p99_ms: float


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table. `ratio` is of the medians, `low` and `high` are the extremes of single rounds.

    `verdict` is met, missed, invalid (then `note` says why) or empty where there is no target.
    """

    call: str
    reference: str
    measure: Measure
    connections: int
    ours: Cell
    other: Cell | None
    ratio: float
    low: float
    high: float
    target: str
    verdict: str
    note: str


def rows(runs: Sequence[Run]) -> list[Row]:
    """The rows with a target in the order of TARGETS, then all other comparisons."""
    with_target = [
        _row(runs, target.call, target.reference, target.measure, target.connections, target)
        for target in TARGETS
        if _of(runs, target.call, OURS, target.connections)
        and _of(runs, target.call, target.reference, target.connections)
    ]
    shown = {(row.call, row.reference, row.measure, row.connections) for row in with_target}
    others = [
        _row(runs, call, reference, "rate", connections, None)
        for call, reference, connections in _comparisons(runs)
        if (call, reference, "rate", connections) not in shown
    ]
    return with_target + others


def _comparisons(runs: Iterable[Run]) -> Iterator[tuple[str, str, int]]:
    seen = {(run.call, run.subject, run.connections): None for run in runs if run.subject != OURS}
    order = {call: position for position, call in enumerate(("submit", "keyed_submit", "rank", "top"))}
    yield from sorted(seen, key=lambda key: (order[key[0]], key[1], key[2]))


def _row(
    runs: Sequence[Run], call: str, reference: str, measure: Measure, connections: int, target: Target | None
) -> Row:
    ours, others = _of(runs, call, OURS, connections), _of(runs, call, reference, connections)
    ratio = _ratio(measure, median(ours), median(others))
    single = [_ratio(measure, median([a]), median([b])) for a, b in zip(ours, others, strict=True)]
    fault = _fault(ours, "our") or _fault([] if reference == OURS else others, f"{reference}'s")
    verdict = ""
    if fault:
        verdict = "invalid"
    elif target is not None:
        verdict = "met" if target.met(ratio) else "missed"
    return Row(
        call=call,
        reference=reference,
        measure=measure,
        connections=connections,
        ours=median(ours),
        other=None if reference == OURS else median(others),
        ratio=ratio,
        low=min(single),
        high=max(single),
        target=str(target) if target else "",
        verdict=verdict,
        note=fault or _slow_writes(others),
    )


def median(runs: Sequence[Run]) -> Cell:
    return Cell(
        rate=statistics.median(run.load.rate for run in runs),
        p50_ms=statistics.median(run.load.p50_ms for run in runs),
        p99_ms=statistics.median(run.load.p99_ms for run in runs),
    )


def _ratio(measure: Measure, ours: Cell, other: Cell) -> float:
    if measure == "rate":
        return _divided(ours.rate, other.rate)
    if measure == "p50":
        return _divided(ours.p50_ms, other.p50_ms)
    return _divided(ours.p99_ms, ours.p50_ms)


def _divided(value: float, by: float) -> float:
    return value / by if by else 0.0


def _of(runs: Iterable[Run], call: str, subject: str, connections: int) -> list[Run]:
    found = [r for r in runs if (r.call, r.subject, r.connections) == (call, subject, connections)]
    return sorted(found, key=lambda run: run.round)


def _fault(runs: Sequence[Run], whose: str) -> str:
    """Why the figures cannot be used: a request failed, or too few writes ran beside our reads."""
    errors = [f"{count} {kind} errors" for run in runs for kind, count in run.errors.items()]
    if errors:
        return f"{whose} runs had {', '.join(errors)}"
    return _slow_writes(runs) if whose == "our" else ""


def _slow_writes(runs: Sequence[Run]) -> str:
    rates = [run.writes_per_second for run in runs if run.writes_per_second is not None]
    if rates and min(rates) < WRITES_PER_SECOND * _WRITES_SHARE:
        return f"only {min(rates):,.0f} writes/s beside {runs[0].subject}"
    return ""
