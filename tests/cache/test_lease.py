"""service/cache/lease.py: two processes, one of which cannot reach Redis, and whether the other reads stale values.

The processes are caches that are not started: nothing happens in them by itself, so a test decides which of them polls
when. Clocks are real, and a test may advance them.
"""

import asyncio
import contextlib

import msgspec
import pytest

from service.cache import lease
from service.cache.epoch_cache import NotInvalidatedError
from service.cache.redis_client import State
from tests.support.waiting import until


async def standing(db):
    return msgspec.json.decode(await db.fetchval("SELECT stand FROM api.cache_warnings()"), type=dict)


async def until_warned(db):
    await until(lambda: standing(db))


@contextlib.asynccontextmanager
async def polls_hang(db):
    """No process can poll the warnings, or set one, meanwhile."""
    async with db.transaction():
        await db.execute("LOCK TABLE cache_warnings IN ACCESS EXCLUSIVE MODE")
        yield


async def test_a_process_without_redis_acknowledges_when_no_other_one_uses_redis(two, db):
    one, other = two
    one.loses_redis()
    written = asyncio.create_task(one.write("second"))
    before = []
    while not written.done():
        before.append(await other.read())
    await written
    assert "first" in before  # nothing was acknowledged yet
    for _ in range(3):
        assert await other.read() == "second"
    assert list(await standing(db)) == [one.warning.process]
    assert other.cache.down_reason is not None


async def test_an_expired_lease_is_not_valid(two, db):
    """The reader never finds the warning, because its polls hang. It does not answer from Redis either."""
    one, other = two
    one.loses_redis()
    await one.write("second")
    async with polls_hang(db):
        assert await other.read() == "second"
        assert other.cache.down_reason is None  # afterwards a poll may find the warning


async def test_a_warning_that_came_and_went_between_two_polls(two, db, own_redis, advance_clocks):
    """Its process died after its acknowledgement. No epoch was set after that write until the reader does."""
    one, other = two
    one.loses_redis()
    await one.write("second")
    for process, token in (await standing(db)).items():
        await db.execute("SELECT api.clear_cache_warning($1, $2)", process, token)
    with own_redis.client() as admin:
        epoch = admin.get("leaderboard:epoch")
    assert await other.read() == "second"
    assert other.cache.down_reason is not None
    with own_redis.client() as admin:
        assert admin.get("leaderboard:epoch") == epoch
        assert await other.recovers()
        assert admin.get("leaderboard:epoch") != epoch
    assert await other.read() == "second"
    advance_clocks(lease.LEASE_SECONDS)
    assert await other.read() == "second"
    assert other.cache.down_reason is None


async def test_no_process_uses_redis_while_a_warning_stands(two, db):
    one, other = two
    one.loses_redis()
    await one.write("second")
    assert await other.read() == "second"
    for _ in range(3):
        assert not await other.recovers()
    assert one.warning.process in other.cache.down_reason
    # Its own writes replace the epoch all the same: other processes may use Redis at any moment.
    await other.write("third")
    assert list(await standing(db)) == [one.warning.process]
    assert await one.recovers()
    assert await standing(db) == {}
    assert await other.recovers()
    for process in one, other:
        assert await process.read() == "third"


async def test_two_that_both_lost_redis(two, db):
    one, other = two
    for process in one, other:
        process.loses_redis()
    await asyncio.gather(one.write("second"), other.write("third"))
    assert set(await standing(db)) == {one.warning.process, other.warning.process}
    assert not await one.recovers()
    assert list(await standing(db)) == [other.warning.process]
    assert await other.recovers()
    assert await one.recovers()
    assert await standing(db) == {}
    for process in one, other:
        assert await process.read() == "third"


async def test_only_the_first_write_of_an_outage_waits(two, db, monkeypatch):
    one, _ = two
    one.loses_redis()
    await one.write("second")
    warning = await standing(db)

    async def sleep(seconds):
        raise AssertionError("no later write waits")

    monkeypatch.setattr(lease.asyncio, "sleep", sleep)
    for value in "third", "fourth":
        await one.write(value)
    monkeypatch.undo()
    # Nor did they change the warning.
    assert await standing(db) == warning


async def test_a_paused_process_sets_its_warning_again(two, db, advance_clocks):
    """Other processes may have cleared it and use Redis again. They need time to find the new one."""
    one, other = two
    one.loses_redis()
    await one.write("second")
    (first,) = (await standing(db)).values()
    assert await other.read() == "second"
    assert not await other.recovers()
    advance_clocks(lease.WARNING_LIFETIME_SECONDS)
    assert not await other.recovers()
    assert await standing(db) == {}  # cleared, because it was not renewed
    assert await other.recovers()
    assert await other.read() == "second"
    await one.write("third")
    (second,) = (await standing(db)).values()
    assert second != first
    assert await other.read() == "third"


