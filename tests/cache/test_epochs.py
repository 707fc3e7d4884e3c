"""The epoch: lost, replaced, brought back by an old Redis."""

import time

from tests.cache.conftest import submit_with_psql
from tests.support.api import get, submit


async def test_an_evicted_epoch_makes_no_stale_value_current(new_client, redis_client, db):
    client = await new_client()
    await submit(client, 7, 10)
    assert (await get(client, "/rank/7"))["total_score"] == 10
    # The value of the lost epoch is stale from here on, so its use would show.
    await submit_with_psql(db, 7, 5)
    assert (await get(client, "/rank/7"))["total_score"] == 10
    redis_client.delete("leaderboard:epoch")
    assert (await get(client, "/rank/7"))["total_score"] == 15


async def test_nor_does_a_flushed_one(new_client, redis_client, db):
    client = await new_client()
    await submit(client, 7, 10)
    await get(client, "/rank/7")
    await submit_with_psql(db, 7, 5)
    redis_client.flushall()
    assert (await get(client, "/rank/7"))["total_score"] == 15
    assert (await get(client, "/rank/7"))["total_score"] == 15


async def test_an_evicted_epoch_costs_a_miss_and_no_more(new_client, redis_client):
    client = await new_client()
    await submit(client, 7, 10)
    redis_client.delete("leaderboard:epoch")
    await get(client, "/rank/7")
    before = redis_client.info("stats")["keyspace_misses"]
    await get(client, "/rank/7")
    assert redis_client.info("stats")["keyspace_misses"] == before


async def test_no_epoch_comes_twice(new_client, redis_client):
    services = [await new_client(), await new_client()]
    epochs = [redis_client.get("leaderboard:epoch")]
    for n in range(40):
        if n % 5 == 0:
            redis_client.delete("leaderboard:epoch")
            await get(services[n % 2], "/top")
        else:
            await submit(services[n % 2], 7, 1)
        epochs.append(redis_client.get("leaderboard:epoch"))
    assert None not in epochs
    assert len(set(epochs)) == len(epochs)


async def test_a_new_connection_begins_with_a_new_epoch(new_client, redis_client, db):
    client = await new_client()
    await submit(client, 7, 10)
    await get(client, "/rank/7")
    await submit_with_psql(db, 7, 5)
    before = redis_client.get("leaderboard:epoch")
    redis_client.client_kill_filter(_type="normal", skipme=True)
    assert (await get(client, "/rank/7"))["total_score"] == 15
    assert redis_client.get("leaderboard:epoch") != before


async def test_a_redis_that_comes_back_with_old_data(new_client, own_redis):
    client, other = await new_client(redis_url=own_redis.url), await new_client(redis_url=own_redis.url)
    await submit(client, 7, 10)
    for service in client, other:
        assert (await get(service, "/rank/7"))["total_score"] == 10
    with own_redis.client() as admin:
        admin.save()
        saved = admin.get("leaderboard:epoch")
    await submit(client, 7, 5)
    own_redis.kill()
    own_redis.start()
    # The saved epoch stands again, and under it the saved answer.
    deadline = time.monotonic() + 10
    while True:
        for service in other, client:
            assert (await get(service, "/rank/7"))["total_score"] == 15
        with own_redis.client() as admin:
            if admin.get("leaderboard:epoch") != saved:
                break
        assert time.monotonic() < deadline
    for service in other, client:
        assert (await get(service, "/rank/7"))["total_score"] == 15


async def test_a_value_from_a_former_primary_is_not_believed(new_process):
    """A standby was promoted, and one process has not noticed: it reads the old value from the former primary, and
    stores it under the epoch that a write on the new primary has set.
    """
    unaware, aware = await new_process(), await new_process()
    for process in unaware, aware, unaware, aware:
        assert await process.recovers()
    for process in unaware, aware:
        assert await process.read() == "first"
    timelines = aware.cache._timelines
    (system,) = timelines._newest
    timelines._newest[system] += 1
    await aware.write("second")
    aware.finds("first")
    assert await unaware.read() == "first"
    aware.finds("second")
    assert await unaware.read() == "first"  # it is in Redis
    for _ in range(2):
        assert await aware.read() == "second"
    unaware.cache._timelines._newest[system] += 1
    aware.finds("first")
    assert await unaware.read() == "second"
