"""Redis dies, hangs, is full or read-only: requests succeed, no answer is stale, and it comes back by itself."""

import asyncio
import logging
import time

import msgspec
import pytest

from service.cache.epoch_cache import Cache
from service.cache.redis_client import State
from service.database.functions import Database
from tests.support.api import get, submit
from tests.support.waiting import until

LOGGER = "service.cache.redis_client"
SUBMIT = "/api/leaderboard/submit"


async def cache_state(client):
    body = await (await client.get("/readyz")).json()
    assert (body["status"] == "ready") == (body["cache"]["status"] == "up")
    return body["cache"]["status"]


async def until_cache_is(client, state):
    async def reached():
        return await cache_state(client) == state

    await until(reached)


async def play(service, user_id, stop):
    """A player who submits and reads until `stop`, and checks that every read shows what was acknowledged."""
    total, slowest = 0, 0.0
    while not stop.is_set():
        started = time.monotonic()
        total += 1
        assert (await submit(service, user_id, 1))["total_score"] == total
        assert (await get(service, f"/rank/{user_id}"))["total_score"] == total
        top = await get(service, "/top")
        assert {row["user_id"]: row["total_score"] for row in top}[user_id] == total
        slowest = max(slowest, time.monotonic() - started)
        await asyncio.sleep(0.005)
    return total, slowest


class Game:
    """Players on a service while Redis is broken."""

    def __init__(self, service):
        self._stop = asyncio.Event()
        self._players = [asyncio.create_task(play(service, n, self._stop)) for n in range(1, 5)]

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exc_info):
        self._stop.set()
        results = await asyncio.gather(*self._players)
        assert all(total > 5 for total, _ in results)
        # A loose bound: no request may wait for a Redis that is known to be down.
        assert max(slowest for _, slowest in results) < 5


async def test_killed_and_back_while_requests_run(new_client, own_redis, caplog):
    caplog.set_level(logging.INFO, logger=LOGGER)
    service = await new_client(redis_url=own_redis.url)
    async with Game(service):
        for _ in range(2):
            await asyncio.sleep(0.3)
            own_redis.kill()
            await until_cache_is(service, "down")
            await asyncio.sleep(0.5)
            own_redis.start()
            await until_cache_is(service, "up")
        await asyncio.sleep(0.3)
    messages = [record.getMessage() for record in caplog.records if record.name == LOGGER]
    assert messages == ["cache down: answering from PostgreSQL alone", "cache up"] * 2


async def test_a_redis_that_hangs_costs_its_timeout_once(new_client, own_redis):
    service = await new_client(redis_url=own_redis.url, redis_timeout_ms=1000)
    await submit(service, 7, 1)
    own_redis.freeze()
    started = time.monotonic()
    for total in range(2, 32):
        assert (await submit(service, 7, 1))["total_score"] == total
        assert (await get(service, "/rank/7"))["total_score"] == total
    # 60 calls; if each waited for Redis it would take a minute.
    assert time.monotonic() - started < 10
    assert await cache_state(service) == "down"
    own_redis.thaw()
    await until_cache_is(service, "up")
    assert (await get(service, "/rank/7"))["total_score"] == 31


async def test_hangs_while_requests_run(new_client, own_redis):
    service = await new_client(redis_url=own_redis.url, redis_timeout_ms=100)
    async with Game(service):
        for _ in range(3):
            await asyncio.sleep(0.2)
            own_redis.freeze()
            await until_cache_is(service, "down")
            await asyncio.sleep(0.3)
            own_redis.thaw()
            await until_cache_is(service, "up")


async def test_a_write_that_skipped_redis_invalidates_before_redis_is_used_again(settings, own_redis):
    """One process is without Redis and acknowledges a write; another one has stored the value from before it under the
    current epoch. No connection is new, so none sets a new epoch by chance.
    """
    connected = await Database.connect(settings)
    one, other = (
        Cache(own_redis.url, connected, timeout_seconds=5, ttl_seconds=30, max_kept_bytes=1 << 20) for _ in range(2)
    )
    decoder = msgspec.json.Decoder(str)

    async def before():
        return "before"

    async def after():
        return "after"

    for process in one, other:
        assert await process._recovery.attempt()
    assert await one.read("warm up", decoder, before) == b'"before"'
    one._redis.fail("given up", State.DOWN)
    assert await other.read("key", decoder, before) == b'"before"'
    await one.invalidate_all()
    assert await one.read("key", decoder, after) == b'"after"'
    assert await other.read("key", decoder, after) == b'"after"'
    assert await one._recovery.attempt()
    assert await other._recovery.attempt()
    for process in one, other:
        assert await process.read("key", decoder, after) == b'"after"'
    for process in one, other:
        await process.close()
    await connected.close()


