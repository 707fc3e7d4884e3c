"""service/lease.py: what two processes know of one another's writes while one of them cannot reach Redis.

The processes are caches that nobody starts: nothing happens in them by itself, so a test decides who looks
when. Clocks are real, and a test may put them on.
"""

import asyncio
import contextlib

import msgspec
import pytest

from service.cache import lease
from service.cache.epoch_cache import EPOCH_KEY, Cache, State, UntoldError
from service.database.functions import Database
from tests.support.waiting import until

TEXT = msgspec.json.Decoder(str)


class Process:
    """A cache of its own on the Redis and the database of the test, which reads `value` from PostgreSQL, as
    it were.
    """

    def __init__(self, cache, truth):
        self.cache = cache
        self.trust = cache._trust
        self._truth = truth

    async def trusts(self):
        return await self.cache._attempt()

    def gives_redis_up(self):
        self.cache._fail("given up", State.DOWN)

    async def read(self, key="key"):
        async def load():
            return self._truth["value"]

        return msgspec.json.decode(await self.cache.read(key, TEXT, load))

    async def write(self, value):
        """Commits and acknowledges."""
        self._truth["value"] = value
        await self.cache.announce()


@pytest.fixture
async def new_process(settings, own_redis):
    truth = {"value": "first"}
    opened = []

    async def make():
        connected = await Database.connect(settings)
        cache = Cache(own_redis.url, connected, timeout_seconds=5, ttl_seconds=30)
        opened.append((cache, connected))
        return Process(cache, truth)

    yield make
    for cache, connected in opened:
        await cache.close()
        await connected.close()


@pytest.fixture
async def two(new_process):
    """Two processes that trust Redis. None of their connections is new any more, so none begins with a new
    epoch by chance.
    """
    one, other = await new_process(), await new_process()
    for process in one, other, one, other:
        assert await process.trusts()
    for process in one, other:
        assert await process.read() == "first"
    return one, other


@pytest.fixture
def put_clocks_on(monkeypatch):
    real, ahead = lease.clock, 0.0

    def put_on(seconds):
        nonlocal ahead
        ahead += seconds

    monkeypatch.setattr(lease, "clock", lambda: real() + ahead)
    return put_on


async def standing(db):
    return msgspec.json.decode(await db.fetchval("SELECT stand FROM api.cache_warnings()"), type=dict)


async def until_warned(db):
    await until(lambda: standing(db))


@contextlib.asynccontextmanager
async def looks_hang(db):
    """Nobody can look at the warnings, nor set one, meanwhile."""
    async with db.transaction():
        await db.execute("LOCK TABLE cache_warnings IN ACCESS EXCLUSIVE MODE")
        yield


async def test_who_gave_redis_up_acknowledges_when_nobody_else_trusts_it(two, db):
    one, other = two
    one.gives_redis_up()
    written = asyncio.create_task(one.write("second"))
    before = []
    while not written.done():
        before.append(await other.read())
    await written
    assert "first" in before  # it could not know yet, and nothing was acknowledged
    for _ in range(3):
        assert await other.read() == "second"
    assert list(await standing(db)) == [one.trust.process]
    assert other.cache.trouble is not None


async def test_a_lease_that_ran_out_is_no_lease(two, db):
    """The reader never learns of the warning, for its looks hang; it does not answer from Redis either."""
    one, other = two
    one.gives_redis_up()
    await one.write("second")
    async with looks_hang(db):
        assert await other.read() == "second"
    assert other.cache.trouble is None


async def test_a_warning_that_came_and_went_between_two_looks(two, db, own_redis, put_clocks_on):
    """Its process died after its acknowledgement. No epoch was set after that write until the reader does."""
    one, other = two
    one.gives_redis_up()
    await one.write("second")
    for process, token in (await standing(db)).items():
        await db.execute("SELECT api.clear_cache_warning($1, $2)", process, token)
    with own_redis.client() as admin:
        epoch = admin.get(EPOCH_KEY)
    assert await other.read() == "second"
    assert other.cache.trouble is not None
    with own_redis.client() as admin:
        assert admin.get(EPOCH_KEY) == epoch
        assert await other.trusts()
        assert admin.get(EPOCH_KEY) != epoch
    assert await other.read() == "second"
    put_clocks_on(lease.LEASE_SECONDS)
    assert await other.read() == "second"
    assert other.cache.trouble is None


async def test_nobody_trusts_redis_while_a_warning_stands(two, db):
    one, other = two
    one.gives_redis_up()
    await one.write("second")
    assert await other.read() == "second"
    for _ in range(3):
        assert not await other.trusts()
    assert one.trust.process in other.cache.trouble
    # Its own writes go to Redis all the same, for others may trust that at any moment.
    await other.write("third")
    assert list(await standing(db)) == [one.trust.process]
    assert await one.trusts()
    assert await standing(db) == {}
    assert await other.trusts()
    for process in one, other:
        assert await process.read() == "third"


async def test_two_that_both_lost_redis(two, db):
    one, other = two
    for process in one, other:
        process.gives_redis_up()
    await asyncio.gather(one.write("second"), other.write("third"))
    assert set(await standing(db)) == {one.trust.process, other.trust.process}
    assert not await one.trusts()
    assert list(await standing(db)) == [other.trust.process]
    assert await other.trusts()
    assert await one.trusts()
    assert await standing(db) == {}
    for process in one, other:
        assert await process.read() == "third"


async def test_only_the_first_write_of_an_outage_waits(two, db, monkeypatch):
    one, _ = two
    one.gives_redis_up()
    await one.write("second")
    warning = await standing(db)

    async def sleep(seconds):
        raise AssertionError("no write waits any more")

    monkeypatch.setattr(lease.asyncio, "sleep", sleep)
    for value in "third", "fourth":
        await one.write(value)
    monkeypatch.undo()
    # The database was not asked either.
    assert await standing(db) == warning


