"""What clients do to connections, and what a shutdown does to requests."""

import asyncio
import json
import logging

import aiohttp
import pytest
from aiohttp import web

from service.app import create_app
from service.http import malformed
from tests.support.ports import exchange
from tests.support.waiting import until

SUBMIT = "/api/leaderboard/submit"


@pytest.fixture
async def served(settings, express):
    """The service as it is run; the test client's server would cancel the handlers of lost clients."""
    runner = malformed.Runner(create_app(settings), shutdown_timeout=10)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    async with aiohttp.ClientSession(f"http://{host}:{port}") as session:
        yield runner, session
    await runner.cleanup()


async def send_raw(client, data):
    """Sends bytes and gives what comes back until the service closes the connection."""
    return await exchange(data, client.port)


async def waiting_for_a_lock(connection):
    return await connection.fetchval(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )


def post(body, *headers):
    lines = [f"POST {SUBMIT} HTTP/1.1", "Host: localhost", "Content-Type: application/json", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


async def test_a_client_that_leaves_while_it_sends_is_no_error(client, caplog, db):
    _, writer = await asyncio.open_connection("127.0.0.1", client.port)
    writer.write(post(b'{"user_id": 7,', "Content-Length: 100"))
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert (await client.post(SUBMIT, json={"user_id": 8, "score": 1})).status == 200
    assert await db.fetchval("SELECT count(*) FROM users") == 1
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_a_client_that_leaves_before_its_handler_has_begun_is_no_error(served, caplog):
    """uvloop may read the end of a connection together with what came before."""
    caplog.set_level(logging.INFO, "service.request")
    runner, _ = served
    _, writer = await asyncio.open_connection(*runner.addresses[0])
    (connection,) = await until(lambda: runner.server.connections)
    connection.data_received(post(b'{"user_id": 7,', "Content-Length: 100"))
    asyncio.get_running_loop().call_soon(connection.connection_lost, None)  # after the request is made, before its task
    (record,) = await until(lambda: [one for one in caplog.records if one.name == "service.request"])
    assert (record.getMessage(), record.levelno) == ("client disconnected", logging.INFO)
    writer.close()
    await writer.wait_closed()


async def test_a_client_that_leaves_before_the_answer_is_no_error(served, caplog, db, connect):
    runner, session = served
    await session.post(SUBMIT, json={"user_id": 7, "score": 1})
    watcher = await connect()
    async with db.transaction():
        await db.execute("SELECT 1 FROM users WHERE id = 7 FOR UPDATE")
        _, writer = await asyncio.open_connection(*runner.addresses[0])
        writer.write(post(b'{"user_id": 7, "score": 5}', "Content-Length: 26"))
        await until(lambda: waiting_for_a_lock(watcher))
        writer.close()
        await writer.wait_closed()
    await until(lambda: watcher.fetchval("SELECT total_score = 6 FROM leaderboard"))
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_a_chunked_body(client):
    body = b'{"user_id": 7, "score": 5}'
    chunks = b"%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (10, body[:10], len(body) - 10, body[10:])
    answer = await send_raw(client, post(chunks, "Transfer-Encoding: chunked", "Connection: close"))
    assert answer.startswith(b"HTTP/1.1 200 OK")


async def test_what_is_not_http_is_refused_and_harms_nobody(client, subtests):
    for data, status in (
        (b"\x16\x03\x01 this is TLS\r\n\r\n", 400),
        (b"GET\r\n\r\n", 400),
        (b"GET /healthz HTTP/9.9\r\n\r\n", 400),
        (b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
        (post(b"zz\r\n{}\r\n", "Transfer-Encoding: chunked"), 400),
        (post(b"", "Content-Length: minus one"), 400),
    ):
        with subtests.test(data=data[:40]):
            answer = await send_raw(client, data)
            assert b" %d " % status in answer.splitlines()[0]
    assert (await client.get("/healthz")).status == 200


async def test_requests_under_way_are_finished_at_a_shutdown(served, db, connect):
    runner, session = served
    watcher = await connect()
    await session.post(SUBMIT, json={"user_id": 7, "score": 1})
    async with db.transaction():
        await db.execute("SELECT 1 FROM users WHERE id = 7 FOR UPDATE")
        request = asyncio.create_task(session.post(SUBMIT, json={"user_id": 7, "score": 10}))
        await until(lambda: waiting_for_a_lock(watcher))
        address = runner.addresses[0]
        shutdown = asyncio.create_task(runner.cleanup())
        await asyncio.sleep(0.2)
        assert not shutdown.done()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(*address)
    response = await request
    assert json.loads(await response.read())["total_score"] == 11
    await shutdown
    left = await watcher.fetchval(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'leaderboard'"
    )
    assert left == 0
