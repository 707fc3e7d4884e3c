"""`make bench-live`: what streams cost the service, and how late a change reaches them.

    PLAYERS=100000, SUBSCRIBERS=1000, SILENT=20, RUN_SECONDS=10, ROUNDS=3

The best player's total grows by 1 with each commit, so an event says which commits it contains. CPU is that of the
service's process: a push costs what it takes with streams more than without, in rounds that take turns. Latencies are
those of every commit at every subscriber; other jobs on the machine make them longer.
"""

import asyncio
import contextlib
import os
import random
import re
import resource
import statistics
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import uvloop

from service.embedded import EmbeddedPostgres, EmbeddedValkey
from tests.bench import command, load, machine, report
from tests.bench.command import Say
from tests.bench.options import number
from tests.bench.servers import HttpServer, fill_database, leaderboard_service, running

_LONGEST_SECONDS = 1800
_COMMITS_PER_SECOND = 20
_STREAM = b"GET /api/leaderboard/stream?top=%d HTTP/1.1\r\nHost: localhost\r\n\r\n"
#: The first one of an event is the best.
_TOTAL = re.compile(rb'"total_score":([0-9]+)')
_BEST = 1_000_000_000
_CONNECTIONS = 64
#: Changes made while some subscribers read nothing.
_SILENT_SECONDS = 30


