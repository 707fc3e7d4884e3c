"""`make bench-growth`: what a rank and a submit cost as the number of players grows. See docs/benchmarks.md.

    SIZES=10000,100000,1000000,10000000, SESSIONS_PER_PLAYER=5, ROUNDS=5, SAVE=1

Every size is a database of its own on one server, so that the sizes can take turns. Times are processor time of the
database session: ranks and look-ups in a loop on the server, submits from one connection that does not wait for the
disk.
"""

import dataclasses
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from service.embedded import EmbeddedPostgres
from tests.bench import chart, command, machine, report
from tests.bench.calls import Costs, cost_medians, costs
from tests.bench.command import Say
from tests.bench.options import GrowthOptions
from tests.bench.report import number
from tests.bench.servers import fill_database, running, warm

_LONGEST_SECONDS = 3 * 3600
_MOST_GROWTH = 1.3
_HEAD = (
    "players",
    "look-up us",
    "player_rank us",
    "rank / look-up",
    "submit of 1 us",
    "submit of 64 us an item",
    "fold us an item",
    "database MB",
)


@dataclass(frozen=True, slots=True)
class Size:
    """The costs at a number of players, medians over the rounds, and the size of the database."""

    players: int
    costs: Costs
    megabytes: float


def main(folder: Path, say: Say) -> int:
    options = GrowthOptions.from_env()
    described = machine.description(folder)
    with running(EmbeddedPostgres(folder / "postgres")) as postgres:
        urls = {}
        for players in options.sizes:
            sessions = players * options.sessions_per_player
            say(f"loading {players:,} players and {sessions:,} sessions")
            urls[players] = _database(postgres, f"growth_{players}")
            fill_database(urls[players], players, sessions)
        found: dict[int, list[Costs]] = {players: [] for players in options.sizes}
        for round_number in range(options.rounds + 1):
            for players, url in urls.items():
                if round_number == 0:
                    warm(url)
                measured = costs(url, players)
                say(f"round {round_number}, {players:,} players: rank {measured.rank_us:.1f} us")
                if round_number > 0:  # the one before only warms up
                    found[players].append(measured)
        sizes = [
            Size(players, cost_medians(measured), _megabytes(urls[players])) for players, measured in found.items()
        ]
    text = _text(sizes)
    print(text)
    result = {
        "machine": described,
        "options": dataclasses.asdict(options),
        "sizes": [dataclasses.asdict(size) for size in sizes],
        "rounds": {str(players): [dataclasses.asdict(one) for one in all_] for players, all_ in found.items()},
    }
    path = report.write("growth", result, text, {"benchmarks-growth": _picture(sizes)}, save=options.save)
    say(f"results: {path}")
    return 0


def _database(postgres: EmbeddedPostgres, name: str) -> str:
    with psycopg.connect(postgres.url(database="postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return postgres.url(database=name)


def _megabytes(url: str) -> float:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_database_size(current_database()) / 1e6").fetchone()
        return round(float(row[0]), 1) if row else 0.0


def _text(sizes: Sequence[Size]) -> str:
    lines = [
        [
            f"{size.players:,}",
            number(size.costs.lookup_us),
            number(size.costs.rank_us),
            f"{size.costs.rank_us / size.costs.lookup_us:.2f}",
            number(size.costs.submit_1_us),
            number(size.costs.submit_64_us / 64),
            number(size.costs.fold_us),
            number(size.megabytes),
        ]
        for size in sizes
    ]
    first, last = sizes[0], sizes[-1]
    growth = last.costs.rank_us / first.costs.rank_us
    verdict = "met" if growth <= _MOST_GROWTH else "missed"
    said = (
        f"`api.player_rank` at {last.players:,} against {first.players:,} players: {growth:.2f}x"
        f" (target <= {_MOST_GROWTH:g}x: {verdict})"
    )
    return f"{report.table(_HEAD, lines)}\n\n{said}"


def _picture(sizes: Sequence[Size]) -> str:
    def series(name: str) -> list[tuple[float, float]]:
        return [(size.players, getattr(size.costs, name)) for size in sizes]

    reads = {"player_rank": series("rank_us"), "look-up": series("lookup_us")}
    items = [(players, cost / 64) for players, cost in series("submit_64_us")]
    writes = {"one alone": series("submit_1_us"), "one of 64": items, "its fold": series("fold_us")}
    return chart.lines(
        "Cost by number of players",
        [
            chart.Panel("a rank, us", reads, "players", log_x=True),
            chart.Panel("a submit, us", writes, "players", log_x=True),
        ],
    )


if __name__ == "__main__":
    sys.exit(command.run(main, _LONGEST_SECONDS))
