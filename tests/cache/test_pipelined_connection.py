"""service/cache/pipelined_connection.py against a server that the test controls, and against a real one."""

import asyncio
import contextlib

import pytest
from redis.exceptions import ConnectionError, NoPermissionError, OutOfMemoryError, ReadOnlyError, ResponseError

from service.cache.pipelined_connection import PipelinedConnection
from service.cache.redis_client import RedisClient, RedisConnections, RedisUnavailableError, State
from tests.support.waiting import until

GET = (b"GET", "key")
PATIENCE = 30.0


async def _ready(connection):
    """Instead of a log-in: the scripted server answers only what the test asks."""


class ScriptedServer:
    """Notes what it receives, and sends what the test says."""

    def __init__(self):
        self.received = b""
        self._writers = []

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *exc_info):
        self._server.close()
        self.hang_up()

    async def _accept(self, reader, writer):
        self._writers.append(writer)
        with contextlib.suppress(OSError):
            while data := await reader.read(1 << 16):
                self.received += data

    async def has_received(self, count):
        await until(lambda: self.received.count(b"GET") == count)

    def send(self, data):
        self._writers[-1].write(data)

    @property
    def connections(self):
        return len(self._writers)

    def hang_up(self):
        for writer in self._writers:
            writer.transport.abort()


@pytest.fixture
async def server():
    async with ScriptedServer() as server:
        yield server


@pytest.fixture
async def connection(server):
    redis = RedisConnections(f"redis://127.0.0.1:{server.port}/0", 1, PATIENCE, _ready)
    connection = PipelinedConnection(redis.new_connection)
    await connection.open()
    await until(lambda: server.connections == 1)
    yield connection
    connection.close()


async def test_answers_of_every_kind(server, connection):
    call = connection.send([GET] * 7, PATIENCE)
    await server.has_received(7)
    server.send(b"+OK\r\n:-7\r\n$5\r\na\r\nb\r\r\n$-1\r\n$0\r\n\r\n*3\r\n$1\r\nx\r\n$-1\r\n$1\r\ny\r\n*0\r\n")
    assert await call == [b"OK", -7, b"a\r\nb\r", None, b"", [b"x", None, b"y"], []]


async def test_commands_are_sent_in_one_piece_and_at_once(server, connection):
    connection.send([(b"SET", "kä", 12, b"\r\n"), GET], PATIENCE)
    await server.has_received(1)
    assert (
        server.received
        == "*4\r\n$3\r\nSET\r\n$3\r\nkä\r\n$2\r\n12\r\n$2\r\n\r\n\r\n*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n".encode()
    )


@pytest.mark.parametrize("size", [1, 2, 3, 7])
async def test_answers_that_come_in_pieces(server, connection, size):
    """Several calls wait; each gets its own answers, wherever the pieces end."""
    calls = [connection.send([GET, GET], PATIENCE) for _ in range(3)]
    await server.has_received(6)
    answers = b"".join(b"$3\r\n%d\r\n\r\n*2\r\n$2\r\nab\r\n$-1\r\n" % n for n in (7, 8, 9))
    for start in range(0, len(answers), size):
        connection._line.data_received(answers[start : start + size])
    assert await asyncio.gather(*calls) == [[b"%d\r\n" % n, [b"ab", None]] for n in (7, 8, 9)]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (b"-READONLY You can't write against a read only replica.", ReadOnlyError),
        (b"-NOPERM this user has no permissions", NoPermissionError),
        (b"-MOVED 866 127.0.0.1:7001", ResponseError),
        (b"-WRONGTYPE Operation against a key", ResponseError),
        (b"-\xff\xfe", ResponseError),
    ],
)
async def test_an_error_is_the_answer_of_its_command(server, connection, line, kind):
    call = connection.send([GET, GET], PATIENCE)
    await server.has_received(2)
    server.send(line + b"\r\n+OK\r\n")
    error, other = await call
    assert isinstance(error, kind)
    assert other == b"OK"
    assert connection.is_open


async def test_a_call_that_gets_no_answer_in_time(server, connection):
    """Its answer may come later, and must not be taken for that of another call. So the connection ends."""
    calls = [connection.send([GET], seconds) for seconds in (PATIENCE, 0.05, PATIENCE)]
    await server.has_received(3)
    first, late, last = await asyncio.gather(*calls, return_exceptions=True)
    assert isinstance(late, TimeoutError)
    assert "50 ms" in str(late)
    for other in first, last:
        assert isinstance(other, ConnectionError)
    assert not connection.is_open
    await connection.open()
    await until(lambda: server.connections == 2)
    call = connection.send([GET], PATIENCE)
    await server.has_received(4)
    server.send(b"$3\r\nnew\r\n")
    assert await call == [b"new"]


async def test_a_busy_loop_is_no_timeout(server, connection):
    """The answer is there when the timer is looked at, but has not been read yet."""
    call = connection.send([GET], 0.2)
    await server.has_received(1)
    server.send(b"+OK\r\n")
    line = connection._line
    line._time_out(call, 0.2, 5)  # as if the timer came first
    assert await call == [b"OK"]
    assert connection.is_open


@pytest.mark.parametrize("half", [b"", b"$", b"$5\r\nab", b"*2\r\n$1\r\nx\r\n"])
async def test_a_connection_that_ends(server, connection, half):
    calls = [connection.send([GET], PATIENCE) for _ in range(2)]
    await server.has_received(2)
    server.send(b"+OK\r\n" + half)
    assert await calls[0] == [b"OK"]
    server.hang_up()
    with pytest.raises(ConnectionError):
        await calls[1]
    assert not connection.is_open
    # Nothing of the half answer is left.
    await connection.open()
    call = connection.send([GET], PATIENCE)
    await server.has_received(3)
    server.send(b"+OK\r\n")
    assert await call == [b"OK"]


