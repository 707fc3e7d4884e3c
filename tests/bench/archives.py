"""`make bench-archives`: what closing a large season costs, beside submissions, and what a player's seasons cost.

    PLAYERS=1000000, SESSIONS=5000000, SEASONS=52, ROUNDS=5

Four connections submit 16 scores a call while seasons with all players are closed one after the other: archived, then
cleared. Their calls are compared with those of the pauses in between, which are as long.
"""

import os
import random
import statistics
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from service.embedded import EmbeddedPostgres
from tests.bench import command, machine, report
from tests.bench.command import Say
from tests.bench.options import number
from tests.bench.servers import fill_database, running, warm

_LONGEST_SECONDS = 3600
_CONNECTIONS = 4
_ITEMS = 16
_CALLS = 500
_MOST_BYTES, _MOST_SECONDS, _MOST_RATIO, _MOST_MS = 25e6, 10, 2, 2

_BOARD = "INSERT INTO boards (name, manual_seasons) VALUES ('seasons', true) RETURNING id"
_SEASON = """
    INSERT INTO rankings (board_id, number, starts_at, ends_at)
    SELECT %s, %s, '2020-01-01 UTC'::timestamptz + %s * interval '1 day',
           '2020-01-02 UTC'::timestamptz + %s * interval '1 day'
    RETURNING id"""
#: Every season has other totals, all players, and as many ties as the board overall.
_TOTALS = """
    INSERT INTO leaderboard (board_id, user_id, total_score)
    SELECT %s, 1 + (l.user_id + %s * 7919) %% %s, l.total_score FROM leaderboard AS l WHERE l.board_id = 1"""
_END = "UPDATE rankings SET deadline = ends_at WHERE id = %s"
_STATE = "SELECT closed_at IS NOT NULL, cleared FROM rankings WHERE id = %s"
_BYTES = "SELECT pg_total_relation_size('season_places') + pg_total_relation_size('season_players')"
_SUBMIT = "SELECT count(*) FROM api.submit_scores(%s::bigint[], %s::bigint[])"
_READS = {
    "api.player_seasons, all": "SELECT count(*) FROM api.player_seasons(%(player)s, 'seasons')",
    "archive.entries, one player": "SELECT count(*) FROM archive.entries(%(season)s, ARRAY[%(player)s])",
    "archive.page, 10 places": "SELECT count(*) FROM archive.page(%(season)s, %(player)s, 10)",
    "archive.count_above": "SELECT count(*) FROM archive.count_above(%(season)s, %(player)s)",
    "archive.histogram, 50 ranges": "SELECT count(*) FROM archive.histogram(%(season)s, 0, 2000, 50)",
    "api.player_rank, overall": "SELECT count(*) FROM api.player_rank(%(player)s)",
}


def main(folder: Path, say: Say) -> int:
    players, sessions = number(os.environ, "PLAYERS", 1_000_000), number(os.environ, "SESSIONS", 5_000_000)
    seasons, rounds = number(os.environ, "SEASONS", 52), number(os.environ, "ROUNDS", 5)
    with running(EmbeddedPostgres(folder / "postgres")) as postgres:
        say(f"loading {players:,} players and {sessions:,} sessions")
        url = postgres.url()
        fill_database(url, players, sessions)
        warm(url)
        with psycopg.connect(url, autocommit=True) as connection:
            made = _seasons(connection, players, rounds + 1)
            lines = [
                *_archive(connection, url, made, players, say),
                *_reads(connection, made[-1], seasons, players, say),
            ]
    print(report.table(("what", "figure", "target"), lines))
    return 0


def _seasons(connection: psycopg.Connection[Any], players: int, count: int) -> list[int]:
    (board_id,) = _one(connection, _BOARD)
    connection.execute("DELETE FROM rankings WHERE board_id = %s", [board_id])
    connection.execute("DELETE FROM rank_state WHERE board_id NOT IN (SELECT id FROM rankings)")
    connection.execute("DELETE FROM leaderboard WHERE board_id <> 1")
    made = []
    for season in range(count):
        (ranking_id,) = _one(connection, _SEASON, [board_id, season + 1, season, season])
        connection.execute("INSERT INTO rank_state (board_id) VALUES (%s)", [ranking_id])
        connection.execute(_TOTALS, [ranking_id, season, players])
        made.append(ranking_id)
    connection.execute("VACUUM ANALYZE leaderboard")
    return made


