"""WORKERS: several processes that serve one port, with the guarantees of one."""

import contextlib
import http.client
import itertools
import json
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest

from service.embedded.postgres import running_url
from tests.support.service import Service
from tests.support.waiting import Eventually

Start = Callable[..., Service]
_SUBMIT = "/api/leaderboard/submit"
_CLIENTS = 6
_PLAYERS = 20


def workers_of(service: Service) -> list[psutil.Process]:
    found = []
    for child in psutil.Process(service.process.pid).children():
        # One that has ended, and was not waited for yet, has no command line any more.
        with contextlib.suppress(psutil.ZombieProcess, psutil.NoSuchProcess):
            if "service.process.workers" in child.cmdline():
                found.append(child)
    return found


@pytest.fixture
def pair(service: Start) -> Iterator[Service]:
    """A service of two workers."""
    running = service(WORKERS="2", LOG_LEVEL="info").ready()
    yield running
    if running.process.poll() is None:
        running.stop()


@dataclass
class Client:
    """A player's own connection, made anew when it breaks: each submission is sent until it is acknowledged,
    each time with its key, and after each the player's rank is asked for.
    """

    service: Service
    number: int
    stop: threading.Event
    acknowledged: int = 0
    retries: int = 0
    #: A read that misses what this client was told: (told, read).
    stale: list[tuple[int, int]] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    _connection: http.client.HTTPConnection | None = None

    def play(self) -> None:
        for turn in itertools.count(1):
            if self.stop.is_set():
                break
            player = self.number * _PLAYERS + turn % _PLAYERS + 1
            body = json.dumps({"user_id": player, "score": turn})
            total = self._until_it_counts(body, f"{self.number}-{turn}")
            found = self._ask("GET", f"/api/leaderboard/rank/{player}")
            if found is not None and found[1]["total_score"] != total:
                self.stale.append((total, found[1]["total_score"]))
        if self._connection is not None:
            self._connection.close()

    def _until_it_counts(self, body: str, key: str) -> int:
        while True:
            headers = {"Content-Type": "application/json", "Idempotency-Key": key}
            answer = self._ask("POST", _SUBMIT, body, headers)
            if answer is not None:
                self.acknowledged += 1
                return int(answer[1]["total_score"])
            self.retries += 1

    def _ask(self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None):  # type: ignore[no-untyped-def]
        """The answer, or None when there was none, or a 503."""
        if self._connection is None:
            host = urlsplit(self.service.address).netloc
            self._connection = http.client.HTTPConnection(host, timeout=30)
        try:
            self._connection.request(method, path, body, headers or {})
            with self._connection.getresponse() as response:
                answer = json.load(response)
        except (OSError, http.client.HTTPException, ValueError):
            self._connection.close()
            self._connection = None
            return None
        if response.status not in (200, 503):
            self.refused.append(response.status)
        return (response.status, answer) if response.status == 200 else None


@dataclass
class Game:
    """Clients at play, and what must be true when they stop."""

    service: Service
    clients: list[Client]
    threads: list[threading.Thread]
    stop: threading.Event

    @classmethod
    def begin(cls, service: Service) -> "Game":
        stop = threading.Event()
        clients = [Client(service, number, stop) for number in range(_CLIENTS)]
        threads = [threading.Thread(target=client.play) for client in clients]
        for thread in threads:
            thread.start()
        return cls(service, clients, threads, stop)

    def __enter__(self) -> "Game":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def acknowledged(self) -> int:
        return sum(client.acknowledged for client in self.clients)

    def check(self) -> None:
        """What was acknowledged counts once, nothing else does, and no read contradicted it."""
        assert [client.refused for client in self.clients] == [[]] * _CLIENTS
        assert [client.stale for client in self.clients] == [[]] * _CLIENTS
        url = running_url(self.service.data_dir)
        assert url is not None
        with psycopg.connect(url) as connection:
            counted = connection.execute("SELECT count(*) FROM game_sessions").fetchone()
            assert counted == (self.acknowledged(),)
            assert connection.execute("SELECT * FROM api.verify_leaderboard()").fetchall() == []


