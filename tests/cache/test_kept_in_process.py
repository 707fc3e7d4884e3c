"""Values that a process keeps itself: a hit needs only the epoch from Redis, and shows every acknowledged write.

Most of these processes are caches in which nothing happens by itself (conftest.py).
"""

import asyncio
import logging
import random

import msgspec
import pytest

from service.cache import epoch_cache, kept_values
from service.cache.redis_client import State
from service.observability import metrics
from tests.cache.conftest import TEXT
from tests.support.api import get, submit
from tests.support.stalls import PLAYER_RANK
from tests.support.waiting import until


async def test_a_hit_asks_redis_only_for_the_epoch(new_client, redis_client, count_calls):
    client = await new_client()
    await submit(client, 7, 10)
    calls = await count_calls(*PLAYER_RANK)
    first = await get(client, "/rank/7")
    redis_client.config_resetstat()
    assert await get(client, "/rank/7") == first
    assert await calls() == 1
    stats = redis_client.info("stats")
    assert (stats["keyspace_hits"], stats["keyspace_misses"]) == (1, 0)
    commands = {name: found["calls"] for name, found in redis_client.info("commandstats").items()}
    assert commands.items() >= {"cmdstat_mget": 1}.items()
    assert commands.keys() <= {"cmdstat_mget", "cmdstat_info", "cmdstat_config|resetstat"}


async def test_calls_of_the_same_moment_share_one_request(two, own_redis):
    one, _ = two
    with own_redis.client() as admin:
        admin.config_resetstat()
        answers = await asyncio.gather(*(one.read() if n % 2 else one.join() for n in range(40)))
        assert answers == ["first"] * 40
        assert admin.info("commandstats")["cmdstat_mget"]["calls"] == 1
        assert admin.info("stats")["keyspace_hits"] == 1


async def test_a_write_of_either_process_is_seen_by_both(two):
    one, other = two
    for n in range(50):
        writer = random.Random(n).choice(two)
        await writer.write(f"value {n}")
        for process in one, other, one:
            assert await process.read() == f"value {n}"


async def test_what_was_read_before_a_write_is_not_kept_after_it(two):
    """The read began before the write and ends after it."""
    one, other = two
    reading, go_on = asyncio.Event(), asyncio.Event()

    async def load():
        reading.set()
        await go_on.wait()
        return "first"

    read = asyncio.create_task(one.cache.read("slow", TEXT, load))
    await reading.wait()
    await other.write("second")
    go_on.set()
    assert msgspec.json.decode(await read) == "first"
    assert await one.read("slow") == "second"


async def test_a_receiver_gets_what_a_task_would(two):
    one, other = two
    for value in "second", "third":
        await other.write(value)
        for expected_loads in 1, 0:
            before = one.loads
            assert await one.join() == value
            assert one.loads - before == expected_loads
    one.loses_redis()
    before = one.loads
    assert await one.join() == "third"
    assert one.loads - before == 1


async def test_it_is_used_only_for_its_time_to_live(two, own_redis, monkeypatch):
    one, _ = two
    now = kept_values.clock()
    monkeypatch.setattr(kept_values, "clock", lambda: now)
    one.finds("second")  # by psql: the epoch stays
    with own_redis.client() as admin:
        admin.delete(*admin.keys("leaderboard:key"))
    now += 0.9
    assert await one.read() == "first"
    now += 30
    assert await one.read() == "second"


async def test_what_was_found_in_redis_is_kept_for_a_second(two, own_redis, monkeypatch):
    """Its age is not known, and the time to live in Redis goes on."""
    one, other = two
    now = kept_values.clock()
    monkeypatch.setattr(kept_values, "clock", lambda: now)
    assert await one.read("shared") == "first"
    before = other.loads
    assert await other.read("shared") == "first"
    with own_redis.client() as admin:
        assert 0 < admin.ttl("leaderboard:shared") <= 30
        admin.delete("leaderboard:shared")  # its time is over
    assert await other.read("shared") == "first"
    assert other.loads == before
    now += epoch_cache.KEEP_FOUND_SECONDS
    one.finds("second")
    assert await other.read("shared") == "second"


async def test_another_timeline_ends_it(two):
    """The process has learned of a promotion: what it kept may come from the former primary."""
    one, other = two
    timelines = one.cache._timelines
    (system,) = timelines._newest
    one.finds("second")
    assert await one.read() == "first"
    timelines._newest[system] += 1
    assert await one.read() == "second"
    assert await other.read() == "first"  # it has not learned of it