async def test_neither_redis_nor_the_database_can_be_told(new_client, own_redis, db):
    """Then no counted submission is acknowledged, and rejected ones are rejected. The retry is a replay."""
    service = await new_client(redis_url=own_redis.url, redis_timeout_ms=200)
    await submit(service, 7, 1)
    own_redis.kill()
    await db.execute("ALTER FUNCTION api.set_cache_warning(text, uuid) RENAME TO gone")
    refused = [service.post(SUBMIT, json={"user_id": 9, "score": -1}) for _ in range(3)]
    first, batch, *others = await asyncio.gather(
        service.post(SUBMIT, json={"user_id": 7, "score": 2}, headers={"Idempotency-Key": "a"}),
        service.post(f"{SUBMIT}/batch", json=[{"user_id": 8, "score": 3, "idempotency_key": "b"}]),
        *refused,
    )
    for answer in first, batch:
        assert answer.status == 503
        assert answer.headers["Retry-After"]
        assert (await answer.json())["error"]["code"] == "outcome_unknown"
    assert [answer.status for answer in others] == [422] * 3
    assert (await get(service, "/rank/7"))["total_score"] == 3
    await db.execute("ALTER FUNCTION api.gone(text, uuid) RENAME TO set_cache_warning")
    first = await service.post(SUBMIT, json={"user_id": 7, "score": 2}, headers={"Idempotency-Key": "a"})
    assert (first.status, (await first.json())["duplicate"]) == (200, True)
    batch = await service.post(f"{SUBMIT}/batch", json=[{"user_id": 8, "score": 3, "idempotency_key": "b"}])
    assert [one["status"] for one in await batch.json()] == ["duplicate"]
    own_redis.start()
    await until_cache_is(service, "up")


async def test_missing_at_the_start(new_client, own_redis):
    own_redis.kill()
    service = await new_client(redis_url=own_redis.url)
    assert await cache_state(service) == "down"
    await submit(service, 7, 1)
    assert (await get(service, "/rank/7"))["total_score"] == 1
    own_redis.start()
    await until_cache_is(service, "up")
    with own_redis.client() as admin:
        await get(service, "/rank/7")
        assert {key.split(b":")[1] for key in admin.keys("*")} - {b"timeline"} == {b"epoch", b"rank"}


async def test_full(new_client, own_redis):
    """A full Redis accepts DEL, which keeps both processes from stale answers."""
    service, other = await new_client(redis_url=own_redis.url), await new_client(redis_url=own_redis.url)
    with own_redis.client() as admin:
        admin.config_set("maxmemory-policy", "noeviction")
        await submit(service, 7, 1)
        assert (await get(other, "/rank/7"))["total_score"] == 1
        admin.config_set("maxmemory", 1)
        for total in range(2, 12):
            assert (await submit(service, 7, 1))["total_score"] == total
            assert (await get(other, "/rank/7"))["total_score"] == total
            assert (await get(service, "/rank/7"))["total_score"] == total
        assert await cache_state(service) == "down"
        admin.config_set("maxmemory", 0)
    for client in service, other:
        await until_cache_is(client, "up")
        assert (await get(client, "/rank/7"))["total_score"] == 11


async def test_too_full_for_a_value(new_client, own_redis):
    """Redis stays in use if it has no room for a value."""
    service = await new_client(redis_url=own_redis.url)
    await submit(service, 7, 1)
    with own_redis.client() as admin:
        admin.config_set("maxmemory", 1)
        admin.config_set("maxmemory-policy", "noeviction")
        for _ in range(3):
            assert (await get(service, "/rank/7"))["total_score"] == 1
        assert await cache_state(service) == "up"
        assert {key.split(b":")[1] for key in admin.keys("*")} == {b"epoch", b"timeline"}  # and no value


async def test_read_only(new_client, own_redis):
    service = await new_client(redis_url=own_redis.url)
    await submit(service, 7, 1)
    with own_redis.client() as admin:
        assert (await get(service, "/rank/7"))["total_score"] == 1
        admin.replicaof("127.0.0.1", 1)
        for total in range(2, 12):
            assert (await submit(service, 7, 1))["total_score"] == total
            assert (await get(service, "/rank/7"))["total_score"] == total
        assert await cache_state(service) == "down"
        admin.replicaof("NO", "ONE")
    await until_cache_is(service, "up")
    assert (await get(service, "/rank/7"))["total_score"] == 11


async def test_an_attempt_that_fails_with_an_error_of_ours(new_process, monkeypatch, caplog):
    """It is logged once, with its traceback, and is not the last attempt."""
    process = await new_process()

    async def fails():
        raise RuntimeError("a defect")

    with monkeypatch.context() as patch:
        patch.setattr(process.lease, "poll", fails)
        for _ in range(3):
            assert not await process.recovers()
    (record,) = [record for record in caplog.records if record.exc_info]
    assert str(record.exc_info[1]) == "a defect"
    assert await process.recovers()


async def test_locked(new_client, own_redis):
    with own_redis.client() as admin:
        admin.config_set("requirepass", "secret")
        service = await new_client(redis_url=own_redis.url)
        assert await cache_state(service) == "down"
        await submit(service, 7, 1)
        assert (await get(service, "/rank/7"))["total_score"] == 1
        admin.config_set("requirepass", "")
    await until_cache_is(service, "up")


@pytest.mark.parametrize("greeting", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x00" * 100], ids=repr)
async def test_something_else_on_the_port(new_client, greeting):
    async def talk(reader, writer):
        writer.write(greeting)
        await reader.read(1)
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    try:
        port = server.sockets[0].getsockname()[1]
        service = await new_client(redis_url=f"redis://127.0.0.1:{port}/0")
        await submit(service, 7, 1)
        assert (await get(service, "/rank/7"))["total_score"] == 1
        assert await cache_state(service) == "down"
    finally:
        server.close()
