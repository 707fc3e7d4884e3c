"""The long form: every fault many times, with one worker and with two, and a table of what came of it.

    python -m tests.faults            what `make faults` runs, about 12 minutes
    python -m tests.faults Redis      only faults with this in their name

Exit status 1 if anything was lost, doubled or out of date, or if a promise about attempts was broken.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults import on_clock, on_disk, on_network, on_postgres, on_redis, on_redis_failover, on_service
from tests.faults.drill import Fault, Report, drill
from tests.faults.stack import Stack, running
from tests.support import redis_topologies

_COLUMNS = (
    "fault",
    "workers",
    "injected",
    "acknowledged",
    "lost",
    "doubled",
    "stale reads",
    "longest outage",
)


@contextmanager
def _on_a_small_disk() -> Iterator[Stack]:
    with on_disk.small_disk() as disk, running(workers=2, postgres_folder=disk) as stack:
        yield stack


def main(words: list[str]) -> int:
    wanted = " ".join(words).lower()
    reports: list[Report] = []
    skipped: list[str] = []
    began = time.monotonic()

    def run(stack: Stack, faults: tuple[Fault, ...]) -> None:
        for fault in faults:
            if wanted not in fault.name.lower():
                continue
            print(
                f"{fault.name}, {stack.workers} worker(s), {fault.times} times ...",
                file=sys.stderr,
                flush=True,
            )
            reports.append(asyncio.run(drill(stack, fault, fault.times)))
            for problem in reports[-1].problems[:20]:
                print(f"  PROBLEM: {problem}", file=sys.stderr, flush=True)

    for workers in (1, 2):
        with running(workers=workers) as stack:
            run(stack, (*on_postgres.FAULTS, *on_redis.FAULTS, on_service.DEPLOY))
            if workers > 1:
                run(stack, (*on_redis.TWO_WORKERS, *on_service.FAULTS))
    for kind in (redis_topologies.Sentinels, redis_topologies.Cluster):
        # Starting one takes seconds.
        if wanted in f"redis, {kind.__name__}: ".lower() or wanted.startswith(f"redis, {kind.__name__}".lower()):
            with (
                redis_topologies.running(kind) as topology,
                running(workers=2, environ={"REDIS_URL": topology.url}) as stack,
            ):
                run(stack, on_redis_failover.faults(topology))
    with running(workers=2, proxied=True) as stack:
        run(stack, (*on_network.FAULTS, *on_redis.PROXIED, on_redis.CUT_OFF_ONE))
    try:
        with _on_a_small_disk() as stack:
            run(stack, (on_disk.FULL,))
    except on_disk.NoMountError as error:
        skipped.append(f"{on_disk.FULL.name}: a small disk takes the right to mount one ({error})")
    fake = on_clock.library()
    if fake is None:
        skipped.append("clock jumps: libfaketime is not installed (Debian: apt-get install faketime)")
    else:
        with (
            tempfile.TemporaryDirectory() as folder,
            running(workers=2, environ=on_clock.environ(fake, Path(folder))) as stack,
        ):
            run(stack, (on_clock.jumps(Path(folder)),))

    print(table(reports))
    for line in skipped:
        print(f"skipped: {line}")
    bad = [report for report in reports if report.problems]
    print(f"\n{len(reports)} drills in {time.monotonic() - began:.0f} s, {len(bad)} with problems")
    return 1 if bad else 0


def table(reports: list[Report]) -> str:
    """The reports as Markdown, with their sum."""
    lines = [f"| {' | '.join(_COLUMNS)} |", f"| --- | {' | '.join('---:' for _ in _COLUMNS[1:])} |"]
    for one in reports:
        books = one.books
        cells = (
            *(one.fault, one.workers, one.injected, f"{books.acknowledged:,}", one.lost, one.doubled),
            *(f"{len(books.stale)} of {books.reads:,}", f"{books.longest_outage:.2f} s"),
        )
        lines.append(f"| {' | '.join(map(str, cells))} |")
    lines.append(
        f"| all | | {sum(r.injected for r in reports)} | {sum(r.books.acknowledged for r in reports):,}"
        f" | {sum(r.lost for r in reports)} | {sum(r.doubled for r in reports)}"
        f" | {sum(len(r.books.stale) for r in reports)} of {sum(r.books.reads for r in reports):,}"
        f" | {max((r.books.longest_outage for r in reports), default=0):.2f} s |"
    )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