class Commits:
    """Commits changes of the best player's total in a thread, at random times, and remembers when each returned."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.times: list[float] = []
        self._stop = threading.Event()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("INSERT INTO users (id, username) VALUES (2147483647, 'best') ON CONFLICT DO NOTHING")
            connection.execute("SELECT api.submit_score(2147483647, %s)", [_BEST])
            row = connection.execute("SELECT total_score FROM api.player_rank(2147483647)").fetchone()
            assert row is not None
            self.first = int(row[0])

    @contextlib.contextmanager
    def made(self) -> Iterator[None]:
        self._stop.clear()
        thread = threading.Thread(target=self._run)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    def _run(self) -> None:
        rng = random.Random(1)
        with psycopg.connect(self._url, autocommit=True) as connection:
            while not self._stop.wait(rng.expovariate(_COMMITS_PER_SECOND)):
                connection.execute("SELECT api.submit_score(2147483647, 1)", prepare=True)
                self.times.append(time.monotonic())


class Subscriber(asyncio.Protocol):
    """Reads a stream, and records how long after its commit each change came."""

    def __init__(self, commits: Commits, latencies: list[float]) -> None:
        self._commits = commits
        self._latencies = latencies
        self._seen = 0
        self.events = 0

    def data_received(self, data: bytes) -> None:
        best = _TOTAL.search(data)
        if best is None:
            return
        now = time.monotonic()
        self.events += 1
        shown = int(best[1]) - self._commits.first
        # The thread notes a commit a moment after it is visible.
        for commit in self._commits.times[self._seen : shown]:
            self._latencies.append(now - commit)
        self._seen = max(self._seen, shown)


@contextlib.asynccontextmanager
async def subscribed(
    server: HttpServer, count: int, commits: Commits, latencies: list[float], *, reading: bool = True, top: int = 10
) -> AsyncIterator[list[Subscriber]]:
    loop = asyncio.get_running_loop()
    place = urlsplit(server.url)
    opened = []
    for _ in range(count):
        transport, subscriber = await loop.create_connection(
            lambda: Subscriber(commits, latencies), place.hostname, place.port
        )
        if not reading:
            transport.pause_reading()
        transport.write(_STREAM % top)
        opened.append((transport, subscriber))
    while reading and not all(subscriber.events for _, subscriber in opened):
        await asyncio.sleep(0.05)
    try:
        yield [subscriber for _, subscriber in opened]
    finally:
        for transport, _ in opened:
            transport.abort()
        await asyncio.sleep(2)  # until the service has noticed


async def pushes(
    server: HttpServer, commits: Commits, subscribers: int, seconds: int, rounds: int, say: Say
) -> list[list[str]]:
    """CPU of a push, and latencies."""
    costs, latencies, per_second = [], [], []
    for number_ in range(rounds):

        async def spent(count: int) -> tuple[float, int]:
            found: list[float] = []
            async with subscribed(server, count, commits, found) as opened:
                found.clear()
                began, events = machine.session_cpu_seconds(server.pids[0]), sum(one.events for one in opened)
                with commits.made():
                    await asyncio.sleep(seconds)
                await asyncio.sleep(0.5)
                used = machine.session_cpu_seconds(server.pids[0]) - began
                latencies.extend(found)
                return used, (sum(one.events for one in opened) - events) // max(1, count)

        alone, _ = await spent(0)
        beside, count = await spent(subscribers)
        costs.append((beside - alone) / max(1, count) * 1e3)
        per_second.append(count / (seconds + 0.5))
        say(f"round {number_ + 1}: {count} pushes, {costs[-1]:.1f} ms of CPU each; {alone:.2f} s without streams")
    latencies.sort()
    at = [latencies[int(len(latencies) * share)] * 1e3 for share in (0.5, 0.99)]
    cost = statistics.median(costs)
    return [
        [f"CPU of a push to {subscribers:,}", f"{cost:.1f} ms", "<= 15 ms", _verdict(cost <= 15)],
        ["pushes a second", f"{statistics.median(per_second):.1f}", "<= 4", _verdict(max(per_second) <= 4.1)],
        ["commit to subscriber, p50", f"{at[0]:.0f} ms", "", ""],
        ["commit to subscriber, p99", f"{at[1]:.0f} ms", "<= 300 ms", _verdict(at[1] <= 300)],
    ]


async def memory(server: HttpServer, commits: Commits, silent: int, say: Say) -> list[list[str]]:
    """Of the service, with clients that never read."""
    async with subscribed(server, silent, commits, [], reading=False, top=100), subscribed(server, 1, commits, []):
        sizes = []
        with commits.made():
            for _ in range(_SILENT_SECONDS // 5):
                await asyncio.sleep(5)
                sizes.append(machine.memory_mb(server.pids[0])[0])
        say(f"memory with {silent} that read nothing: {', '.join(f'{size:.1f}' for size in sizes)} MB")
    growth = sizes[-1] - sizes[0]
    return [[f"memory with {silent} that never read", f"{growth:+.1f} MB", "flat", _verdict(growth < 2)]]


async def submissions(
    server: HttpServer, commits: Commits, subscribers: int, seconds: int, rounds: int, players: int, say: Say
) -> list[list[str]]:
    """How many submissions a service makes beside streams whose process is busy, compared with one without streams:
    what its CPU leaves of a second. The clients take CPU, too, so rates on one machine would say something else.
    """
    ratios = []
    for number_ in range(rounds):
        costs = {}
        for count in (0, subscribers) if number_ % 2 else (subscribers, 0):
            async with subscribed(server, count, commits, []):
                began = machine.session_cpu_seconds(server.pids[0])
                wrk = load.start(
                    "submit", server.url, connections=_CONNECTIONS, seconds=seconds, players=players, seed=number_
                )
                with commits.made():
                    done = await asyncio.to_thread(load.finish, wrk, seconds)
                used = machine.session_cpu_seconds(server.pids[0]) - began
            if done.errors:
                raise load.LoadError(f"submissions failed: {done.errors}")
            costs[count] = used / done.requests
            say(f"round {number_ + 1}, {count} streams: {done.rate:,.0f} submits/s, {costs[count] * 1e6:.0f} us")
            if count:
                rate = done.rate
        ratios.append(1 - (costs[subscribers] - costs[0]) * rate)
    ratio = statistics.median(ratios)
    return [[f"submits beside {subscribers:,}, by CPU", f"{ratio:.2f}x", ">= 0.95x", _verdict(ratio >= 0.95)]]


def _verdict(met: bool) -> str:
    return "met" if met else "missed"


def main(folder: Path, say: Say) -> int:
    def option(name: str, default: int) -> int:
        return number(os.environ, name, default)

    players, subscribers, silent = option("PLAYERS", 100_000), option("SUBSCRIBERS", 1_000), option("SILENT", 20)
    seconds, rounds = option("RUN_SECONDS", 10), option("ROUNDS", 3)
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    with contextlib.ExitStack() as stack:
        postgres = stack.enter_context(running(EmbeddedPostgres(folder / "postgres")))
        say(f"loading {players:,} players")
        fill_database(postgres.url(), players, 5 * players)
        cache = stack.enter_context(running(EmbeddedValkey(folder / "cache")))
        more = {"LOG_LEVEL": "warning", "MAX_STREAMS": str(2 * subscribers + silent)}
        server = stack.enter_context(leaderboard_service(postgres, "leaderboard", cache.url, folder, more=more))
        commits = Commits(postgres.url())

        async def measure() -> list[list[str]]:
            return [
                *await pushes(server, commits, subscribers, seconds, rounds, say),
                *await memory(server, commits, silent, say),
                *await submissions(server, commits, subscribers, seconds, rounds, players, say),
            ]

        lines = uvloop.run(measure())
    print(report.table(("what", "measured", "target", ""), lines))
    return 1 if any("missed" in line for line in lines) else 0


if __name__ == "__main__":
    sys.exit(command.run(main, _LONGEST_SECONDS))