async def test_a_process_that_stood_still_sets_its_warning_anew(two, db, put_clocks_on):
    """Others may have cleared it, trust Redis again, and have their time to learn of the new one."""
    one, other = two
    one.gives_redis_up()
    await one.write("second")
    (first,) = (await standing(db)).values()
    assert await other.read() == "second"
    assert not await other.trusts()
    put_clocks_on(lease.LIFETIME_SECONDS)
    assert not await other.trusts()
    assert await standing(db) == {}  # cleared, for nobody renewed it
    assert await other.trusts()
    assert await other.read() == "second"
    await one.write("third")
    (second,) = (await standing(db)).values()
    assert second != first
    assert await other.read() == "third"


async def test_a_warning_that_is_renewed_is_not_cleared(two, db, put_clocks_on):
    one, other = two
    one.gives_redis_up()
    await one.write("second")
    await other.read()
    for _ in range(4):
        assert not await other.trusts()
        put_clocks_on(lease.LIFETIME_SECONDS * 0.7)
        await one.trust._set(renew=True)
    assert not await other.trusts()
    assert list(await standing(db)) == [one.trust.process]


async def test_a_redis_that_is_back_in_time_spares_the_wait(two, db, monkeypatch):
    one, other = two
    monkeypatch.setattr(lease, "WAIT_SECONDS", 3600.0)
    one.gives_redis_up()
    written = asyncio.create_task(one.write("second"))
    await until_warned(db)
    assert not written.done()
    assert await one.trusts()
    await written
    assert await standing(db) == {}
    for process in one, other:
        assert await process.read() == "second"


async def test_a_full_redis_needs_no_warning(two, db, own_redis):
    """It takes DEL, and that is the news."""
    one, other = two
    with own_redis.client() as admin:
        admin.config_set("maxmemory-policy", "noeviction")
        admin.config_set("maxmemory", 1)
        await one.write("second")
    assert await standing(db) == {}
    for process in one, other:
        assert await process.read() == "second"


async def test_a_redis_that_takes_no_writes_needs_one(two, db, own_redis):
    one, other = two
    with own_redis.client() as admin:
        admin.replicaof("127.0.0.1", 1)
        for value in "second", "third":
            await one.write(value)
            assert list(await standing(db)) == [one.trust.process]
            for process in one, other:
                assert await process.read() == value
        assert not await one.trusts()
        assert list(await standing(db)) == [one.trust.process]
        admin.replicaof("NO", "ONE")
    assert await one.trusts()
    assert await other.trusts()
    assert await standing(db) == {}


async def test_without_postgresql_nothing_is_acknowledged_that_redis_does_not_know_of(two, db, monkeypatch):
    one, other = two
    one.gives_redis_up()
    with monkeypatch.context() as patch:
        patch.setattr("service.cache.epoch_cache.ANNOUNCE_SECONDS", 0.2)
        async with looks_hang(db):
            with pytest.raises(UntoldError):
                await one.write("second")
    await one.cache.announce()  # as for a retry
    assert await other.read() == "second"


async def test_a_read_waits_for_the_look_and_then_asks_redis(two, db, put_clocks_on):
    """Under load looks are late; PostgreSQL must not get the reads on top."""
    _, other = two
    put_clocks_on(lease.LEASE_SECONDS)
    asked = other.cache._redis.mget
    count = 0

    def mget(*keys):
        nonlocal count
        count += 1
        return asked(*keys)

    other.cache._redis.mget = mget
    async with looks_hang(db):
        read = asyncio.create_task(other.read())
        await asyncio.sleep(0.1)
        assert not read.done()
        assert count == 0
    assert await read == "first"
    assert count == 1


async def test_a_look_that_was_sent_too_early_is_none(two, db, put_clocks_on):
    """It came back after the read began; it was sent more than a lease before that."""
    _, other = two
    put_clocks_on(lease.LEASE_SECONDS)
    async with looks_hang(db):
        early = asyncio.create_task(other.trust.holds())
        await asyncio.sleep(0.1)
        put_clocks_on(lease.LEASE_SECONDS)
        began = lease.clock()
        late = asyncio.create_task(other.trust.holds())
        await asyncio.sleep(0.1)
    assert await early
    assert await late
    assert other.trust._confirmed > began - lease.LEASE_SECONDS


async def test_trust_begins_after_the_look_and_not_after_the_epoch(two, db, put_clocks_on):
    """A warning of the moment between the two shows at the next look, even if it is gone by then."""
    _, other = two
    other.cache._fail("for a while", State.CLOSING)
    look = await other.trust.look()
    token = await db.fetchval("SELECT token FROM api.set_cache_warning('third process')")
    await db.execute("SELECT api.clear_cache_warning('third process', $1)", token)
    other.cache._state = State.UP
    other.trust.begin(look)
    put_clocks_on(lease.LEASE_SECONDS)
    assert not await other.trust.holds()
    assert other.cache.trouble is not None


async def test_closing_clears_the_own_warning(two, db):
    one, _ = two
    one.gives_redis_up()
    await one.write("second")
    assert await standing(db) != {}
    await one.cache.close()
    assert await standing(db) == {}


def test_no_lease_outlives_the_wait_for_a_warning():
    assert lease.LOOK_SECONDS * 3 <= lease.LEASE_SECONDS < lease.WAIT_SECONDS * 0.9
    assert lease.RENEW_SECONDS * 4 <= lease.LIFETIME_SECONDS
