"""A failover of PostgreSQL: what Redis holds is out of date before the new primary is used."""

import asyncio
import logging
import math

import asyncpg

from service.database.timeline import Timelines
from service.http import app_keys
from tests.support.api import get, submit
from tests.support.waiting import until


def finds_another_primary(client):
    """The next connection will find that the cluster has a new timeline. All connections of before are broken, and no
    poll of PostgreSQL has succeeded lately, as in an outage.
    """
    timelines = client.app[app_keys.DATABASE].pool.timelines
    for system in timelines._newest:
        timelines._newest[system] = 0
    for connection in list(timelines._connections):
        connection._transport.abort()
    client.app[app_keys.CACHE]._lease._server_confirmed = -math.inf


async def test_values_are_out_of_date_and_the_cache_stays_up(new_client, redis_client, db, caplog):
    client = await new_client()
    await submit(client, 7, 10)
    await get(client, "/rank/7")
    before = redis_client.get("leaderboard:epoch")
    finds_another_primary(client)
    await asyncio.sleep(0)
    response = await client.post("/api/leaderboard/submit", json={"user_id": 7, "score": 1})
    assert response.status in (200, 503)  # 503 if it took a broken connection
    await get(client, "/rank/7")
    said = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert "the database has another primary than before" in said
    assert not any("cache down" in message for message in said)
    assert redis_client.get("leaderboard:epoch") != before


async def test_a_redis_that_fails_at_that_moment(new_client, own_redis):
    client = await new_client(redis_url=own_redis.url)
    await submit(client, 7, 10)
    own_redis.kill()
    finds_another_primary(client)

    async def works():
        return (await client.get("/api/leaderboard/rank/7")).status == 200

    await until(works)
    assert client.app[app_keys.CACHE].down_reason is not None


async def test_a_full_redis_at_that_moment(new_client, own_redis):
    client = await new_client(redis_url=own_redis.url)
    await submit(client, 7, 10)
    await get(client, "/rank/7")
    cache = client.app[app_keys.CACHE]
    with own_redis.client() as admin:
        admin.config_set("maxmemory", 1)
        before = admin.get("leaderboard:epoch")
        await cache.outdate_all()
        assert admin.get("leaderboard:epoch") != before
    assert cache.down_reason is not None


async def test_a_new_connection_waits_for_every_change(database_url):
    """Two promotions may be found at almost the same time: one by a connection, one through Redis."""
    timelines, gates = Timelines(), []

    async def on_change():
        gates.append(asyncio.Event())
        await gates[-1].wait()

    timelines.on_change = on_change
    for timeline in 1, 2, 3:
        timelines.learn(1, timeline)
    connection = await asyncpg.connect(database_url)
    try:
        check = asyncio.create_task(timelines.check(connection))  # finds a third one: another cluster
        await until(lambda: len(gates) == 3)
        for gate in gates[1:]:
            gate.set()
        await asyncio.wait([check], timeout=0.2)
        assert not check.done()
        gates[0].set()
        await check
    finally:
        await connection.close()
