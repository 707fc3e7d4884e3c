"""The long form: every fault many times, with one worker and with two, and a table of what came of it.

    python -m tests.faults            what `make faults` runs, about an hour
    python -m tests.faults Redis      only faults with this in their name
    python -m tests.faults seasons    boards whose seasons last seconds
    python -m tests.faults moderation clients and moderators side by side, and then every act is undone
    python -m tests.faults failover   those of a primary and its standby; further words choose some of them, such as
                                      `failover system synchronous`

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
from tests.faults.failover import (
    GAP_SECONDS,
    SCENARIOS,
    STANDBY_SCENARIOS,
    FailoverReport,
    failover_drill,
    failover_stack,
)
from tests.faults.moderation import ACTS, moderation_drill
from tests.faults.seasons import SeasonReport, season_drill
from tests.faults.stack import Stack, running
from tests.support import redis_topologies
from tests.support.standby import embedded_binaries
from tests.support.stock_postgres import binaries

#: How often each scenario of a failover is played.
FAILOVERS = 20

#: Sessions of each season drill, the pause between two kills, and how often each kill is made at least.
SEASON_SESSIONS, SEASON_PAUSE_SECONDS, SEASON_KILLS = 12_000, 3.0, 4

#: How long each moderation drill takes, and with which random seeds.
MODERATION_SECONDS, MODERATION_SEEDS = 100.0, range(1, 4)

_SEASON_COLUMNS = (
    *("workers", "kills", "sessions", "late", "too late", "seasons closed", "final ranks", "wrong", "reads"),
    *("retries", "longest outage"),
)
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
#: The last one is the longest time from the promotion to the next acknowledgement.
_FAILOVER_COLUMNS = (
    "what happens",
    "PostgreSQL",
    "standby",
    "runs",
    "acknowledged",
    "lost",
    "doubled",
    "stale reads",
    "gap",
)


@contextmanager
def _on_a_small_disk() -> Iterator[Stack]:
    with on_disk.small_disk() as disk, running(workers=2, postgres_folder=disk) as stack:
        yield stack


def main(words: list[str]) -> int:
    if words[:1] == ["failover"]:
        return run_failovers(words[1:])
    if words == ["seasons"]:
        return run_seasons()
    if words == ["moderation"]:
        return run_moderation()
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
    failed = run_seasons() + run_moderation() + run_failovers(words) if not words else 0
    return 1 if bad or failed else 0


def run_seasons() -> int:
    """The season drill with one worker and with two. Prints a table. Returns 1 if there was a problem."""
    reports: list[SeasonReport] = []
    for workers, kills in (
        (1, (on_postgres.KILL, on_postgres.KILL_BACKEND, on_postgres.TERMINATE)),
        (2, (on_postgres.KILL, on_service.KILL, on_postgres.KILL_BACKEND, on_service.ROLLING)),
    ):
        print(f"seasons, {workers} worker(s) ...", file=sys.stderr, flush=True)
        with running(workers=workers) as stack:
            one = asyncio.run(
                season_drill(
                    stack, SEASON_SESSIONS, [kill.inject for kill in kills] * SEASON_KILLS, SEASON_PAUSE_SECONDS
                )
            )
        for problem in one.problems[:20]:
            print(f"  PROBLEM: {problem}", file=sys.stderr, flush=True)
        reports.append(one)
    print(f"| {' | '.join(_SEASON_COLUMNS)} |\n| {' | '.join('---:' for _ in _SEASON_COLUMNS)} |")
    for one in reports:
        cells = (
            *(one.workers, one.kills, f"{one.sessions:,}", f"{one.late:,}", f"{one.too_late:,}", one.seasons),
            *(f"{one.totals:,}", len(one.problems), f"{one.reads:,}", f"{one.books.failed.total():,}"),
            f"{one.books.longest_outage:.2f} s",
        )
        print(f"| {' | '.join(map(str, cells))} |")
    return 1 if any(one.problems for one in reports) else 0


def run_moderation() -> int:
    """The moderation drill beside a service, with several seeds. Prints a table. Returns 1 if there was a problem."""
    lines, failed = [], 0
    for seed in MODERATION_SEEDS:
        print(f"moderation, seed {seed} ...", file=sys.stderr, flush=True)
        with running(workers=2) as stack:
            one = asyncio.run(moderation_drill(stack.owner_url, MODERATION_SECONDS, seed))
        for problem in one.problems[:20]:
            print(f"  PROBLEM: {problem}", file=sys.stderr, flush=True)
        failed += bool(one.problems)
        acts = sum(number for act, number in one.acts.items() if act in ACTS)
        lines.append(
            f"| {seed} | {one.submissions['accepted']:,} | {one.submissions['hidden']:,} | {acts:,} | {one.void:,}"
            f" | {one.banned} | {one.undone:,} | {one.seasons} | {one.totals:,} | {len(one.problems)} |"
        )
    print("| seed | accepted | of banned | acts | void | banned | undone | seasons | totals | wrong |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |", *lines, sep="\n")
    return 1 if failed else 0


def run_failovers(words: list[str]) -> int:
    """Each scenario of a primary and its standby, on both versions of PostgreSQL, whose description has all `words`.
    Prints a table. Returns 1 if there was a problem.
    """
    reports = []
    began = time.monotonic()
    for server, folder in (("embedded", embedded_binaries()), ("system", binaries())):
        for kind in ("synchronous", "asynchronous"):
            names = [*SCENARIOS, *(STANDBY_SCENARIOS if kind == "synchronous" else ())]
            names = [name for name in names if {*words} <= {server, kind, *name.replace(",", "").split()}]
            if folder is None or not names:
                continue
            with failover_stack(folder, synchronous=kind == "synchronous") as stack:
                for name in names:
                    print(f"{name}, {server}, {kind}, {FAILOVERS} times ...", file=sys.stderr, flush=True)
                    one = asyncio.run(failover_drill(stack, name, FAILOVERS, gap_seconds=GAP_SECONDS))
                    print(f"{failover_row(one)}", file=sys.stderr, flush=True)
                    for problem in one.report.problems[:20]:
                        print(f"  PROBLEM: {problem}", file=sys.stderr, flush=True)
                    reports.append(one)
    bad = [one for one in reports if one.report.problems]
    print(f"| {' | '.join(_FAILOVER_COLUMNS)} |\n| --- | ---: | --- | {' | '.join('---:' for _ in range(6))} |")
    print("\n".join(map(failover_row, reports)))
    print(f"\n{len(reports)} drills in {time.monotonic() - began:.0f} s, {len(bad)} with problems")
    return 1 if bad else 0


def failover_row(one: FailoverReport) -> str:
    report, books = one.report, one.report.books
    cells = (
        *(report.fault, one.version, "synchronous" if one.synchronous else "asynchronous", report.injected),
        *(f"{books.acknowledged:,}", report.lost, report.doubled, f"{len(books.stale)} of {books.reads:,}"),
        f"{max(one.gaps):.2f} s" if one.gaps else "",
    )
    return f"| {' | '.join(map(str, cells))} |"


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
