"""Load at a fixed rate, in a process of its own: what runs beside the load that is measured.

    API_KEY=lb_... python -m tests.bench.steady submit|rank|top URL --players N --rate N --seconds N --seed N

Requests are due at fixed moments and their latency counts from there, so a server that stalls cannot hide it.
Prints `ready` with the first request and a line of JSON (`Steady`) at the end, which SIGTERM brings about.
"""

import argparse
import asyncio
import dataclasses
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass

import uvloop

from tests.bench import http_client
from tests.bench.http_client import Connection

#: More than this many without an answer, and the next one waits: the rate that was reached tells.
_MOST_AT_ONCE = 64
_ANSWER_SECONDS = 30
_API = "/api/leaderboard"


class SteadyError(Exception):
    """The client at a fixed rate did not start, or did not say what it measured."""


@dataclass(frozen=True, slots=True)
class Steady:
    """What came of it. `rate` is what was answered a second; latencies count from the due moment; `cpu` is
    the client's own use of the processors, in cores.
    """

    rate: float
    answered: int
    p50_ms: float
    p99_ms: float
    cpu: float
    errors: dict[str, int]


class _Client:
    def __init__(self, call: str, url: str, players: int, key: str) -> None:
        self._call = call
        self._url = url
        self._key = key
        self._players = players
        self._room = asyncio.Semaphore(_MOST_AT_ONCE)
        self._idle: list[Connection] = []
        self._latencies: list[float] = []
        self._errors: Counter[str] = Counter()
        self._ended = False

    def end(self) -> None:
        """No more requests; those under way are waited for."""
        self._ended = True

    async def run(self, rate: int, seconds: int) -> Steady:
        started, used = time.monotonic(), time.process_time()
        async with asyncio.TaskGroup() as group:
            for number in range(rate * seconds):
                due = started + number / rate
                await self._room.acquire()
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                if self._ended:
                    break
                group.create_task(self._ask(due))
                if number == 0:
                    print("ready", flush=True)
        for connection in self._idle:
            connection.close()
        elapsed = time.monotonic() - started
        latencies = sorted(self._latencies) or [0.0]
        return Steady(
            rate=round(len(self._latencies) / elapsed, 1),
            answered=len(self._latencies),
            p50_ms=round(latencies[len(latencies) // 2] * 1000, 3),
            p99_ms=round(latencies[len(latencies) * 99 // 100] * 1000, 3),
            cpu=round((time.process_time() - used) / elapsed, 3),
            errors=dict(self._errors),
        )

    async def _ask(self, due: float) -> None:
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                connection = self._idle.pop() if self._idle else await http_client.connect(self._url)
                status = await connection.ask(self._request())
            self._idle.append(connection)
            if status == 200:
                self._latencies.append(time.monotonic() - due)
            else:
                self._errors[str(status)] += 1
        except OSError as error:  # TimeoutError and ConnectionError among them
            self._errors[type(error).__name__] += 1
        finally:
            self._room.release()

    def _request(self) -> bytes:
        player = random.randint(1, self._players)
        if self._call == "submit":
            body = f'{{"user_id": {player}, "score": {random.randint(1, 10_000)}}}'
            return http_client.post_json(self._url, f"{_API}/submit", body, self._key)
        if self._call == "rank":
            return http_client.get(self._url, f"{_API}/rank/{player}", self._key)
        return http_client.get(self._url, f"{_API}/top?limit=10", self._key)


def start(
    call: str, url: str, *, players: int, rate: int, seconds: int, seed: int, key: str = ""
) -> subprocess.Popen[str]:
    """Starts the process and returns once its first request is on its way; each carries the API key, if one is given.
    Raises SteadyError.
    """
    command = [sys.executable, "-m", "tests.bench.steady", call, url]
    for name, value in (("players", players), ("rate", rate), ("seconds", seconds), ("seed", seed)):
        command += [f"--{name}", str(value)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "API_KEY": key})
    assert process.stdout is not None
    if process.stdout.readline().strip() != "ready":
        with process:
            process.kill()
        raise SteadyError(f"the {call} client at a fixed rate did not start")
    return process


def finish(process: subprocess.Popen[str]) -> Steady:
    """Ends the process, if it has not ended, and reads what it measured. Raises SteadyError."""
    process.terminate()
    return result(process)


def result(process: subprocess.Popen[str]) -> Steady:
    """Waits for the process to end and reads what it measured. Raises SteadyError."""
    with process:
        try:
            output, _ = process.communicate(timeout=_ANSWER_SECONDS + 60)
        except BaseException:
            process.kill()
            raise
    if process.returncode != 0:
        raise SteadyError(f"the client at a fixed rate ended with {process.returncode}")
    return Steady(**json.loads(output.splitlines()[-1]))


async def _main(options: argparse.Namespace) -> None:
    random.seed(options.seed)
    client = _Client(options.call, options.url, options.players, os.environ.get("API_KEY", ""))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, client.end)
    measured = await client.run(options.rate, options.seconds)
    print(json.dumps(dataclasses.asdict(measured)), flush=True)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.steady")
    parser.add_argument("call", choices=("submit", "rank", "top"))
    parser.add_argument("url")
    for name in ("players", "rate", "seconds", "seed"):
        parser.add_argument(f"--{name}", type=int, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    uvloop.run(_main(_parse()))
