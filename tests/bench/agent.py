"""`make bench-agent`: what the New Relic agent costs at full load. See docs/benchmarks.md.

PLAYERS=1000000, SESSIONS=5000000, ROUNDS=3, RUN_SECONDS=3, SAVE=1

Three services on the same database take turns: without the agent, with it, and with it tracing every request.
The agent reports to a collector on this machine that throws away what it gets.
"""

import contextlib
import dataclasses
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

from service.embedded import EmbeddedValkey
from tests.bench import chart, command, machine, report
from tests.bench.command import Say
from tests.bench.compare import Run, measure
from tests.bench.options import BenchOptions
from tests.bench.report import number
from tests.bench.servers import differences, leaderboard_service, running
from tests.bench.side_by_side import concluded, loaded
from tests.bench.stack import Stack, Subject
from tests.bench.targets import HEADLINE, OURS, WRITES_PER_SECOND, Scenario
from tests.support import collector as collectors

_LONGEST_SECONDS = 3600
#: With the agent a service keeps this share of its throughput.
_SHARE = 0.85
_ON, _ALL = "agent on", "all traced"
_CALLS = ("submit", "rank", "top")
_SCENARIOS = tuple(
    Scenario(call, headline_references=(_ON, _ALL), writes_per_second=0 if call == "submit" else WRITES_PER_SECOND)
    for call in _CALLS
)
_HEAD = (
    "call",
    "agent off /s",
    "agent on /s",
    "on / off",
    "rounds",
    "all traced /s",
    "all / off",
    "CPU us a request: off, on, all",
    "target",
)


def main(folder: Path, say: Say) -> int:
    options = dataclasses.replace(BenchOptions.from_env(), connections=(HEADLINE,))
    described = machine.description(folder)
    with contextlib.ExitStack() as stack:
        postgres, key = stack.enter_context(loaded(folder, options, say))
        collector = stack.enter_context(collectors.running(folder, reads=False))
        cache = stack.enter_context(running(EmbeddedValkey(folder / "cache")))
        on = {**collector.environ, "NEW_RELIC_ENVIRONMENT": "production"}
        subjects = {}
        for name, more in (
            (OURS, {"NEW_RELIC_LICENSE_KEY": ""}),
            (_ON, on),
            (_ALL, {**on, "TRACED_PER_SECOND": "100000"}),
        ):
            server = stack.enter_context(
                leaderboard_service(postgres, "leaderboard", cache.url, folder, name.replace(" ", "-"), more)
            )
            subjects[name] = Subject(server.url, server.url, {"http": list(server.pids)}, key)
        runs = measure(Stack(subjects, postgres), options, say, _SCENARIOS)
        wrong = differences(postgres.url())
    text, result, failed = concluded(described, options, runs, _text(runs), wrong)
    path = report.write("agent", result, text, {"benchmarks-agent": _picture(runs)}, save=options.save)
    say(f"results: {path}")
    return 1 if failed else 0


def _rates(runs: Sequence[Run], call: str, name: str) -> list[float]:
    """Requests a second, a round each."""
    return [run.load.rate for run in runs if (run.call, run.subject) == (call, name)]


def _cpu(runs: Sequence[Run], call: str, name: str) -> float:
    """Microseconds of processor of the service a request, median of the rounds."""
    chosen = [run for run in runs if (run.call, run.subject) == (call, name)]
    return statistics.median(run.cpu["http"] / run.load.rate * 1e6 for run in chosen)


def _text(runs: Sequence[Run]) -> str:
    lines = []
    for call in _CALLS:
        off, on, all_ = (_rates(runs, call, name) for name in (OURS, _ON, _ALL))
        base, with_agent, traced = (statistics.median(rates) for rates in (off, on, all_))
        rounds = [b / a for a, b in zip(off, on, strict=True)]
        share = with_agent / base
        lines.append(
            [
                call,
                number(base),
                number(with_agent),
                f"{share:.2f}",
                f"{min(rounds):.2f}-{max(rounds):.2f}",
                number(traced),
                f"{traced / base:.2f}",
                ", ".join(number(_cpu(runs, call, name)) for name in (OURS, _ON, _ALL)),
                f">= {_SHARE:g}: {'met' if share >= _SHARE else 'missed'}",
            ]
        )
    return report.table(_HEAD, lines)


def _picture(runs: Sequence[Run]) -> str:
    panels = []
    for call in _CALLS:
        series = {
            label: [(float(n), rate) for n, rate in enumerate(_rates(runs, call, name), start=1)]
            for label, name in (("off", OURS), ("on", _ON), ("all traced", _ALL))
        }
        panels.append(chart.Panel(f"{call}, requests/s", series, "round"))
    return chart.lines("The agent's cost", panels)


if __name__ == "__main__":
    sys.exit(command.run(main, _LONGEST_SECONDS))