async def test_a_warning_that_is_renewed_is_not_cleared(two, db, advance_clocks):
    one, other = two
    one.loses_redis()
    await one.write("second")
    await other.read()
    for _ in range(4):
        assert not await other.recovers()
        advance_clocks(lease.WARNING_LIFETIME_SECONDS * 0.7)
        await one.warning._set(renew=True)
    assert not await other.recovers()
    assert list(await standing(db)) == [one.warning.process]


async def test_a_write_does_not_wait_longer_than_until_redis_is_back(two, db, monkeypatch):
    one, other = two
    monkeypatch.setattr(lease, "WAIT_SECONDS", 3600.0)
    one.loses_redis()
    written = asyncio.create_task(one.write("second"))
    await until_warned(db)
    assert not written.done()
    assert await one.recovers()
    await written
    assert await standing(db) == {}
    for process in one, other:
        assert await process.read() == "second"


async def test_a_full_redis_needs_no_warning(two, db, own_redis):
    """It accepts DEL, which invalidates all values."""
    one, other = two
    with own_redis.client() as admin:
        admin.config_set("maxmemory-policy", "noeviction")
        admin.config_set("maxmemory", 1)
        await one.write("second")
    assert await standing(db) == {}
    for process in one, other:
        assert await process.read() == "second"


async def test_a_read_only_redis_needs_a_warning(two, db, own_redis):
    one, other = two
    with own_redis.client() as admin:
        admin.replicaof("127.0.0.1", 1)
        for value in "second", "third":
            await one.write(value)
            assert list(await standing(db)) == [one.warning.process]
            for process in one, other:
                assert await process.read() == value
        assert not await one.recovers()
        assert list(await standing(db)) == [one.warning.process]
        admin.replicaof("NO", "ONE")
    assert await one.recovers()
    assert not await other.recovers()  # it finds that the server is a new one
    assert await other.recovers()
    assert await standing(db) == {}


async def test_without_postgresql_no_write_is_acknowledged_that_is_not_in_redis(two, db, monkeypatch):
    one, other = two
    one.loses_redis()
    with monkeypatch.context() as patch:
        patch.setattr("service.cache.epoch_cache.INVALIDATE_SECONDS", 0.2)
        async with polls_hang(db):
            with pytest.raises(NotInvalidatedError):
                await one.write("second")
    await one.cache.invalidate_all()  # as for a retry
    assert await other.read() == "second"


async def test_a_read_waits_for_the_poll_and_then_asks_redis(two, db, advance_clocks):
    """Polls are late under load, when PostgreSQL must not get the reads, too."""
    _, other = two
    advance_clocks(lease.LEASE_SECONDS)
    asked = other.cache._redis.call
    count = 0

    def call(*arguments):
        nonlocal count
        count += 1
        return asked(*arguments)

    other.cache._redis.call = call
    async with polls_hang(db):
        read = asyncio.create_task(other.read())
        await asyncio.sleep(0.1)
        assert not read.done()
        assert count == 0
    assert await read == "first"
    assert count == 1


async def test_a_poll_that_was_sent_too_early_does_not_count(two, db, advance_clocks):
    """It returned after the read began, but was sent more than LEASE_SECONDS before that."""
    _, other = two
    advance_clocks(lease.LEASE_SECONDS)
    async with polls_hang(db):
        early = asyncio.create_task(other.lease.is_valid())
        await asyncio.sleep(0.1)
        advance_clocks(lease.LEASE_SECONDS)
        began = lease.clock()
        late = asyncio.create_task(other.lease.is_valid())
        await asyncio.sleep(0.1)
    assert await early
    assert await late
    assert other.lease._confirmed > began - lease.LEASE_SECONDS


async def test_the_lease_begins_with_the_poll_and_not_with_the_epoch(two, db, advance_clocks):
    """A warning between the two shows at the next poll, even if it is gone by then."""
    _, other = two
    other.cache._redis.fail("for a while", State.WRITE_ONLY)
    poll = await other.lease.poll()
    token = await db.fetchval("SELECT token FROM api.set_cache_warning('third process')")
    await db.execute("SELECT api.clear_cache_warning('third process', $1)", token)
    other.cache._redis.state = State.UP
    other.lease.begin(poll)
    advance_clocks(lease.LEASE_SECONDS)
    assert not await other.lease.is_valid()
    assert other.cache.down_reason is not None


async def test_closing_clears_the_own_warning(two, db):
    one, _ = two
    one.loses_redis()
    await one.write("second")
    assert await standing(db) != {}
    await one.cache.close()
    assert await standing(db) == {}


def test_no_lease_outlives_the_wait_for_a_warning():
    assert lease.POLL_SECONDS * 3 <= lease.LEASE_SECONDS < lease.WAIT_SECONDS * 0.9
    assert lease.WARNING_RENEW_SECONDS * 4 <= lease.WARNING_LIFETIME_SECONDS
