"""`make bench-counts`: pages that each call reads, and log that it writes, as the number of players grows.

    SIZES=10000,100000,1000000, SESSIONS_PER_PLAYER=5, SAVE=1

Counts do not depend on the machine or on what else it does. The server writes no full-page images, whose number
depends on the time since the last checkpoint.
"""

import dataclasses
import os
import random
import statistics
import sys
import textwrap
from pathlib import Path

import psycopg

from service.embedded import EmbeddedPostgres
from tests.bench import command, machine, report
from tests.bench.command import Say
from tests.bench.options import GrowthOptions
from tests.bench.report import number
from tests.bench.servers import fill_database, running

_LONGEST_SECONDS = 1800
_REPEATS = 15
_BATCH = 64
#: What is called, with {0} for a random player and {1} for an array of 64, and by how many the counts are divided.
CALLS = {
    "submit, alone": ("api.submit_scores(ARRAY[{0}], '{{7}}', p_submission_keys => ARRAY[gen_random_uuid()::text])", 1),
    "submit, in a batch of 64": (
        "api.submit_scores({1}, array_fill(7::bigint, ARRAY[64]), p_submission_keys => ARRAY("
        "SELECT gen_random_uuid()::text FROM generate_series(1, 64)))",
        _BATCH,
    ),
    "fold, a submission": ("api.fold_ranks()", _BATCH),
    "rank": ("api.player_rank({0})", 1),
    "rank, in a batch of 64": ("api.player_ranks({1})", _BATCH),
    "top 10": ("api.top_players(10)", 1),
    "10 after a place in the middle": (
        "api.top_players(10, (SELECT l.total_score FROM leaderboard AS l"
        " WHERE l.user_id = {0} AND l.board_id = 1), {0}::integer)",
        1,
    ),
    "5 above and below": ("api.players_around({0})", 1),
    "distribution of 50": ("api.score_distribution(50)", 1),
}


def main(folder: Path, say: Say) -> int:
    options = GrowthOptions.from_env({"SIZES": "10000,100000,1000000", **os.environ})
    found: dict[int, dict[str, tuple[float, float]]] = {}
    tables: dict[int, dict[str, int]] = {}
    with running(EmbeddedPostgres(folder / "postgres", conf={"full_page_writes": "off"})) as postgres:
        for players in options.sizes:
            say(f"loading {players:,} players")
            database = f"counts_{players}"
            with psycopg.connect(postgres.url(database="postgres"), autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {database}")  # type: ignore[call-overload]
            url = postgres.url(database=database)
            fill_database(url, players, players * options.sessions_per_player)
            found[players] = counts(url, players)
            tables[players] = _bytes_per_row(url)
    text = _text(found, tables[max(tables)])
    print(text)
    result = {
        "machine": machine.description(folder),
        "options": dataclasses.asdict(options),
        "counts": found,
        "bytes_per_row": tables,
    }
    say(f"results: {report.write('counts', result, text, {}, save=options.save, page='performance.md')}")
    return 0


def counts(url: str, players: int) -> dict[str, tuple[float, float]]:
    """For each call the medians of the pages (8 kB) it touched and the bytes of log it wrote."""
    found = {name: ([], []) for name in CALLS}
    with psycopg.connect(url, autocommit=True) as connection:
        for repeat in range(_REPEATS + 1):
            for name, (call, size) in CALLS.items():
                chosen = random.sample(range(1, players + 1), _BATCH)
                plan = connection.execute(
                    "EXPLAIN (ANALYZE, BUFFERS, WAL, TIMING OFF, FORMAT JSON) SELECT * FROM "
                    + call.format(f"{chosen[0]}::bigint", f"ARRAY{chosen}::bigint[]")
                ).fetchone()[0][0]["Plan"]
                if repeat > 0:  # the first one also reads the catalogue
                    found[name][0].append((plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]) / size)
                    found[name][1].append(plan.get("WAL Bytes", 0) / size)
    return {name: (statistics.median(pages), statistics.median(logged)) for name, (pages, logged) in found.items()}


def _bytes_per_row(url: str) -> dict[str, int]:
    """Of the table and its indexes, after the load."""
    with psycopg.connect(url) as connection:
        return {
            name: connection.execute(
                f"SELECT pg_total_relation_size('{name}') / count(*) FROM {name}"  # type: ignore[call-overload]
            ).fetchone()[0]
            for name in ("game_sessions", "users", "leaderboard")
        }


def _text(found: dict[int, dict[str, tuple[float, float]]], bytes_per_row: dict[str, int]) -> str:
    sizes = sorted(found)
    head = ["call", *(f"pages at {players:,} players" for players in sizes), "log, bytes"]
    lines = [
        [name, *(number(found[players][name][0]) for players in sizes), number(found[sizes[-1]][name][1])]
        for name in CALLS
    ]
    kept = ", ".join(f"`{name}` {size} bytes" for name, size in bytes_per_row.items())
    return "\n\n".join(
        [report.table(head, lines), textwrap.fill(f"A row with its entries in indexes, after the load: {kept}.", 120)]
    )


if __name__ == "__main__":
    sys.exit(command.run(main, _LONGEST_SECONDS))
