"""Which Redis server the processes use, when a failover leads some of them to another one: service/cache/recovery.py.

As in test_lease.py the processes are caches in which nothing happens by itself.
"""

import asyncio
import contextlib

import pytest

from service.cache import lease, recovery
from service.cache.redis_client import _Connection, _DiscoveredConnection
from tests.support.breakable_redis import BreakableRedis
from tests.support.waiting import until


@pytest.fixture
def new_primary(tmp_path):
    """The server that a failover made the primary. The old one works on."""
    folder = tmp_path / "new"
    folder.mkdir()
    server = BreakableRedis(folder)
    server.start()
    yield server
    server.kill()


async def server_of(db):
    return await db.fetchval("SELECT server FROM api.cache_status()")


async def moves(process, server):
    process.is_led_to(server.port)
    process.loses_redis()
    return await process.recovers()


async def until_recovered(*processes):
    async def recovered():
        return all([await process.recovers() for process in processes])

    await until(recovered)


async def test_processes_agree_on_one_server(two, db):
    one, other = two
    assert one.lease.server == other.lease.server == await server_of(db)


@pytest.mark.parametrize("renewed", [False, True])
async def test_the_old_primary_is_believed_no_more(two, new_primary, db, renewed):
    """`other` keeps its connections to the old primary, which answers and still has the old epoch and value."""
    one, other = two
    before = await server_of(db)
    assert await moves(one, new_primary)
    assert await server_of(db) != before
    assert await one.read() == "first"  # in the new primary from now on
    await one.write("second")
    if renewed:
        await other.lease.renew()
        assert "another Redis server" in other.cache.down_reason
    for process in two:
        assert await process.read() == "second"
    # What it writes reaches those that use the new primary.
    await other.write("third")
    for process in two:
        assert await process.read() == "third"


async def test_a_write_that_reached_only_the_old_primary_is_not_acknowledged_by_that(two, new_primary, db):
    one, other = two
    assert await moves(one, new_primary)
    assert await one.read() == "first"
    # `other` has not noticed. It would replace the epoch on the old primary, with success.
    written = asyncio.create_task(other.write("second"))
    while not written.done():
        await one.read()
    await written
    for process in two:
        assert await process.read() == "second"


async def test_nor_one_whose_poll_hangs(two, new_primary, db, monkeypatch):
    """The old primary has taken the new epoch, but which server counts cannot be seen."""
    one, _ = two
    monkeypatch.setattr(lease, "MAX_POLL_SECONDS", 0.2)
    monkeypatch.setattr(lease, "LEASE_SECONDS", -1.0)  # no earlier poll counts
    async with db.transaction():
        await db.execute("LOCK TABLE cache_warnings IN ACCESS EXCLUSIVE MODE")
        written = asyncio.create_task(one.write("second"))
        await until(lambda: one.cache.down_reason)
        assert "which Redis server" in one.cache.down_reason
        assert not written.done()
    await written


async def test_a_move_waits_until_no_process_uses_the_old_server(two, new_primary, db, monkeypatch):
    """Without the wait, a write that `other` acknowledges by the old primary would be missing in the new one."""
    one, _ = two
    monkeypatch.setattr(lease, "WAIT_SECONDS", 3600.0)
    moving = asyncio.create_task(moves(one, new_primary))
    await until(lambda: db.fetchval("SELECT stand <> '{}' FROM api.cache_status()"))
    await asyncio.sleep(0.2)
    assert not moving.done()
    assert one.cache.down_reason is not None
    moving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await moving


async def test_a_process_that_comes_after_a_move_waits_too(two, new_primary, db, new_process):
    """The one that moved the others has not finished, and one of them may still use the old server."""
    one, other = two
    known = await server_of(db)
    assert await moves(one, new_primary)
    await db.execute("SELECT api.set_cache_server('third process', $1, $2)", await server_of(db), known.split()[0])
    # Back on the old server, as the third process says, for which its warning stands.
    other.loses_redis()
    assert not await other.recovers()
    assert "moving" in other.cache.down_reason
    assert other.lease.server is None  # its writes need a warning of its own
    await asyncio.sleep(lease.WAIT_SECONDS)
    assert not await other.recovers()
    assert other.lease.server == await server_of(db)
    assert "third process" in other.cache.down_reason


