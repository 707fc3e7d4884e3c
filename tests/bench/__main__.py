"""`make bench`: the service against its references, side by side on this machine. See docs/benchmarks.md.

    QUICK=1, PLAYERS=1000000, SESSIONS=5000000, CONNECTIONS=1,64,256, ROUNDS=3, RUN_SECONDS=3, SAVE=1,
    ONLY=submit,keyed_submit,zipf_submit,rank,top,pgbench

Exit status: 0 when every figure can be used, met or missed; 1 when a server failed requests or did not start.
"""

import dataclasses
import sys
from pathlib import Path

from tests.bench import answers, command, load, machine, page, pgbench_runs, report
from tests.bench.command import Say
from tests.bench.compare import measure
from tests.bench.options import BenchOptions
from tests.bench.rows import rows
from tests.bench.servers import differences, workers
from tests.bench.stack import running_stack
from tests.bench.targets import HEADLINE, SCENARIOS

_LONGEST_SECONDS = 3600


def main(folder: Path, say: Say) -> int:
    options = BenchOptions.from_env()
    described = {**machine.description(folder), "workers": str(workers())}
    load.require_wrk()
    scenarios = [scenario for scenario in SCENARIOS if scenario.call in options.only]
    names = {
        name
        for scenario in scenarios
        for count in (HEADLINE, *options.connections)
        for name in scenario.subjects(count)
    }
    with running_stack(options, names, folder, say) as stack:
        answers.compare(stack, options.players)
        runs = measure(stack, options, say, scenarios)
        pgbench = pgbench_runs.measure(stack, options, say) if "pgbench" in options.only else []
        say("verifying our database")
        different = differences(stack.database_url)
    found = rows(runs)
    text = page.text(found, runs, different) if runs else ""
    if pgbench:
        text = f"{text}\n\n{pgbench_runs.text(pgbench)}"
    print(text)
    result = {
        "machine": described,
        "options": dataclasses.asdict(options),
        "differences": different,
        "rows": [dataclasses.asdict(row) for row in found],
        "runs": [dataclasses.asdict(run) for run in runs],
        "pgbench": [dataclasses.asdict(run) for run in pgbench],
    }
    pictures = {"benchmarks": page.picture(runs)} if options.save else {}
    path = report.write("bench", result, text, pictures, save=options.save)
    if options.save:
        report.write_part("performance.md", "summary", report.saved("bench"), page.summary(found, runs))
    say(f"results: {path}")
    return 1 if different or any(row.verdict == "invalid" for row in found) else 0


if __name__ == "__main__":
    sys.exit(command.run(main, _LONGEST_SECONDS))
