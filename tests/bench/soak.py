"""`make soak`: full-speed submits for a long time, with ranks and top lists read beside them at a fixed rate.

    SECONDS=600, INTERVAL=30, CONNECTIONS=64, PLAYERS=1000000, SESSIONS=5000000, SAVE=1

Exit status: 0 when nothing failed and every acknowledged score counts once, whether or not the targets are
met. See docs/benchmarks.md.
"""

import dataclasses
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from service.embedded import EmbeddedPostgres, EmbeddedValkey
from tests.bench import command, load, machine, report, soak_page, steady
from tests.bench.command import Say
from tests.bench.options import SoakOptions
from tests.bench.servers import HttpServer, differences, fill_database, leaderboard_service, running, warm
from tests.bench.watching import Interval, hot_share, look

_LONGEST_SECONDS = 4 * 3600
_READS_PER_SECOND = 100
_WARM_UP_SECONDS = 2
_LOOK_BEFORE_END_SECONDS = 1


def main(folder: Path, say: Say) -> int:
    options = SoakOptions.from_env()
    load.require_wrk()
    described = machine.description(folder)
    with (
        running(EmbeddedPostgres(folder / "postgres")) as postgres,
        running(EmbeddedValkey(folder / "cache")) as cache,
    ):
        say(f"loading {options.players:,} players and {options.sessions:,} sessions")
        fill_database(postgres.url(), options.players, options.sessions)
        warm(postgres.url())
        with (
            leaderboard_service(postgres, "leaderboard", cache.url, folder) as server,
            psycopg.connect(postgres.url(), autocommit=True) as connection,
        ):
            load.finish(_start(server, options, _WARM_UP_SECONDS, seed=0), _WARM_UP_SECONDS)
            before = _sessions(connection)
            intervals = _soak(server, connection, options, say)
        say("verifying the database")
        different = differences(postgres.url())
        with psycopg.connect(postgres.url()) as connection:
            grown = _sessions(connection) - before
    judged = soak_page.judged(intervals, options.connections, different, grown)
    text = f"{soak_page.table(intervals)}\n\n{judged.text}"
    print(text)
    result = {
        "machine": described,
        "options": dataclasses.asdict(options),
        "differences": different,
        "ledger_grown": grown,
        "intervals": [dataclasses.asdict(interval) for interval in intervals],
    }
    pictures = {"benchmarks-soak": soak_page.picture(intervals)}
    say(f"results: {report.write('soak', result, text, pictures, save=options.save)}")
    return 0 if judged.right else 1


def _soak(server: HttpServer, connection: psycopg.Connection, options: SoakOptions, say: Say) -> list[Interval]:
    intervals: list[Interval] = []
    before = look(connection, server.pids[0])
    for until in range(options.interval, options.seconds + 1, options.interval):
        readers = [
            steady.start(
                call,
                server.url,
                players=options.players,
                rate=_READS_PER_SECOND,
                seconds=options.interval,
                seed=until,
            )
            for call in ("rank", "top")
        ]
        writer = _start(server, options, options.interval, seed=until)
        # Under load: a second later everything is folded and idle.
        time.sleep(max(0.0, options.interval - _LOOK_BEFORE_END_SECONDS))
        after = look(connection, server.pids[0])
        submits = load.finish(writer, options.interval)
        ranks, tops = (steady.result(reader) for reader in readers)
        hot_totals, hot_nodes = (hot_share(before, after, table) for table in ("leaderboard", "rank_node"))
        intervals.append(Interval(until, submits, ranks, tops, after, hot_totals, hot_nodes))
        before = after
        say(
            f"{until} s: {submits.rate:,.0f} submits/s, rank p99 {ranks.p99_ms} ms,"
            f" {after.pending:,} pending, {after.memory_mb[0]} MB, {intervals[-1].errors} errors"
        )
    return intervals


def _start(server: HttpServer, options: SoakOptions, seconds: int, seed: int) -> subprocess.Popen[str]:
    return load.start(
        "submit",
        server.url,
        connections=options.connections,
        seconds=seconds,
        players=options.players,
        seed=seed,
    )


def _sessions(connection: psycopg.Connection) -> int:
    row = connection.execute("SELECT count(*) FROM public.game_sessions").fetchone()
    return int(row[0]) if row else 0


if __name__ == "__main__":
    sys.exit(command.run(main, _LONGEST_SECONDS))
