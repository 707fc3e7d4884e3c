"""`make bench-workers`: what WORKERS brings on this machine. See docs/performance.md.

    COUNTS=1,2, PLAYERS=1000000, SESSIONS=5000000, ROUNDS=3, RUN_SECONDS=3, SAVE=1

Services with so many processes take turns on the same database, at 64 connections and with an API key: only submits,
only ranks, only top lists (both during 500 submissions a second), and nine reads for each submit. PostgreSQL, Valkey
and the load generator share the machine with them. Other jobs change the rates (two processes get more of a busy
machine than one), so the last column is calculated from the processor time of a request.
"""

import contextlib
import dataclasses
import os
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

from service.embedded import EmbeddedValkey
from tests.bench import command, machine, report
from tests.bench.command import Say
from tests.bench.compare import Run, measure
from tests.bench.options import BenchOptions, numbers
from tests.bench.report import number
from tests.bench.servers import differences, leaderboard_service, running
from tests.bench.side_by_side import concluded, loaded
from tests.bench.stack import Stack, Subject
from tests.bench.targets import HEADLINE, OURS, WRITES_PER_SECOND, Scenario

_LONGEST_SECONDS = 3600
_WRITES = {"submit": 0, "rank": WRITES_PER_SECOND, "top": WRITES_PER_SECOND, "mixed": 0}
_HEAD = (
    "call",
    "WORKERS",
    "requests/s",
    "of the first",
    "rounds",
    "p50 / p99 ms",
    "CPU us: service",
    "PostgreSQL",
    "Valkey",
    "clients",
    "by CPU/s",
)
_CPU = ("http", "postgres", "valkey", "clients")


def main(folder: Path, say: Say) -> int:
    options = dataclasses.replace(BenchOptions.from_env(), connections=(HEADLINE,))
    counts = numbers(os.environ, "COUNTS", (1, 2))
    #: The first count is what the others are compared with.
    names = {count: OURS if count == counts[0] else f"{count} processes" for count in counts}
    scenarios = [
        Scenario(call, headline_references=tuple(names.values())[1:], writes_per_second=writes)
        for call, writes in _WRITES.items()
    ]
    described = machine.description(folder)
    with contextlib.ExitStack() as stack:
        postgres, key = stack.enter_context(loaded(folder, options, say))
        cache = stack.enter_context(running(EmbeddedValkey(folder / "cache")))
        subjects = {}
        for count, name in names.items():
            server = stack.enter_context(
                leaderboard_service(postgres, "leaderboard", cache.url, folder, f"of-{count}", {"WORKERS": str(count)})
            )
            pids = {"http": list(server.pids), "postgres": [postgres.pid or 0], "valkey": [cache.pid or 0]}
            subjects[name] = Subject(server.url, server.url, pids, key)
        runs = measure(Stack(subjects, postgres), options, say, scenarios)
        wrong = differences(postgres.url())
    text, result, failed = concluded(described, options, runs, _text(runs, names), wrong)
    say(f"results: {report.write('workers', result, text, {}, save=options.save, page='performance.md')}")
    return 1 if failed else 0


def _text(runs: Sequence[Run], names: dict[int, str]) -> str:
    lines = []
    for call in _WRITES:
        first = [run.load.rate for run in runs if (run.call, run.subject) == (call, OURS)]
        for count, name in names.items():
            chosen = [run for run in runs if (run.call, run.subject) == (call, name)]
            ratios = [run.load.rate / rate for run, rate in zip(chosen, first, strict=True)]
            p50, p99 = (statistics.median(getattr(run.load, part) for run in chosen) for part in ("p50_ms", "p99_ms"))
            cpu = [statistics.median(run.cpu_us[part] for run in chosen) for part in _CPU]
            lines.append(
                [
                    call,
                    str(count),
                    number(statistics.median(run.load.rate for run in chosen)),
                    f"{statistics.median(ratios):.2f}",
                    f"{min(ratios):.2f}-{max(ratios):.2f}",
                    f"{number(p50)} / {number(p99)}",
                    *map(number, cpu),
                    number(_rate_by_cpu(count, cpu)),
                ]
            )
    return report.table(_HEAD, lines)


def _rate_by_cpu(count: int, cpu: Sequence[float]) -> float:
    """The requests a second that this processor time allows, on a machine that does nothing else: all cores are used,
    or every process of the service uses one.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores * 1e6 / sum(cpu), count * 1e6 / cpu[0])


if __name__ == "__main__":
    sys.exit(command.run(main, _LONGEST_SECONDS))
