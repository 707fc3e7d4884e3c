"""An acknowledged submission is never followed by an older answer."""

import asyncio
import random

from tests.support.api import get, submit
from tests.support.stalls import PLAYER_RANK, slow_down


async def test_many_writers_and_readers_on_two_services(new_client):
    """Each writer submits for a player of its own, so it knows what every later read must show on both services.
    Readers that ask for the same lists keep Redis full of values that could be stale.
    """
    services = [await new_client(), await new_client()]
    writers, rounds = 8, 60
    for user_id in range(1, writers + 1):
        await submit(services[0], user_id, 1)
    done = asyncio.Event()
    reads = 0
    acknowledged = writers

    async def write(user_id, chance):
        nonlocal acknowledged
        total = 1
        for _ in range(rounds):
            score = chance.randrange(1, 50)
            answer = await submit(chance.choice(services), user_id, score)
            total += score
            assert answer["total_score"] == total
            acknowledged += score
            reader = chance.choice(services)
            rank, top, around = await asyncio.gather(
                get(reader, f"/rank/{user_id}"),
                get(reader, f"/top?limit={writers}"),
                get(reader, f"/around/{user_id}?span=1"),
            )
            assert rank["total_score"] == total
            assert {row["user_id"]: row["total_score"] for row in top}[user_id] == total
            assert {row["user_id"]: row["total_score"] for row in around}[user_id] == total

    async def read(service):
        nonlocal reads
        sums = [0]
        while not done.is_set():
            before = acknowledged
            top = await get(service, f"/top?limit={writers}")
            # Totals only grow, so a list is never older than the one that was answered before.
            sums.append(sum(row["total_score"] for row in top))
            assert sums[-1] >= sums[-2]
            # It contains every write that was acknowledged before the read began, to any client.
            assert sums[-1] >= before
            reads += 1

    readers = [asyncio.create_task(read(service)) for service in services for _ in range(2)]
    await asyncio.gather(*(write(n, random.Random(n)) for n in range(1, writers + 1)))
    done.set()
    await asyncio.gather(*readers)
    assert reads > 50


async def test_a_read_does_not_join_one_that_began_before_a_write(new_client, count_calls, db):
    """The first read has its snapshot and waits. A submission is acknowledged, and the second read begins. Then
    the first may return what it saw, the second may not, and the value that the first one stores is never a hit.
    """
    client, other = await new_client(), await new_client()
    await submit(client, 7, 10)
    calls = await count_calls(*PLAYER_RANK)
    await slow_down(db)
    await db.execute("SELECT pg_advisory_lock(1)")
    first = asyncio.create_task(get(client, "/rank/7"))
    while await calls() < 1:
        await asyncio.sleep(0.02)
    await submit(other, 7, 5)
    second = asyncio.create_task(get(client, "/rank/7"))
    while await calls() < 2:
        await asyncio.sleep(0.02)
    await db.execute("SELECT pg_advisory_unlock(1)")
    assert (await first)["total_score"] == 10
    assert (await second)["total_score"] == 15
    for service in client, other, client:
        assert (await get(service, "/rank/7"))["total_score"] == 15


async def test_only_what_is_not_acknowledged_yet_can_be_seen_and_then_not(new_client, own_redis, db):
    """The limit of monotonic reads: a submission is committed, but its epoch is not set yet. A read from PostgreSQL
    shows it, and the next one, from Redis, does not. Once it is acknowledged, every read shows it.
    """
    writer, reader = [await new_client(redis_url=own_redis.url, redis_timeout_ms=10_000) for _ in range(2)]
    await submit(writer, 7, 10)
    with own_redis.client() as admin:
        epoch = None
        while epoch != (epoch := admin.get("leaderboard:epoch")):  # all connections are made, each with its new epoch
            for service in writer, reader, writer, reader:
                assert (await get(service, "/rank/7"))["total_score"] == 10
        admin.client_pause(10_000, all=False)  # commands that write
        written = asyncio.create_task(submit(writer, 7, 5))
        while (await get(reader, "/ranks?user_ids=7"))[0]["total_score"] == 10:
            await asyncio.sleep(0.005)
        assert (await get(reader, "/rank/7"))["total_score"] == 10
        assert not written.done()
        admin.client_unpause()
    assert (await written)["total_score"] == 15
    for service in writer, reader:
        assert (await get(service, "/rank/7"))["total_score"] == 15


async def test_batches_too(new_client):
    writer, reader = await new_client(), await new_client()
    for total in range(1, 30):
        response = await writer.post("/api/leaderboard/submit/batch", json=[{"user_id": 7, "score": 1}])
        assert response.status == 200
        assert (await get(reader, "/rank/7"))["total_score"] == total
        assert (await get(reader, "/rank/7"))["total_score"] == total


async def test_a_client_that_leaves_does_not_cancel_the_shared_read(new_client, count_calls, db):
    client = await new_client()
    await submit(client, 7, 10)
    calls = await count_calls(*PLAYER_RANK)
    await slow_down(db)
    await db.execute("SELECT pg_advisory_lock(1)")
    first = asyncio.create_task(get(client, "/rank/7"))
    while await calls() < 1:
        await asyncio.sleep(0.02)
    second = asyncio.create_task(get(client, "/rank/7"))
    await asyncio.sleep(0.1)
    first.cancel()
    await asyncio.sleep(0.1)
    await db.execute("SELECT pg_advisory_unlock(1)")
    assert (await second)["total_score"] == 10
    assert await calls() == 1