async def test_away_and_back_between_two_polls(two, db):
    """The name of the server is the same again, but values may have been missed. The token tells."""
    one, other = two
    known = await server_of(db)
    await db.execute("SELECT api.set_cache_server('x', $1, 'elsewhere')", known)
    await db.execute("SELECT api.set_cache_server('x', $1, $2)", await server_of(db), known.split()[0])
    token = await db.fetchval("SELECT stand ->> 'x' FROM api.cache_status()")
    await db.execute("SELECT api.clear_cache_warning('x', $1::uuid)", token)
    await other.lease.renew()
    assert other.cache.down_reason is not None
    await until_recovered(one, other)
    await one.write("second")
    for process in two:
        assert await process.read() == "second"


async def test_one_that_was_not_led_elsewhere_waits_for_the_others(two, new_primary, monkeypatch):
    """Otherwise two parts of a split network would move each other back and forth. In the end it does move them: there
    may be no others left.
    """
    one, other = two
    assert await moves(one, new_primary)
    for _ in range(3):
        other.loses_redis()
        assert not await other.recovers()
        assert "other processes use another Redis server" in other.cache.down_reason
    monkeypatch.setattr(recovery, "PATIENCE_SECONDS", 0.0)
    await until_recovered(other)
    await other.write("second")
    for process in two:
        assert await process.read() == "second"


async def test_it_comes_to_their_server(two, new_primary, db):
    one, other = two
    assert await moves(one, new_primary)
    known = await server_of(db)
    assert await moves(other, new_primary)
    assert await server_of(db) == known
    assert other.lease.server == one.lease.server == known


async def test_two_that_move_at_the_same_time(two, new_primary, db):
    one, other = two
    await asyncio.gather(*(moves(process, new_primary) for process in two))
    await until_recovered(one, other)
    assert one.lease.server == other.lease.server == await server_of(db)
    await one.write("second")
    for process in two:
        assert await process.read() == "second"


async def test_no_connection_leads_to_another_server_than_the_last(two, new_primary):
    """The connection was lost, and a new one leads to a new primary. The server is found anew."""
    one, other = two
    one.is_led_to(new_primary.port)
    one.loses_its_connection()
    await one.write("second")
    assert "taken the place" in one.cache.down_reason
    assert await other.read() == "second"


@pytest.mark.parametrize("different", ["/1", "/0?key_prefix=other"])
async def test_other_keys_are_another_server(two, new_process, own_redis, different):
    """Two processes with different databases or prefixes would not see each other's epochs."""
    one, _ = two
    third = await new_process(own_redis.url.removesuffix("/0") + different)
    assert await third.recovers()  # it is new, so it moves the others
    await third.write("second")
    assert await one.read() == "second"
    assert one.cache.down_reason is not None


async def test_a_role_that_changed_under_a_connection(two, own_redis, db):
    """As a replica it took over another server's data, and became a primary again. Its connections stayed."""
    with own_redis.client() as admin:
        admin.replicaof("127.0.0.1", 1)
        admin.replicaof("NO", "ONE")
        known = await server_of(db)
        for process in two:
            process.loses_redis()
        await until_recovered(*two)
        assert await server_of(db) != known


async def test_an_epoch_that_was_replaced_on_another_server_than_the_polls_find(two, new_primary, monkeypatch):
    """While a write opens a connection, another call fails, and the server is forgotten. So the epoch is replaced on
    the new primary, but the other process still uses the old one.
    """
    one, other = two
    redis_client = one.cache._redis
    one.loses_its_connection()
    opening, go_on = asyncio.Event(), asyncio.Event()
    connect = _Connection._connect

    async def slow_connect(connection):
        opening.set()
        await go_on.wait()
        await connect(connection)

    monkeypatch.setattr(_Connection, "_connect", slow_connect)
    one.is_led_to(new_primary.port)
    write = asyncio.create_task(one.write("second"))
    await opening.wait()
    one.loses_redis()
    redis_client.forget_server()  # as an attempt to recover begins
    go_on.set()
    await write
    assert await other.read() == "second"


async def test_a_connection_that_was_closed_while_in_use_finds_the_server_anew(own_redis, new_primary):
    ports = [own_redis.port, new_primary.port]

    async def find():
        return "127.0.0.1", ports.pop(0)

    connection = _DiscoveredConnection(find=find)
    await connection.connect()
    await connection.disconnect()
    await connection.send_command("PING")
    assert connection.port == new_primary.port
    await connection.disconnect()