def test_both_workers_serve_and_know_each_others_writes(pair: Service) -> None:
    host = urlsplit(pair.address).netloc
    connections = [http.client.HTTPConnection(host, timeout=30) for _ in range(12)]
    for connection in connections:
        connection.connect()
    for score in range(1, 6):
        for writer in connections:
            body = json.dumps({"user_id": 1, "score": score})
            writer.request("POST", _SUBMIT, body, {"Content-Type": "application/json"})
            with writer.getresponse() as response:
                total = json.load(response)["total_score"]
            # Every connection, so both processes: the acknowledged write is in the top list and in the rank.
            for reader in connections:
                reader.request("GET", "/api/leaderboard/top")
                with reader.getresponse() as response:
                    assert json.load(response)[0]["total_score"] == total
                reader.request("GET", "/api/leaderboard/rank/1")
                with reader.getresponse() as response:
                    assert json.load(response)["total_score"] == total
    served = {place.pid: len(place.net_connections("tcp")) for place in workers_of(pair)}
    assert len(served) == 2
    # The listening socket, and at least one connection of twelve: the odds against that are 1 in 2,000.
    assert min(served.values()) >= 2
    for connection in connections:
        connection.close()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_worker_that_ends_loses_and_doubles_nothing_and_is_replaced(
    pair: Service, number: signal.Signals, eventually: Eventually
) -> None:
    with Game.begin(pair) as game:
        for _ in range(2):
            reached = game.acknowledged() + 100
            eventually(lambda goal=reached: game.acknowledged() >= goal)
            before = workers_of(pair)
            before[0].send_signal(number)
            eventually(lambda gone=before[0]: gone not in workers_of(pair))
            eventually(lambda: len(workers_of(pair)) == 2)
        reached = game.acknowledged() + 100
        eventually(lambda: game.acknowledged() >= reached)
    game.check()
    assert "starting another" in pair.log.read_text()


def test_a_restart_in_turn_fails_no_new_request(pair: Service, eventually: Eventually) -> None:
    """A client that opens a connection a request sees nothing of it; one that keeps its own retries once."""
    with Game.begin(pair) as game:
        before = {worker.pid for worker in workers_of(pair)}
        pair.signal(signal.SIGUSR1)
        asked = 0
        while "all workers are restarted" not in pair.log.read_text():
            status, _ = pair.request("/api/leaderboard/top")
            assert status == 200
            asked += 1
        assert asked > 0
        assert before.isdisjoint({worker.pid for worker in workers_of(pair)})
        reached = game.acknowledged() + 50
        eventually(lambda: game.acknowledged() >= reached)
    game.check()
    # Each worker closes each client's connection at most once.
    assert max(client.retries for client in game.clients) <= 2


def test_a_worker_that_does_not_stop_is_killed_in_the_end(service: Start, eventually: Eventually) -> None:
    running = service(WORKERS="2", SHUTDOWN_TIMEOUT_SECONDS="0").ready()
    before = workers_of(running)
    before[0].suspend()
    running.signal(signal.SIGUSR1)
    eventually(lambda: "all workers are restarted" in running.log.read_text(), "new workers")
    assert "did not stop in time" in running.log.read_text()
    assert {one.pid for one in before}.isdisjoint({one.pid for one in workers_of(running)})
    assert running.top() == []
    running.stop()


def test_without_workers_there_is_nothing_to_restart(service: Start, eventually: Eventually) -> None:
    running = service().ready()
    running.signal(signal.SIGUSR1)
    eventually(lambda: "no workers" in running.log.read_text())
    assert running.submit(7, 10)[0] == 200
    running.stop()


def test_workers_follow_their_parent(pair: Service, eventually: Eventually) -> None:
    left = workers_of(pair)
    assert len(left) == 2
    pair.process.kill()
    pair.process.wait()
    eventually(lambda: not any(worker.is_running() for worker in left), "the end of the workers")


def test_a_stop_lets_requests_finish(pair: Service, eventually: Eventually) -> None:
    url = running_url(pair.data_dir)
    assert url is not None
    pair.submit(7, 1)
    with psycopg.connect(url) as connection, psycopg.connect(url, autocommit=True) as watching:
        connection.execute("SELECT FROM users WHERE id = 7 FOR UPDATE")
        answers: list[tuple[int, object]] = []
        waiting = threading.Thread(target=lambda: answers.append(pair.submit(7, 10)))
        waiting.start()
        blocked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        eventually(lambda: watching.execute(blocked).fetchone() == (1,))
        pair.signal(signal.SIGTERM)
        eventually(lambda: pair.log.read_text().count("requests in progress are finished first") >= 2)
        connection.rollback()
        waiting.join(60)
    assert [status for status, _ in answers] == [200]
    assert pair.ended() == 0


def test_workers_that_cannot_start_are_a_clear_end(service: Start) -> None:
    running = service(WORKERS="2", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none", MIGRATE_ON_START="0")
    assert running.ended() == 1
    log = running.log.read_text()
    assert "the database cannot be used" in log
    assert "did not start" in log
    assert running.output.read_text() == ""


def test_a_busy_port_is_told_although_workers_share_theirs(service: Start) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        running = service(WORKERS="2", PORT=str(port))
        assert running.ended() == 1
        assert f"port {port} is in use" in running.log.read_text()


def test_no_worker_shows_a_password(service: Start, pair: Service) -> None:
    for worker in workers_of(pair):
        shown = " ".join(worker.cmdline()) + " ".join(worker.environ().values())
        assert "postgresql://" not in shown
        assert "redis" not in shown


def test_workers_share_their_limits(service: Start) -> None:
    running = service(WORKERS="2", RATE_LIMIT_ADDRESS="10/day", REDIS_TIMEOUT_MS="5000").ready()
    statuses = [running.request("/api/leaderboard/boards")[0] for _ in range(40)]
    assert statuses == [200] * 10 + [429] * 30
    running.stop()