async def test_a_value_of_before_a_promotion_is_not_kept_after_it(two):
    one, _ = two
    (system,) = one.cache._timelines._newest

    async def load():
        one.cache._timelines._newest[system] += 1
        return "of the former primary"

    await one.cache.read("slow", TEXT, load)
    assert await one.read("slow") == "first"


@pytest.mark.parametrize("state", [State.DOWN, State.WRITE_ONLY])
async def test_it_is_not_used_while_redis_is_not(two, state):
    one, _ = two
    one.cache._redis.fail("for a while", state)
    one.finds("second")
    assert await one.read() == "second"
    assert await one.recovers()
    assert await one.read() == "second"


async def test_nor_without_a_lease(two, db):
    """Another process has warned that it cannot replace the epoch."""
    one, other = two
    other.loses_redis()
    await other.write("second")
    one.finds("third")
    assert await one.read() == "third"


async def test_redis_dies_and_comes_back_with_the_same_epoch(two, own_redis):
    one, other = two
    with own_redis.client() as admin:
        admin.save()
    own_redis.kill()
    await other.write("second")
    assert await one.read() == "second"
    own_redis.start()
    for process in one, other, one, other:
        await process.recovers()
    for process in one, other, one:
        assert await process.read() == "second"


@pytest.mark.parametrize("how", ["delete", "flushall", "expire", "evict"])
async def test_the_epoch_is_lost(two, own_redis, how):
    one, other = two
    one.finds("second")
    with own_redis.client() as admin:
        if how == "delete":
            admin.delete("leaderboard:epoch")
        elif how == "flushall":
            admin.flushall()
        elif how == "expire":
            admin.pexpire("leaderboard:epoch", 1)
            await asyncio.sleep(0.01)
        else:
            admin.config_set("maxmemory-policy", "allkeys-lru")
            admin.config_set("maxmemory", 1)
            admin.config_set("maxmemory", 0)
    for process in one, other:
        assert await process.read() == "second"


@pytest.mark.parametrize("noticed", [False, True])
async def test_a_lost_connection_ends_it_and_the_cache_goes_on(two, own_redis, noticed):
    """The server may have been restarted meanwhile. A new connection sets a new epoch."""
    one, _ = two
    one.finds("second")
    with own_redis.client() as admin:
        admin.client_kill_filter(_type="normal")
    if noticed:
        await until(lambda: not one.cache._redis._connection.is_open)
    assert await one.read() == "second"
    assert (one.cache.down_reason is None) == noticed  # otherwise it notices by the failure of its next command
    assert await one.recovers()
    assert await one.read() == "second"


async def test_a_server_that_hangs_is_not_waited_for_twice(new_process, own_redis, caplog):
    one = await new_process()
    for _ in range(2):
        assert await one.recovers()
    assert await one.read() == "first"
    one.cache._redis._timeout = 0.1
    one.finds("second")
    own_redis.freeze()
    try:
        with caplog.at_level(logging.WARNING):
            assert await asyncio.gather(*(one.read() for _ in range(20))) == ["second"] * 20
        assert "no answer within 100 ms" in str([record.__dict__ for record in caplog.records])
        assert one.cache._redis.state is State.DOWN
    finally:
        own_redis.thaw()


async def test_a_value_that_redis_cannot_take_is_kept_here(two, own_redis):
    one, _ = two
    await one.write("second")
    with own_redis.client() as admin:
        admin.config_set("maxmemory", 1)
        assert await one.read() == "second"
        before = one.loads
        assert await one.read() == "second"
        assert one.loads == before
        admin.config_set("maxmemory", 0)


async def test_hits_are_counted_apart(two):
    one, other = two
    ratio, kept = metrics.CACHE["shared",], metrics.CACHE_KEPT["shared",]
    before = ratio.found, ratio.missed, kept.value
    await one.read("shared")  # misses
    await one.read("shared")  # kept
    await other.read("shared")  # in Redis
    await other.read("shared")  # kept
    one.loses_redis()
    await one.read("shared")  # misses
    assert (ratio.found, ratio.missed, kept.value) == (before[0] + 3, before[1] + 2, before[2] + 2)
    other.cache.update_gauges()
    assert metrics.CACHE_MEMORY[()].value == other.cache._kept.size > 0
