"""A stop or restart under load: each submission that the service read is answered, and no connection is reset."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import aiohttp
import psutil
import psycopg
import pytest

from tests.support.keep_alive import KeepAliveClients, Outcomes
from tests.support.service import Service, scratch_folder
from tests.support.streams import opened
from tests.support.waiting import until

Start = Callable[..., Service]


@pytest.fixture
def database(new_database: Callable[[], str]) -> str:
    return new_database()


@pytest.fixture
def start(database: str) -> Iterator[Start]:
    """`start(**settings)` starts the service on a database of the test's, without a cache."""
    with scratch_folder() as folder:
        started: list[Service] = []

        def begin(**settings: str) -> Service:
            settings = {"DATABASE_URL": database, "REDIS_URL": "redis://127.0.0.1:1", "LOG_LEVEL": "info", **settings}
            started.append(Service(folder / "data", **settings))
            return started[-1].ready()

        yield begin
        for one in started:
            one.process.kill()
            one.process.wait()


def port_of(running: Service) -> int:
    port = urlsplit(running.address).port
    assert port is not None
    return port


def submission_keys(database: str) -> set[str]:
    with psycopg.connect(database) as connection:
        return {key for (key,) in connection.execute("SELECT key FROM submission_keys").fetchall()}


def errors_in(running: Service) -> list[str]:
    return [line for line in running.log.read_text().splitlines() if '"level":"error"' in line or "Traceback" in line]


async def stopped_under_load(running: Service, stop: Callable[[], None]) -> Outcomes:
    clients = KeepAliveClients(port_of(running))
    playing = asyncio.create_task(clients.run())
    await until(lambda: len(clients.outcomes.counted) >= 100, 60)
    stop()
    return await playing


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("everything", [False, True], ids=["main process", "all processes"])
async def test_a_stop_resets_no_connection(start: Start, database: str, workers: str, everything: bool) -> None:
    """`all processes`: as systemd does with KillMode=control-group."""
    running = start(WORKERS=workers)
    processes = [psutil.Process(running.process.pid)]
    if everything:
        processes += processes[0].children(recursive=True)

    def stop() -> None:
        for process in processes:
            process.send_signal(signal.SIGTERM)

    outcomes = await stopped_under_load(running, stop)
    assert await asyncio.to_thread(running.ended) == 0
    assert (outcomes.broken, outcomes.failed) == (set(), [])
    # What was answered counts, and what was not answered was not read.
    assert submission_keys(database) == outcomes.counted
    assert errors_in(running) == []


async def test_a_restart_resets_no_connection(start: Start, database: str) -> None:
    running = start(WORKERS="2")
    clients = KeepAliveClients(port_of(running))
    playing = asyncio.create_task(clients.run())
    running.signal(signal.SIGUSR1)
    await until(lambda: "all workers are restarted" in running.log.read_text(), 60)
    reached = len(clients.outcomes.counted) + 50
    await until(lambda: len(clients.outcomes.counted) >= reached, 60)
    clients.stop()
    outcomes = await playing
    assert (outcomes.broken, outcomes.failed) == (set(), [])
    assert submission_keys(database) == outcomes.counted
    running.stop()
    assert errors_in(running) == []


async def test_idle_connections_end_cleanly_and_what_still_comes_on_them_is_not_counted(
    start: Start, database: str
) -> None:
    running = start()
    request = (
        b"POST /api/leaderboard/submit HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b'Idempotency-Key: late\r\nContent-Length: 25\r\n\r\n{"user_id": 1, "score":1}'
    )
    connections = [await asyncio.open_connection("127.0.0.1", port_of(running)) for _ in range(2)]
    connections[1][1].write(request[:50])
    await asyncio.to_thread(running.request, "/healthz")
    running.signal(signal.SIGTERM)
    for reader, writer in connections:
        assert await reader.read() == b""
        writer.write(request)
        await writer.drain()
    await asyncio.sleep(0.1)  # A reset would arrive within this time, and the next write would raise it.
    for _, writer in connections:
        writer.write(request)
        await writer.drain()
        writer.close()
        await writer.wait_closed()
    assert await asyncio.to_thread(running.ended) == 0
    assert submission_keys(database) == set()
    assert errors_in(running) == []


@pytest.mark.parametrize("workers", ["1", "2"])
async def test_before_a_delayed_stop_readyz_is_503_and_calls_work(start: Start, workers: str) -> None:
    running = start(WORKERS=workers, SHUTDOWN_DELAY_SECONDS="600")
    # All processes, as systemd does: each worker waits, too.
    for process in [psutil.Process(running.process.pid), *psutil.Process(running.process.pid).children()]:
        process.send_signal(signal.SIGTERM)
    for _ in range(8):  # of either worker
        await until(lambda: running.request("/readyz")[0] == 503, 60)
    assert running.request("/readyz")[1]["status"] == "stopping"
    assert running.request("/healthz")[0] == 200
    assert running.submit(1, 10)[0] == 200
    running.signal(signal.SIGTERM)
    assert await asyncio.to_thread(running.ended) == 0


async def test_a_restart_has_no_delay(start: Start) -> None:
    running = start(WORKERS="2", SHUTDOWN_DELAY_SECONDS="600")
    running.signal(signal.SIGUSR1)
    await until(lambda: "all workers are restarted" in running.log.read_text(), 60)
    assert "killed" not in running.log.read_text()
    running.signal(signal.SIGTERM)
    running.signal(signal.SIGTERM)


async def test_a_delayed_stop_resets_no_connection(start: Start, database: str) -> None:
    running = start(WORKERS="2", SHUTDOWN_DELAY_SECONDS="1")
    outcomes = await stopped_under_load(running, lambda: running.signal(signal.SIGTERM))
    assert await asyncio.to_thread(running.ended) == 0
    assert (outcomes.broken, outcomes.failed) == (set(), [])
    assert submission_keys(database) == outcomes.counted
    assert errors_in(running) == []


@pytest.mark.parametrize("workers", ["1", "2"])
async def test_streams_end_first_and_are_not_waited_for(start: Start, workers: str) -> None:
    """Each client sees a clean end of its stream, with the time after which it may come back."""
    running = start(WORKERS=workers, SHUTDOWN_TIMEOUT_SECONDS="600")
    async with aiohttp.ClientSession(running.address) as client, contextlib.AsyncExitStack() as stack:
        streams = [await stack.enter_async_context(opened(client)) for _ in range(6)]
        for events in streams:
            await events.next()
        running.signal(signal.SIGTERM)
        for events in streams:
            with pytest.raises(EOFError):
                await events.next()
            assert events.retry != 2000, "they come back at different times"
    assert await asyncio.to_thread(running.ended) == 0
    assert errors_in(running) == []


async def test_streams_of_two_workers_show_the_same_and_survive_a_restart(start: Start) -> None:
    running = start(WORKERS="2")
    async with aiohttp.ClientSession(running.address) as client, contextlib.AsyncExitStack() as stack:
        streams = [await stack.enter_async_context(opened(client)) for _ in range(6)]
        first = {(await events.next()).id for events in streams}
        assert len(first) == 1
        await asyncio.to_thread(running.submit, 1, 10)
        second = {(await events.next()).id for events in streams}
        assert len(second) == 1 != first
        running.signal(signal.SIGUSR1)
        for events in streams:
            with pytest.raises(EOFError):
                await events.next()
        await until(lambda: "all workers are restarted" in running.log.read_text(), 60)
        for _ in range(4):
            async with opened(client) as events:
                assert {(await events.next()).id} == second
    running.stop()
    assert errors_in(running) == []
