"""`make bench-stock`: what a submit costs PostgreSQL with our settings and with those of an untouched server.

    PLAYERS=100000, SESSIONS=500000, ROUNDS=5

The embedded server as it comes, then the same version and the system's with an untouched postgresql.conf.
Costs are processor time of the session that submits. The servers take turns.
"""

import contextlib
import os
import statistics
import sys
from pathlib import Path

import psycopg

from service.embedded import EmbeddedPostgres
from service.embedded.postgres import program
from tests.bench import command, report
from tests.bench.command import Say
from tests.bench.options import number
from tests.bench.report import number as shown
from tests.bench.servers import fill_database, running
from tests.bench.session_cost import CALLS, submission_us
from tests.support.stock_postgres import StockPostgres, binaries

_LONGEST_SECONDS = 1800
_MOST = 1.5


def main(folder: Path, say: Say) -> int:
    players, sessions = number(os.environ, "PLAYERS", 100_000), number(os.environ, "SESSIONS", 500_000)
    rounds = number(os.environ, "ROUNDS", 5)
    with contextlib.ExitStack() as stack:
        embedded = stack.enter_context(running(EmbeddedPostgres(folder / "postgres")))
        urls = {"embedded, our settings": embedded.url()}
        for name, bin_folder in (
            ("embedded, its defaults", program("postgres").parent),
            ("system, its defaults", binaries()),
        ):
            if bin_folder is None:
                say("the system has no PostgreSQL")
                continue
            server = StockPostgres(bin_folder, {})
            server.start()
            stack.callback(server.stop)
            with psycopg.connect(server.url(database="postgres"), autocommit=True) as connection:
                connection.execute("CREATE DATABASE leaderboard")
            urls[name] = server.url()
        for name, url in urls.items():
            say(f"loading {players:,} players: {name}")
            fill_database(url, players, sessions)
        found: dict[tuple[str, int], list[float]] = {}
        for round_number in range(rounds + 1):
            for name, url in urls.items():
                for size in CALLS:
                    cost = submission_us(url, players, size, f"{round_number}-{size}")
                    say(f"round {round_number}, {name}, {size} a call: {cost:.0f} us")
                    if round_number > 0:  # the one before only warms up
                        found.setdefault((name, size), []).append(cost)
    ours = next(iter(urls))
    lines = []
    for name in urls:
        costs = [statistics.median(found[name, size]) for size in CALLS]
        ratios = [cost / statistics.median(found[ours, size]) for cost, size in zip(costs, CALLS, strict=True)]
        verdict = "" if name == ours else "met" if max(ratios) <= _MOST else "missed"
        lines.append([name, *map(shown, costs), *(f"{ratio:.2f}" for ratio in ratios), verdict])
    head = (
        "server",
        "submit of 1, us of CPU",
        "submit of 32, us an item",
        "ratio",
        "ratio",
        f"<= {_MOST:g}x",
    )
    print(report.table(head, lines))
    return 0


if __name__ == "__main__":
    sys.exit(command.run(main, _LONGEST_SECONDS))
