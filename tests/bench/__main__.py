"""`make bench`: the service against its references, side by side on this machine. See docs/benchmarks.md.

    QUICK=1, PLAYERS=1000000, SESSIONS=5000000, CONNECTIONS=1,16,64,256, ROUNDS=3, RUN_SECONDS=4, SAVE=1

Exit status: 0 when every figure can be used, met or missed; 1 when a server failed requests or did not start.
"""

import dataclasses
import sys
from pathlib import Path

from tests.bench import answers, command, load, machine, page, report
from tests.bench.command import Say
from tests.bench.compare import measure
from tests.bench.options import BenchOptions
from tests.bench.rows import rows
from tests.bench.servers import differences, workers
from tests.bench.stack import running_stack

_LONGEST_SECONDS = 3600


def main(folder: Path, say: Say) -> int:
    options = BenchOptions.from_env()
    load.require_wrk()
    described = {**machine.description(folder), "workers": str(workers())}
    with running_stack(options, folder, say) as stack:
        answers.compare(stack, options.players)
        runs = measure(stack, options, say)
        say("verifying our database")
        different = differences(stack.database_url)
    found = rows(runs)
    text = page.text(found, runs, different)
    print(text)
    result = {
        "machine": described,
        "options": dataclasses.asdict(options),
        "differences": different,
        "rows": [dataclasses.asdict(row) for row in found],
        "runs": [dataclasses.asdict(run) for run in runs],
    }
    path = report.write("bench", result, text, {"benchmarks": page.picture(runs)}, save=options.save)
    if options.save:
        report.write_part("performance.md", "summary", report.saved("bench"), page.summary(found, runs))
    say(f"results: {path}")
    return 1 if different or any(row.verdict == "invalid" for row in found) else 0


if __name__ == "__main__":
    sys.exit(command.run(main, _LONGEST_SECONDS))