@pytest.mark.parametrize("data", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"$x\r\n", b"*1\r\n!\r\n", b"\r\n", b":\r\n"])
async def test_a_server_that_is_not_redis(server, connection, data):
    call = connection.send([GET], PATIENCE)
    await server.has_received(1)
    server.send(data)
    with pytest.raises(ConnectionError, match="not one of Redis"):
        await call
    assert not connection.is_open


async def test_an_answer_to_nothing_ends_the_connection(server, connection):
    """Such as an error that comes before the server hangs up. The next call must not get it."""
    server.send(b"-ERR max number of clients reached\r\n")
    await until(lambda: not connection.is_open)


async def test_a_cancelled_call_leaves_the_order_of_the_others(server, connection):
    given_up, waits = connection.send([GET], PATIENCE), connection.send([GET], PATIENCE)
    given_up.cancel()
    await server.has_received(2)
    server.send(b"+first\r\n+second\r\n")
    assert await waits == [b"second"]
    assert connection.is_open


async def test_closing_fails_what_waits(server, connection):
    call = connection.send([GET], PATIENCE)
    connection.close()
    assert not connection.is_open
    with pytest.raises(ConnectionError):
        await call


async def test_calls_that_open_it_at_the_same_time_share_one(server):
    redis = RedisConnections(f"redis://127.0.0.1:{server.port}/0", 1, PATIENCE, _ready)
    connection = PipelinedConnection(redis.new_connection)
    await asyncio.gather(*(connection.open() for _ in range(5)))
    await until(lambda: server.connections)
    await asyncio.sleep(0.05)
    assert server.connections == 1
    connection.close()


async def test_an_opening_that_is_cancelled_or_fails_leaves_nothing_behind(server):
    hang = asyncio.Event()
    made = []

    async def hangs(connection):
        made.append(connection)
        await hang.wait()
        raise ConnectionError("refused")

    redis = RedisConnections(f"redis://127.0.0.1:{server.port}/0", 1, PATIENCE, hangs)
    connection = PipelinedConnection(redis.new_connection)
    opening = asyncio.create_task(connection.open())
    await until(lambda: made)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    hang.set()
    with pytest.raises(ConnectionError, match="refused"):
        await connection.open()
    assert not connection.is_open
    assert not any(one.is_connected for one in made)


async def test_an_opening_is_given_up_by_a_close(server):
    """Otherwise a client that has forgotten its server would go on with a connection to it."""
    made, going_on = asyncio.Event(), asyncio.Event()

    async def waits(connection):
        made.set()
        await going_on.wait()

    redis = RedisConnections(f"redis://127.0.0.1:{server.port}/0", 1, PATIENCE, waits)
    connection = PipelinedConnection(redis.new_connection)
    opening = asyncio.create_task(connection.open())
    await made.wait()
    connection.close()
    going_on.set()
    with pytest.raises(ConnectionError, match="closed"):
        await opening
    assert not connection.is_open
    await connection.open()
    assert connection.is_open
    connection.close()


LOADING = b"-LOADING Redis is loading the dataset in memory"


@pytest.fixture
async def client(server):
    client = RedisClient(f"redis://127.0.0.1:{server.port}/0", PATIENCE, on_connect=_ready, on_failure=lambda: None)
    client.mark_up()
    yield client
    await client.close()


@pytest.mark.parametrize(
    ("line", "state"),
    [
        # redis-py takes the first two for errors of the connection, not of the command.
        (LOADING, State.DOWN),
        (b"-NOAUTH Authentication required.", State.DOWN),
        (b"-READONLY You can't write against a read only replica.", State.DOWN),
        (b"-OOM command not allowed when used memory > 'maxmemory'.", State.WRITE_ONLY),
    ],
)
async def test_a_refused_command_is_a_failure(server, client, line, state):
    """An epoch that was not set must not count as replaced."""
    call = asyncio.create_task(client.call("set", GET, GET))
    await server.has_received(2)
    server.send(b"+OK\r\n" + line + b"\r\n")
    with pytest.raises(RedisUnavailableError):
        await call
    assert client.state is state


async def test_of_a_command_that_may_be_rejected_only_a_rejection_is_an_answer(server, client):
    call = asyncio.create_task(client.call("set", GET, GET, may_reject=True))
    await server.has_received(2)
    server.send(b"-OOM full\r\n+OK\r\n")
    rejected, other = await call
    assert (type(rejected), other) == (OutOfMemoryError, b"OK")
    assert client.state is State.UP
    call = asyncio.create_task(client.call("set", GET, may_reject=True))
    await server.has_received(3)
    server.send(LOADING + b"\r\n")
    with pytest.raises(RedisUnavailableError):
        await call
    assert client.state is State.DOWN


async def test_a_real_server(own_redis):
    """What the cache sends, among it a list of values that does not arrive in one piece."""
    redis = RedisConnections(own_redis.url, 1, PATIENCE)
    connection = PipelinedConnection(redis.new_connection)
    await connection.open()
    large = {f"key {n}": bytes([n]) * (1 << 18) for n in range(20)}
    stored = await connection.send([(b"SET", key, value, b"EX", 60) for key, value in large.items()], PATIENCE)
    assert stored == [b"OK"] * 20
    found, missing, wrong, refused = await connection.send(
        [(b"MGET", *large, "none"), (b"SET", "none", 1, b"XX"), (b"NONSENSE",), (b"DEL", *large)], PATIENCE
    )
    assert found == [*large.values(), None]
    assert missing is None
    assert isinstance(wrong, ResponseError)
    assert refused == 20
    own_redis.kill()
    await until(lambda: not connection.is_open)
