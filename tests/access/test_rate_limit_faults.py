"""Rate limits while Redis is dead, hangs, is full or missing: no call is refused or waits, and one line is logged."""

import asyncio
import logging
import time

import pytest

from service.access import rate_limits
from service.observability import metrics
from tests.support.api import get, submit

LOGGER = "service.access.rate_limits"
DOWN, UP = "rate limits are not enforced: Redis failed", "rate limits are enforced again"


@pytest.fixture
def messages(caplog):
    caplog.set_level(logging.INFO, logger=LOGGER)
    return lambda: [record.getMessage() for record in caplog.records if record.name == LOGGER]


async def limited(new_client, own_redis, **changes):
    """A service on which a player may submit three times."""
    return await new_client(
        redis_url=own_redis.url, rate_limit_address="1000000/day", rate_limit_player="3/day", **changes
    )


def unchecked():
    return sum(series.value for series in metrics.RATE_LIMIT_UNCHECKED.values())


async def until_refused(service, user_id):
    """Submits until the player's limit is enforced again and reached."""
    deadline = time.monotonic() + 10
    while True:
        response = await service.post("/api/leaderboard/submit", json={"user_id": user_id, "score": 1})
        if response.status == 429:
            return
        assert response.status == 200
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


async def test_killed_and_back(new_client, own_redis, messages):
    service = await limited(new_client, own_redis)
    for player in 7, 8:
        await submit(service, player, 1)
        own_redis.kill()
        before = unchecked()
        for _ in range(20):
            await submit(service, player, 1)
        assert unchecked() - before == 40
        own_redis.start()
        await until_refused(service, player)
    assert messages() == [DOWN, UP] * 2


async def test_missing_at_the_start(new_client, own_redis, messages):
    own_redis.kill()
    service = await limited(new_client, own_redis)
    for _ in range(10):
        await submit(service, 7, 1)
    assert messages() == [DOWN]
    own_redis.start()
    await until_refused(service, 7)
    assert messages() == [DOWN, UP]


async def test_a_hanging_redis_is_waited_for_once(new_client, own_redis, messages, monkeypatch):
    monkeypatch.setattr(rate_limits, "RETRY_SECONDS", 3600.0)
    service = await limited(new_client, own_redis, redis_timeout_ms=500)
    await submit(service, 7, 1)
    own_redis.freeze()
    calls = metrics.REDIS["limit",].count
    before = unchecked()
    await asyncio.gather(*(submit(service, user_id, 1) for user_id in range(100, 130)))
    for _ in range(30):
        await submit(service, 8, 1)
    # Calls of the same moment shared one pipeline; no other call asked.
    assert 1 <= metrics.REDIS["limit",].count - calls <= 2
    assert unchecked() - before == 120
    own_redis.thaw()
    assert messages() == [DOWN]


async def test_a_hanging_redis_is_used_again_once_it_answers(new_client, own_redis, messages):
    service = await limited(new_client, own_redis, redis_timeout_ms=200)
    await submit(service, 7, 1)
    own_redis.freeze()
    for _ in range(5):
        await submit(service, 8, 1)
    own_redis.thaw()
    await until_refused(service, 7)
    assert messages() == [DOWN, UP]


async def test_full(new_client, own_redis, messages):
    service = await limited(new_client, own_redis)
    with own_redis.client() as admin:
        admin.config_set("maxmemory-policy", "noeviction")
        admin.config_set("maxmemory", 1)
        before = unchecked()
        for _ in range(10):
            await submit(service, 7, 1)
            await get(service, "/rank/7")
        assert unchecked() - before == 30
        assert messages() == [DOWN]
        admin.config_set("maxmemory", 0)
    await until_refused(service, 7)
    assert messages() == [DOWN, UP]


async def test_read_only(new_client, own_redis, messages):
    service = await limited(new_client, own_redis)
    with own_redis.client() as admin:
        admin.replicaof("127.0.0.1", 1)
        for _ in range(5):
            await submit(service, 7, 1)
        assert messages() == [DOWN]
        admin.replicaof("NO", "ONE")
    await until_refused(service, 7)


async def test_a_whole_batch_is_allowed_without_redis(new_client, own_redis):
    service = await limited(new_client, own_redis)
    own_redis.kill()
    before = unchecked()
    response = await service.post("/api/leaderboard/submit/batch", json=[{"user_id": 7, "score": 1} for _ in range(50)])
    assert {outcome["status"] for outcome in await response.json()} == {"accepted"}
    assert unchecked() - before == 51
