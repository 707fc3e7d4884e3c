"""When a season begins or ends, nothing is written, and yet no cache answers with what it kept from before."""

import asyncio
import dataclasses
import time

import msgspec
import pytest

from service.cache import lease
from service.errors import DATABASE_UNAVAILABLE, ApiError
from service.observability import metrics
from tests.support import api
from tests.support.seasons import add_board, add_season
from tests.support.waiting import until


@pytest.fixture
def boundary(monkeypatch, two):
    """`pass_boundary(value)`: as if a season had just ended, by the clock of PostgreSQL; what all processes read from
    then on is `value`. Until then, polls find it so many seconds ahead (`boundary.seconds`).
    """

    class Boundary:
        seconds = 60.0
        number = 0

        def passes(self, value):
            self.number += 1
            two[0].finds(value)

    boundary = Boundary()
    for process in two:
        database = process.lease._database
        original = database.cache_status

        async def status(original=original):
            found = await original()
            return dataclasses.replace(found, boundaries=str(boundary.number), boundary_seconds=boundary.seconds)

        monkeypatch.setattr(database, "cache_status", status)
    return boundary


async def test_what_was_kept_is_not_used_past_the_boundary(two, boundary, advance_clocks):
    one, other = two
    boundary.seconds = 0.3
    for process in two:
        await process.lease.renew()
        assert await process.read() == "first"
        assert await process.read() == "first"
    loads = one.loads
    boundary.passes("second")
    advance_clocks(0.31)  # less than a lease
    assert await one.read() == "second"
    assert await other.read() == "second"
    assert await one.read("another") == "second"
    assert one.loads > loads
    # From here on the cache works again.
    loads = one.loads + other.loads
    for process in two:
        assert await process.read() == "second"
        assert process.cache.down_reason is None
    assert one.loads + other.loads <= loads + 1


async def test_until_the_boundary_nothing_is_read_again(two, boundary, advance_clocks):
    one, _ = two
    await one.lease.renew()
    assert await one.read() == "first"
    loads = one.loads
    for _ in range(5):
        advance_clocks(0.3)
        assert await one.read() == "first"
    assert one.loads == loads


async def test_a_process_whose_clock_is_slow_uses_no_older_value(two, boundary):
    """The season ended although the process thinks there is time left: at the latest, the lease ends this."""
    one, other = two
    await one.lease.renew()
    await other.lease.renew()
    assert await one.read() == "first"
    boundary.passes("second")
    await one.lease.renew()
    assert await one.read() == "second"
    # The other one has not polled since. It finds the new epoch, and what the first one stored under it.
    assert await other.read() == "second"


async def test_a_value_that_was_read_before_the_boundary_and_stored_after_it(two, boundary, advance_clocks):
    """The read is slow. Its value may be its answer, since it began before, but no later read gets it."""
    one, _ = two
    boundary.seconds = 0.3
    await one.lease.renew()
    reading, go_on = asyncio.Event(), asyncio.Event()

    async def slow():
        reading.set()
        await go_on.wait()
        return "first"

    answer = asyncio.create_task(one.cache.read("slow", msgspec.json.Decoder(str), slow))
    await reading.wait()
    boundary.passes("second")
    advance_clocks(0.31)
    go_on.set()
    assert await answer == b'"first"'
    for process in two:
        assert await process.read("slow") == "second"


async def test_a_process_that_slept_through_several_boundaries(two, boundary, advance_clocks):
    one, _ = two
    await one.lease.renew()
    assert await one.read() == "first"
    for value in "second", "third", "fourth":
        boundary.passes(value)
    advance_clocks(3600)
    assert await one.read() == "fourth"


async def test_while_the_next_boundary_is_not_known_nothing_is_used(two, boundary):
    one, _ = two
    boundary.seconds = 0.0
    await one.lease.renew()
    for _ in range(2):
        loads = one.loads
        assert await one.read() == "first"
        assert one.loads == loads + 1
    boundary.seconds = 60.0
    await one.lease.renew()
    await one.read()
    loads = one.loads
    assert await one.read() == "first"
    assert one.loads == loads


async def test_redis_fails_at_the_boundary(two, boundary, own_redis, advance_clocks):
    one, _ = two
    await one.lease.renew()
    boundary.passes("second")
    own_redis.kill()
    advance_clocks(lease.LEASE_SECONDS)
    for process in two:
        assert await process.read() == "second"
        assert process.cache.down_reason is not None
    own_redis.start()
    for process in two:
        while not await process.recovers():
            await asyncio.sleep(0.05)
        assert await process.read() == "second"


async def test_postgresql_cannot_be_asked_at_the_boundary(two, boundary, monkeypatch, advance_clocks):
    one, _ = two
    boundary.seconds = 0.1
    await one.lease.renew()
    boundary.passes("second")

    async def fails():
        raise ApiError(DATABASE_UNAVAILABLE)

    monkeypatch.setattr(one.lease._database, "cache_status", fails)
    advance_clocks(0.11)
    assert await one.read() == "second"


async def test_a_season_that_ends(two, db):
    """As above, with a real season and the clock of PostgreSQL."""
    one, _ = two
    await add_board(db, "manual", manual_seasons="true")
    await add_season(db, "manual", 1, -100, 0.7)
    await add_season(db, "manual", 2, 0.7, 100)
    for process in two:
        await process.lease.renew()
        assert await process.read() == "first"
    await db.execute(
        "SELECT pg_sleep(greatest(0, extract(epoch FROM max(starts_at) - clock_timestamp()))) FROM rankings"
    )
    one.finds("second")
    for process in two:
        assert await process.read() == "second"


async def test_two_services_show_the_next_season_from_its_first_moment_on(db, new_client):
    """They answer from their memory until then. No watcher helps: it is off."""
    clients = [await new_client(), await new_client()]
    await db.execute("SELECT api.create_board('short', p_period => '3 seconds')")
    await until(lambda: _within(db, 0.1, 0.8))
    await db.execute("SELECT api.submit_score(1, 5, p_board => 'short')")
    boundary = (await db.fetchval(ENDS)).timestamp()
    kept = metrics.CACHE_KEPT["top",].value
    seen = []
    while time.time() < boundary + 0.7:
        for client in clients:
            asked = time.time()
            totals = [row["total_score"] for row in await api.get(client, "/top?board=short")]
            seen.append((asked, time.time(), totals))
            await asyncio.sleep(0.003)
    before = [totals for _, answered, totals in seen if answered < boundary]
    after = [totals for asked, _, totals in seen if asked >= boundary]
    assert all(totals == [5] for totals in before)
    assert all(totals == [] for totals in after)
    assert len(after) > 20
    assert metrics.CACHE_KEPT["top",].value - kept > len(seen) / 2


ENDS = "SELECT r.ends_at FROM rankings AS r WHERE r.id > 1 AND r.starts_at <= clock_timestamp() AND r.ends_at > now()"


async def _within(db, low, high):
    """Whether the current season has run for so many seconds."""
    return await db.fetchval(
        f"SELECT extract(epoch FROM clock_timestamp() - r.starts_at) BETWEEN $1 AND $2 FROM ({ENDS}) AS e"
        " JOIN rankings AS r ON r.ends_at = e.ends_at AND r.id > 1",
        low,
        high,
    )