def _archive(
    connection: psycopg.Connection[Any], url: str, made: Sequence[int], players: int, say: Say
) -> list[Sequence[str]]:
    """Closes all but the first one beside submissions. That one is closed alone, and for its size."""
    (before,) = _one(connection, _BYTES)
    alone = _close(connection, made[0])
    (after,) = _one(connection, _BYTES)
    size = after - before
    say(f"alone: {alone.said()}; {size / 1e6:.1f} MB")
    beside: list[Closing] = []
    during, pauses = [], []
    with Submissions(url, players) as submissions:
        for ranking_id in made[1:]:
            pauses += submissions.of(lambda: time.sleep(alone.seconds))
            during += submissions.of(lambda: beside.append(_close(connection, ranking_id)))  # noqa: B023
            say(f"beside submissions: {beside[-1].said()}")
    ratio = _percentile(during, 99) / _percentile(pauses, 99)
    archived = [one.archived for one in beside]
    return [
        ["size of the archive", f"{size / 1e6:.1f} MB", _verdict(size, _MOST_BYTES, "25 MB")],
        ["closing, alone", alone.said(), _verdict(alone.archived, _MOST_SECONDS, "10 s")],
        [
            "archived beside submissions",
            f"median {statistics.median(archived):.1f}, at most {max(archived):.1f} s",
            _verdict(max(archived), _MOST_SECONDS, "10 s"),
        ],
        ["cleared beside submissions", f"median {statistics.median(one.cleared for one in beside):.1f} s", ""],
        ["both, CPU of upkeep", f"median {statistics.median(one.cpu_seconds for one in beside):.1f} s", ""],
        ["submissions in the pauses", _said(pauses), ""],
        ["submissions beside it", _said(during), ""],
        ["p99 beside / in the pauses", f"{ratio:.2f}", _verdict(ratio, _MOST_RATIO, "2")],
    ]


@dataclass(frozen=True, slots=True)
class Closing:
    """How a season was closed by api.close_seasons: seconds until it was archived, and from then on until its
    leaderboard rows were deleted; how many steps that took, the longest of these; processor time of it all."""

    archived: float
    cleared: float
    steps: int
    longest_step: float
    cpu_seconds: float

    @property
    def seconds(self) -> float:
        return self.archived + self.cleared

    def said(self) -> str:
        return (
            f"archived after {self.archived:.1f} s, cleared in {self.cleared:.1f} s by {self.steps} steps of at most"
            f" {self.longest_step * 1000:.0f} ms; CPU {self.cpu_seconds:.1f} s"
        )


def _close(connection: psycopg.Connection[Any], ranking_id: int) -> Closing:
    connection.execute(_END, [ranking_id])
    pid = connection.info.backend_pid
    used, began = machine.session_cpu_seconds(pid), time.perf_counter()
    archived = began
    steps, longest = 0, 0.0
    while True:
        taken = _timed(lambda: connection.execute("SELECT api.close_seasons()"))
        is_closed, is_cleared = _one(connection, _STATE, [ranking_id])
        if not is_closed:
            archived = time.perf_counter()
        elif steps == 0:
            archived, steps = time.perf_counter(), 1
        else:
            steps, longest = steps + 1, max(longest, taken)
        if is_cleared:
            cleared, used = time.perf_counter() - archived, machine.session_cpu_seconds(pid) - used
            return Closing(archived - began, cleared, steps - 1, longest, used)


