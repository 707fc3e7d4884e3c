"""What `make bench` shows: the table of comparisons, notes on it, who used the processors, and a picture."""

import statistics
from collections.abc import Sequence

from tests.bench import chart
from tests.bench.compare import Run
from tests.bench.report import number, table
from tests.bench.rows import Cell, Row, median
from tests.bench.targets import HEADLINE, OURS, SCENARIOS

_HEAD = (
    "what",
    "against",
    "connections",
    "ours req/s",
    "its req/s",
    "ratio (single rounds)",
    "ours p50 / p99 ms",
    "its p50 / p99 ms",
    "ours CPU us",
    "its CPU us",
    "target",
    "verdict",
)
#: Those that performance.md compares with.
_IMPLEMENTATIONS = ("zset", "zset_1_command", "no_ranks", "naive_sql")
_MEASURES = {"rate": "requests/s", "p50": "p50", "tail": "p99 / p50"}
_CPU = ("http", "postgres", "valkey", "clients")


def text(rows: Sequence[Row], runs: Sequence[Run], differences: int) -> str:
    """All of it as Markdown."""
    verified = "no difference" if differences == 0 else f"{differences} DIFFERENCES"
    # A note on our runs belongs to every row that they are in.
    notes = list(dict.fromkeys(f"- {row.call} at {row.connections}: {row.note}" for row in rows if row.note))
    notes += _log_written(runs)
    notes.append(f"- `api.verify_leaderboard()` on our database after all of it: {verified}")
    return "\n\n".join([table(_HEAD, [_line(row) for row in rows]), "\n".join(notes), _processors(runs)])


def _log_written(runs: Sequence[Run]) -> list[str]:
    """The write-ahead log a submit, which tells how far from a checkpoint the runs were."""
    notes = []
    for call in ("submit", "keyed_submit"):
        chosen = _runs_of(runs, call, OURS, _shown(runs))
        if chosen and chosen[0].wal:
            written, pages = (
                statistics.median(run.wal[what] / run.load.rate for run in chosen) for what in ("bytes", "pages")
            )
            notes.append(f"- a {call} of ours wrote {number(written)} bytes of WAL, with {pages:.2f} pages in full")
    return notes


def summary(rows: Sequence[Row], runs: Sequence[Run]) -> str:
    """What the service reaches and spends, and how that compares, for docs/performance.md."""
    ours = [
        (scenario.call, connections, chosen)
        for scenario in SCENARIOS
        for connections in sorted({run.connections for run in runs})
        if (chosen := _runs_of(runs, scenario.call, OURS, connections))
    ]
    reached = [
        [call, str(connections), number(cell.rate), f"{number(cell.p50_ms)} / {number(cell.p99_ms)}", *_spent(cell)]
        for call, connections, chosen in ours
        if (cell := median(chosen))
    ]
    compared = [
        [row.call, row.reference, str(row.connections), f"{row.ratio:.2f}"]
        for row in sorted(rows, key=lambda row: (row.call, row.reference, row.connections))
        if row.measure == "rate" and row.subject == OURS and not row.other_call and row.reference in _IMPLEMENTATIONS
    ]
    head = ("call", "connections", "requests/s", "p50 / p99 ms", "service us", "PostgreSQL us", "Valkey us")
    return f"""{table(head, reached)}

{table(("call", "against", "connections", "requests/s, ours / its"), compared)}"""


def _line(row: Row) -> list[str]:
    other = row.other
    call = row.call if row.subject == OURS else f"{row.call} by {row.subject}"
    against = f"{row.other_call} by {row.reference}" if row.other_call else row.reference
    return [
        f"{call}, {_MEASURES[row.measure]}",
        against if other else "itself",
        str(row.connections),
        number(row.ours.rate),
        number(other.rate) if other else "",
        f"{row.ratio:.2f} ({row.low:.2f} - {row.high:.2f})",
        f"{number(row.ours.p50_ms)} / {number(row.ours.p99_ms)}",
        f"{number(other.p50_ms)} / {number(other.p99_ms)}" if other else "",
        " + ".join(_spent(row.ours)),
        " + ".join(_spent(other)) if other else "",
        row.target,
        row.verdict,
    ]


def _spent(cell: Cell) -> list[str]:
    """Processor time a request: of the service, of PostgreSQL with folds and vacuum, and of Valkey."""
    return [number(cell.cpu_us.get(what, 0.0)) for what in _CPU[:3]]


def _processors(runs: Sequence[Run]) -> str:
    """The mean use of the processors by server and call: what limits each."""
    connections = _shown(runs)
    lines = []
    for call, subject, chosen in _cells(runs, connections):
        means = [statistics.mean(run.cpu.get(what, 0.0) for run in chosen) for what in _CPU]
        lines.append([f"{call}, {subject}", *(f"{mean:.2f}" for mean in means)])
    return table([f"cores used at {connections} connections", *_CPU], lines)


def picture(runs: Sequence[Run]) -> str:
    """The requests a second of every server as an SVG."""
    connections = _shown(runs)
    bars = []
    for call, subject, chosen in _cells(runs, connections):
        cell = median(chosen)
        said = f"{number(cell.rate)}/s, p99 {number(cell.p99_ms)} ms"
        bars.append(chart.Bar(call, subject, cell.rate, said, strong=subject == OURS))
    return chart.bars(f"Requests a second at {connections} connections", bars)


def _shown(runs: Sequence[Run]) -> int:
    """HEADLINE, or the most connections of a run without it."""
    measured = {run.connections for run in runs}
    return HEADLINE if HEADLINE in measured else max(measured)


def _cells(runs: Sequence[Run], connections: int) -> list[tuple[str, str, list[Run]]]:
    cells = []
    for scenario in SCENARIOS:
        for subject in scenario.subjects(connections):
            if chosen := _runs_of(runs, scenario.call, subject, connections):
                cells.append((scenario.call, subject, chosen))
    return cells


def _runs_of(runs: Sequence[Run], call: str, subject: str, connections: int) -> list[Run]:
    return [run for run in runs if (run.call, run.subject, run.connections) == (call, subject, connections)]
