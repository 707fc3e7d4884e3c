"""pgbench, PostgreSQL's own benchmark, on the database of a running service: no HTTP, no batches.

Our scripts are in pgbench/. They are compared with the scripts that pgbench brings along, on the same server, with as
many accounts as there are players: `simple-update` is three statements in a transaction of five round trips,
`select-only` a look-up by primary key.
"""

import re
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from service.embedded.postgres import program
from tests.bench import machine
from tests.bench.load import LoadError
from tests.bench.options import BenchOptions
from tests.bench.report import number, table
from tests.bench.stack import Stack

_SCRIPTS = Path(__file__).with_name("pgbench")
_CLIENTS = (1, 16, 64)
_QUICK_CLIENTS = (1, 64)
_SECONDS = 3
_ACCOUNTS = "pgbench"
_ACCOUNTS_A_SCALE = 100_000
_PAUSE_SECONDS = 0.3
#: Ours, and the script of pgbench that it is compared with, if any.
PAIRS = (("submit", "simple-update"), ("submit_zipf", ""), ("rank", "select-only"))
#: Sessions meet at the same players only if there are many.
_MANY_CLIENTS_ONLY = ("submit_zipf",)
_HEAD = (
    "script",
    "against",
    "clients",
    "ours tps",
    "its tps",
    "ratio (single rounds)",
    "ours ms",
    "its ms",
    "ours PostgreSQL us",
    "its PostgreSQL us",
)


@dataclass(frozen=True, slots=True)
class PgbenchRun:
    """One script with so many clients: transactions a second, their mean latency, and PostgreSQL's processor time of
    each in microseconds.
    """

    script: str
    clients: int
    round: int
    tps: float
    latency_ms: float
    postgres_us: float


def prepare(stack: Stack, players: int) -> str:
    """Creates the database of pgbench's own scripts on the server; returns its URL."""
    url = stack.postgres.url(database=_ACCOUNTS)
    with psycopg.connect(stack.postgres.url(database="postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(_ACCOUNTS)))
    _pgbench("-i", "-q", "-s", str(max(1, players // _ACCOUNTS_A_SCALE)), url)
    with psycopg.connect(url, autocommit=True) as connection:
        # Every page is written once, as those of our database are (servers.write_every_page).
        connection.execute("UPDATE pgbench_accounts SET abalance = abalance + 1 WHERE aid % 16 = 0")
        connection.execute("VACUUM pgbench_accounts")
    return url


def measure(stack: Stack, options: BenchOptions, say: Callable[[str], None]) -> list[PgbenchRun]:
    """All rounds; each begins with another script."""
    say("preparing pgbench")
    accounts_url = prepare(stack, options.players)
    server = {"postgres": [stack.postgres.pid or 0]}
    seconds = min(_SECONDS, options.run_seconds)
    runs = []
    for number_, script, clients in _order(options):
        ours = (_SCRIPTS / f"{script}.sql").exists()
        arguments = ["-f", str(_SCRIPTS / f"{script}.sql")] if ours else ["-b", script]
        before = machine.cpu_seconds(server)["postgres"]
        output = _pgbench(
            *("-n", "-M", "prepared", "-c", str(clients), "-j", str(min(clients, 2)), "-T", str(seconds)),
            *("-D", f"players={options.players}", *arguments, stack.database_url if ours else accounts_url),
        )
        time.sleep(_PAUSE_SECONDS)  # until its sessions are gone: only then their time is in their parent's
        used = machine.cpu_seconds(server)["postgres"] - before
        runs.append(parse(output, script, clients, number_, used))
        run = runs[-1]
        say(
            f"round {number_}: pgbench {script} with {clients} clients: {run.tps:,.0f} tps,"
            f" {run.latency_ms:.2f} ms, PostgreSQL {run.postgres_us:.0f} us"
        )
    return runs


def _order(options: BenchOptions) -> Iterator[tuple[int, str, int]]:
    scripts = [script for pair in PAIRS for script in pair if script]
    for number_ in range(1, options.rounds + 1):
        first = (number_ - 1) % len(scripts)
        for clients in _QUICK_CLIENTS if options.rounds == 1 else _CLIENTS:
            for script in (*scripts[first:], *scripts[:first]):
                if clients == max(_CLIENTS) or script not in _MANY_CLIENTS_ONLY:
                    yield number_, script, clients


def _pgbench(*arguments: str) -> str:
    done = subprocess.run(
        [program("pgbench"), *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600
    )
    if done.returncode != 0:
        raise LoadError(f"pgbench ended with {done.returncode}: {done.stdout.strip()[-500:]}")
    return done.stdout


def parse(output: str, script: str, clients: int, round_number: int, postgres_seconds: float) -> PgbenchRun:
    """What pgbench printed, as a PgbenchRun. Raises LoadError if transactions failed, or none was made."""
    found = {
        name: re.search(pattern, output, re.MULTILINE)
        for name, pattern in (
            ("transactions", r"^number of transactions actually processed: (\d+)"),
            ("failed", r"^number of failed transactions: (\d+)"),
            ("latency", r"^latency average = ([\d.]+) ms"),
            ("tps", r"^tps = ([\d.]+)"),
        )
    }
    values = {name: float(match[1]) for name, match in found.items() if match}
    if len(values) < len(found) or values["failed"] or not values["transactions"]:
        raise LoadError(f"pgbench {script} did not do its work: {output.strip()[-500:]}")
    return PgbenchRun(
        script,
        clients,
        round_number,
        tps=values["tps"],
        latency_ms=values["latency"],
        postgres_us=postgres_seconds * 1e6 / values["transactions"],
    )


def text(runs: Sequence[PgbenchRun]) -> str:
    """A row for each of our scripts and number of clients, as Markdown."""
    lines = []
    for script, reference in PAIRS:
        for clients in sorted({run.clients for run in runs}):
            ours, others = _of(runs, script, clients), _of(runs, reference, clients)
            if not ours:
                continue
            ratios = [a.tps / b.tps for a, b in zip(ours, others, strict=False)]
            ratio = _median(ours, "tps") / _median(others, "tps") if others else 0.0
            lines.append(
                [
                    script,
                    reference,
                    str(clients),
                    number(_median(ours, "tps")),
                    number(_median(others, "tps")) if others else "",
                    f"{ratio:.2f} ({min(ratios):.2f} - {max(ratios):.2f})" if others else "",
                    number(_median(ours, "latency_ms")),
                    number(_median(others, "latency_ms")) if others else "",
                    number(_median(ours, "postgres_us")),
                    number(_median(others, "postgres_us")) if others else "",
                ]
            )
    return table(_HEAD, lines)


def _of(runs: Sequence[PgbenchRun], script: str, clients: int) -> list[PgbenchRun]:
    return sorted((r for r in runs if (r.script, r.clients) == (script, clients)), key=lambda run: run.round)


def _median(runs: Sequence[PgbenchRun], measure_: str) -> float:
    return float(statistics.median(getattr(run, measure_) for run in runs))