def _reads(
    connection: psycopg.Connection[Any], ranking_id: int, seasons: int, players: int, say: Say
) -> list[Sequence[str]]:
    """The time of reads once the board has this many closed seasons, all of the size of that one."""
    say(f"copying the archive for {seasons} seasons")
    (board_id, closed) = _one(
        connection,
        "SELECT board_id, (SELECT count(*) FROM rankings WHERE board_id = r.board_id) FROM rankings AS r WHERE id = %s",
        [ranking_id],
    )
    for season in range(closed, seasons):
        (copy,) = _one(connection, _SEASON, [board_id, season + 1, season, season])
        for table, columns in (
            ("season_places", "first_place, first_rank, first_total, user_ids, totals"),
            ("season_players", "first_user_id, user_ids, places"),
        ):
            connection.execute(
                f"INSERT INTO {table} SELECT {copy}, {columns} FROM {table} WHERE ranking_id = {ranking_id}".encode()
            )
        connection.execute(
            "UPDATE rankings SET closing_xid = '0', closed_at = now(), cleared = true, players = %s WHERE id = %s",
            [players, copy],
        )
    connection.execute("VACUUM ANALYZE season_places, season_players, rankings")
    lines = []
    pid = connection.info.backend_pid
    for name, statement in _READS.items():
        times, randomly = [], random.Random(1)
        for call in range(_CALLS + 50):
            if call == 50:
                used = machine.session_cpu_seconds(pid)
            arguments = {"player": randomly.randint(1, players), "season": ranking_id}
            taken = _timed(lambda: connection.execute(statement, arguments, prepare=True))  # noqa: B023
            times += [taken] if call >= 50 else []
        cpu = (machine.session_cpu_seconds(pid) - used) / _CALLS * 1000
        median = statistics.median(times) * 1000
        target = _verdict(median, _MOST_MS, "2 ms") if name.startswith("api.player_seasons") else ""
        lines.append(
            [name, f"median {median:.2f}, p99 {_percentile(times, 99) * 1000:.2f} ms; CPU {cpu:.3f} ms", target]
        )
    return lines


class Submissions:
    """Connections that submit without a pause."""

    def __init__(self, url: str, players: int) -> None:
        self._times: list[tuple[float, float]] = []
        self._stopped = threading.Event()
        self._threads = [
            threading.Thread(target=self._submit, args=(url, players, number)) for number in range(_CONNECTIONS)
        ]

    def __enter__(self) -> "Submissions":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def of(self, work: Callable[[], object]) -> list[float]:
        """Seconds of each call that began while `work` ran."""
        began = time.perf_counter()
        work()
        ended = time.perf_counter()
        time.sleep(0.5)  # for those that still run
        return [taken for at, taken in list(self._times) if began <= at < ended]

    def _submit(self, url: str, players: int, number: int) -> None:
        randomly = random.Random(number)
        with psycopg.connect(url, autocommit=True) as connection:
            while not self._stopped.is_set():
                users = [randomly.randint(1, players) for _ in range(_ITEMS)]
                began = time.perf_counter()
                connection.execute(_SUBMIT, [users, [100] * _ITEMS], prepare=True)
                self._times.append((began, time.perf_counter() - began))
                if number == 0 and len(self._times) % 8 == 0:
                    connection.execute("SELECT api.fold_ranks()")


def _one(connection: psycopg.Connection[Any], statement: str, arguments: Sequence[Any] = ()) -> Any:
    row = connection.execute(statement, arguments).fetchone()
    assert row is not None
    return row


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _percentile(times: Sequence[float], percent: int) -> float:
    return sorted(times)[min(len(times) * percent // 100, len(times) - 1)]


def _said(times: Sequence[float]) -> str:
    p50, p99, longest = (
        round(value * 1000, 1) for value in (statistics.median(times), _percentile(times, 99), max(times))
    )
    return f"{len(times)} calls, p50 {p50}, p99 {p99}, longest {longest} ms"


def _verdict(value: float, most: float, said: str) -> str:
    return f"<= {said}: {'met' if value <= most else 'missed'}"


if __name__ == "__main__":
    sys.exit(command.run(main, _LONGEST_SECONDS))
