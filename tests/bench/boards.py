"""`make bench-boards`: what a submit costs PostgreSQL beside more boards, against the board overall alone.

    PLAYERS=100000, SESSIONS=500000, ROUNDS=5

The submission and its folds are in the cost. The databases take turns on one embedded server.
"""

import os
import statistics
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg

from service.embedded import EmbeddedPostgres
from tests.bench import command, report
from tests.bench.command import Say
from tests.bench.options import number
from tests.bench.report import number as shown
from tests.bench.seasons import add_seasons
from tests.bench.servers import copy_database, fill_database, running
from tests.bench.session_cost import CALLS, submission_us

_LONGEST_SECONDS = 1800
#: A tenth of a second at full load.
_FOLD_AFTER_ITEMS = 400
#: So many players submit, so that after the first round they are in the seasons.
_ACTIVE_PLAYERS = 2000
#: What is added to the board overall, and the most it may cost.
_BOARDS: dict[str, tuple[Callable[[str], None], float]] = {
    "overall alone": (lambda url: None, 1.0),
    "and 1,000 of other game modes": (lambda url: _add_others(url), 1.1),
    "and daily, weekly, monthly sums": (lambda url: add_seasons(url, "sum"), 2.0),
    "and daily, weekly, monthly bests": (lambda url: add_seasons(url, "best"), 1.3),
}


def main(folder: Path, say: Say) -> int:
    players, sessions = number(os.environ, "PLAYERS", 100_000), number(os.environ, "SESSIONS", 500_000)
    rounds = number(os.environ, "ROUNDS", 5)
    with running(EmbeddedPostgres(folder / "postgres")) as server:
        say(f"loading {players:,} players")
        fill_database(server.url(), players, sessions)
        urls = {}
        for place, (name, (add, _)) in enumerate(_BOARDS.items()):
            database = f"boards_{place}"
            copy_database(server.url(database="postgres"), "leaderboard", database)
            urls[name] = server.url(database=database)
            add(urls[name])
            with psycopg.connect(urls[name], autocommit=True) as connection:
                connection.execute("VACUUM ANALYZE")
        found: dict[tuple[str, int], list[float]] = {}
        for round_number in range(rounds + 1):
            for name, url in urls.items():
                for size in CALLS:
                    cost = submission_us(
                        url,
                        _ACTIVE_PLAYERS,
                        size,
                        f"{round_number}-{size}",
                        fold_after_calls=_FOLD_AFTER_ITEMS // size,
                    )
                    say(f"round {round_number}, {name}, {size} a call: {cost:.0f} us")
                    if round_number > 0:  # the one before only warms up
                        found.setdefault((name, size), []).append(cost)
    alone = next(iter(urls))
    lines = []
    for name, (_, most) in _BOARDS.items():
        costs = [statistics.median(found[name, size]) for size in CALLS]
        ratios = [
            statistics.median(mine / other for mine, other in zip(found[name, size], found[alone, size], strict=True))
            for size in CALLS
        ]
        verdict = "" if name == alone else "met" if max(ratios) <= most else "missed"
        lines.append([name, *map(shown, costs), *(f"{ratio:.2f}" for ratio in ratios), f"<= {most:g}", verdict])
    head = ("boards", "submit of 1, us of CPU", "submit of 32, us an item", "ratio", "ratio", "target", "")
    print(report.table(head, lines))
    return 0


def _add_others(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT api.create_board('other' || n, 'mode' || n) FROM generate_series(1, 1000) AS n")
        # No session is of their modes: they need not be filled.
        connection.execute("UPDATE rankings SET filled_to = NULL WHERE board_id > 1")


if __name__ == "__main__":
    sys.exit(command.run(main, _LONGEST_SECONDS))
