"""From runs to the rows of the table: medians, ratios, and whether a target is met."""

import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tests.bench.compare import Run
from tests.bench.targets import OURS, SCENARIOS, TARGETS, WRITES_PER_SECOND, Measure, Target

#: Writes beside our reads must reach this share of what was asked for.
_WRITES_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class Cell:
    """One server, one call, one number of connections: medians over the rounds, `cpu_us` a request."""

    rate: float
    p50_ms: float
    p99_ms: float
    cpu_us: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: `subject` against `reference`, which may be measured with `other_call`. `ratio` is of the
    medians, `low` and `high` are the extremes of single rounds.

    `verdict` is met, missed, invalid (then `note` says why) or empty where there is no target.
    """

    call: str
    subject: str
    reference: str
    other_call: str
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
    """The rows with a target in the order of TARGETS, then all other comparisons of rates."""
    with_target = [
        _row(runs, target, str(target))
        for target in TARGETS
        if _of(runs, target.call, target.subject, target.connections)
        and _of(runs, target.other_call or target.call, target.reference, target.connections)
    ]
    shown = {(row.call, row.subject, row.reference, row.connections) for row in with_target if row.measure == "rate"}
    others = [
        _row(runs, Target(call, reference, "rate", 0, at_least=True, connections=connections), "")
        for call, reference, connections in _comparisons(runs)
        if not {(call, OURS, reference, connections), (call, reference, OURS, connections)} & shown
    ]
    return with_target + others


def _comparisons(runs: Iterable[Run]) -> Iterator[tuple[str, str, int]]:
    seen = {(run.call, run.subject, run.connections): None for run in runs if run.subject != OURS}
    order = {scenario.call: position for position, scenario in enumerate(SCENARIOS)}
    yield from sorted(seen, key=lambda key: (order[key[0]], key[1], key[2]))


def _row(runs: Sequence[Run], target: Target, shown_target: str) -> Row:
    connections = target.connections
    ours = _of(runs, target.call, target.subject, connections)
    others = _of(runs, target.other_call or target.call, target.reference, connections)
    ratio = _ratio(target.measure, median(ours), median(others))
    single = [_ratio(target.measure, median([a]), median([b])) for a, b in zip(ours, others, strict=True)]
    fault = _fault(ours) or _fault(others)
    verdict = ""
    if fault:
        verdict = "invalid"
    elif shown_target:
        verdict = "met" if target.met(ratio) else "missed"
    return Row(
        call=target.call,
        subject=target.subject,
        reference=target.reference,
        other_call=target.other_call,
        measure=target.measure,
        connections=connections,
        ours=median(ours),
        other=None if target.measure == "tail" else median(others),
        ratio=ratio,
        low=min(single),
        high=max(single),
        target=shown_target,
        verdict=verdict,
        note=fault or _slow_writes(others),
    )


def median(runs: Sequence[Run]) -> Cell:
    return Cell(
        rate=statistics.median(run.load.rate for run in runs),
        p50_ms=statistics.median(run.load.p50_ms for run in runs),
        p99_ms=statistics.median(run.load.p99_ms for run in runs),
        cpu_us={what: statistics.median(run.cpu_us[what] for run in runs) for what in runs[0].cpu},
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


def _fault(runs: Sequence[Run]) -> str:
    """Why the figures cannot be used: a request failed, or too few writes ran beside reads of our service."""
    errors = [f"{count} {kind} errors" for run in runs for kind, count in run.errors.items()]
    if errors:
        return f"the runs of {runs[0].subject} had {', '.join(errors)}"
    return _slow_writes(runs) if runs[0].subject.startswith(OURS) else ""


def _slow_writes(runs: Sequence[Run]) -> str:
    rates = [run.writes_per_second for run in runs if run.writes_per_second is not None]
    if rates and min(rates) < WRITES_PER_SECOND * _WRITES_SHARE:
        return f"only {min(rates):,.0f} writes/s beside {runs[0].subject}"
    return ""
