"""The measuring itself: every server in turn, round after round, so that all meet the same weather."""

import dataclasses
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import psycopg

from tests.bench import load, machine, steady
from tests.bench.load import Load
from tests.bench.options import BenchOptions
from tests.bench.stack import Stack, Subject
from tests.bench.targets import HEADLINE, SCENARIOS, Scenario

_WARM_UP_SECONDS = 1
#: Folds, commits and vacuums of one run are not to be paid for by the next.
_PAUSE_SECONDS = 0.3
_WAL = "SELECT (pg_current_wal_insert_lsn() - '0/0')::double precision, w.wal_fpi FROM pg_stat_wal AS w"


@dataclass(frozen=True, slots=True)
class Run:
    """One server under one load. `cpu` is processor seconds a second (cores) by what used them; `wal` is what its
    PostgreSQL wrote a second: bytes, and pages in full. `errors` counts those of the load and of the writes beside it
    by kind.
    """

    call: str
    subject: str
    connections: int
    round: int
    load: Load
    writes_per_second: float | None
    cpu: dict[str, float]
    errors: dict[str, int]
    wal: dict[str, float] = field(default_factory=dict)

    @property
    def cpu_us(self) -> dict[str, float]:
        """Microseconds of processor a request, the writes beside it included."""
        return {what: cores * 1e6 / self.load.rate if self.load.rate else 0.0 for what, cores in self.cpu.items()}


def measure(
    stack: Stack,
    options: BenchOptions,
    say: Callable[[str], None],
    scenarios: Sequence[Scenario] = SCENARIOS,
) -> list[Run]:
    """Warms every server up, then runs all rounds. Returns the runs in the order they were made."""
    seeds = itertools.count(1)
    say("warming up")
    for scenario in scenarios:
        for name in scenario.subjects(HEADLINE):
            _run_wrk(scenario.call, stack.subjects[name], HEADLINE, _WARM_UP_SECONDS, options.players, next(seeds))
    runs = []
    with psycopg.connect(stack.database_url, autocommit=True) as connection:
        for number, scenario, connections, name in _order(options, scenarios):
            time.sleep(_PAUSE_SECONDS)
            wal_before = _wal(connection)
            run = _measure_one(stack.subjects[name], scenario, connections, name, number, options, next(seeds))
            if "postgres" in stack.subjects[name].pids:
                wal = {what: (now - wal_before[what]) / run.load.seconds for what, now in _wal(connection).items()}
                run = dataclasses.replace(run, wal=wal)
            runs.append(run)
            trouble = f", errors: {run.errors}" if run.errors else ""
            cpu = " + ".join(f"{what} {us:.0f}" for what, us in run.cpu_us.items())
            say(
                f"round {number}: {run.call} at {connections}, {name}: {run.load.rate:,.0f}/s,"
                f" p50 {run.load.p50_ms:.2f} ms, p99 {run.load.p99_ms:.2f} ms, CPU us a request: {cpu}{trouble}"
            )
    return runs


def _wal(connection: psycopg.Connection) -> dict[str, float]:
    row = connection.execute(_WAL).fetchone()
    assert row is not None
    return dict(zip(("bytes", "pages"), row, strict=True))


def _order(options: BenchOptions, scenarios: Sequence[Scenario]) -> Iterator[tuple[int, Scenario, int, str]]:
    """Rounds outermost, servers innermost; each round begins with another server."""
    for number in range(1, options.rounds + 1):
        for scenario in scenarios:
            for connections in options.connections:
                names = scenario.subjects(connections)
                if not names:
                    continue
                first = (number - 1) % len(names)
                for name in (*names[first:], *names[:first]):
                    yield number, scenario, connections, name


def _measure_one(
    subject: Subject,
    scenario: Scenario,
    connections: int,
    name: str,
    number: int,
    options: BenchOptions,
    seed: int,
) -> Run:
    seconds = options.run_seconds
    writer = None
    if rate := scenario.writes_beside(connections):
        writer = steady.start(
            "submit",
            subject.writes_url,
            players=options.players,
            rate=rate,
            seconds=seconds + 30,
            seed=seed,
            key=subject.key,
        )
    before, clients_before = machine.cpu_seconds(subject.pids), machine.clients_cpu_seconds()
    try:
        result = _run_wrk(scenario.call, subject, connections, seconds, options.players, seed)
        after, clients_after = machine.cpu_seconds(subject.pids), machine.clients_cpu_seconds()
    finally:
        written = steady.finish(writer) if writer else None
    cpu = {what: round((after[what] - before[what]) / result.seconds, 4) for what in after}
    writer_cpu = written.cpu if written else 0.0
    cpu["clients"] = round((clients_after - clients_before) / result.seconds + writer_cpu, 4)
    errors = dict(result.errors)
    if written:
        errors |= {f"write {kind}": count for kind, count in written.errors.items()}
    return Run(scenario.call, name, connections, number, result, written.rate if written else None, cpu, errors)


def _run_wrk(call: str, subject: Subject, connections: int, seconds: int, players: int, seed: int) -> Load:
    process = load.start(
        call, subject.url, connections=connections, seconds=seconds, players=players, seed=seed, key=subject.key
    )
    return load.finish(process, seconds)
