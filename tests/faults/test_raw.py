"""What no library would send: huge and endless bodies, slow clients, bad framing, JSON at its edges. The
service stays up, answers everybody else, and does not grow.
"""

import contextlib
import json
import re
import select
import socket
import zlib
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.faults.raw import SUBMIT, connect, post, receive, send
from tests.faults.stack import Stack

BATCH = f"{SUBMIT}/batch"
GOOD = b'{"user_id": 7, "score": 1}'
#: What the process may take more at its peak within a test: a few bodies of MAX_BODY_BYTES at once, what
#: Python makes of them, and hundreds of connections. Tests of bodies send several times as much.
MAY_GROW_BYTES = 64 << 20


@pytest.fixture(autouse=True)
def stays_up_and_small(stack: Stack) -> Iterator[None]:
    """Around each test: the same process, still answering, and hardly larger than before."""
    process = psutil.Process(stack.service.process.pid)
    assert stack.service.submit(7, 1)[0] == 200
    before = process.memory_info().rss
    Path(f"/proc/{process.pid}/clear_refs").write_text("5")  # forgets the peak so far
    yield
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process.pid}/status").read_text())
    assert peak is not None
    assert int(peak[1]) * 1024 - before < MAY_GROW_BYTES
    assert stack.service.submit(7, 1)[0] == 200
    assert stack.service.request("/readyz")[0] == 200
    assert "Traceback" not in stack.service.log.read_text()


# --- bodies -------------------------------------------------------------------------------------------------


def test_a_huge_body(stack: Stack) -> None:
    for path in SUBMIT, BATCH:
        answer = send(stack.address, post(b"[" + b" " * (200 << 20), path=path))
        assert (answer.status, answer.error) == (413, "payload_too_large")


def test_a_body_that_is_said_to_be_huge(stack: Stack) -> None:
    with connect(stack.address) as connection:
        connection.sendall(post(b"[" + b" " * (2 << 20), b"Content-Length: 1000000000000"))
        answer = receive(connection)
    assert (answer.status, answer.error) == (413, "payload_too_large")


@pytest.mark.parametrize("piece", [b"1\r\n \r\n", b"10000\r\n" + b" " * 65536 + b"\r\n"])
def test_an_endless_body(stack: Stack, piece: bytes) -> None:
    """In chunks, which have no length that could be refused beforehand: until the service has enough."""
    with connect(stack.address) as connection:
        connection.sendall(post(b"", b"Transfer-Encoding: chunked"))
        sent = 0
        while not select.select([connection], [], [], 0)[0]:
            connection.sendall(piece * (1 + (1 << 17) // len(piece)))
            sent += 1 << 17
            assert sent < 1 << 30
        answer = receive(connection)
    assert (answer.status, answer.error) == (413, "payload_too_large")


def test_a_compressed_bomb(stack: Stack) -> None:
    packed = zlib.compress(b" " * (200 << 20), 9)
    assert len(packed) < 1 << 20
    answer = send(stack.address, post(packed, b"Content-Length: %d" % len(packed), b"Content-Encoding: deflate"))
    assert answer.status in {400, 413}
    assert answer.error


# --- slow clients -------------------------------------------------------------------------------------------


def test_slow_clients_hold_up_nobody(stack: Stack) -> None:
    """200 that stop within the head, and 200 within the body: the latter are told so after a while."""
    with contextlib.ExitStack() as stack_of_clients:
        heads, bodies = [], []
        for _ in range(200):
            for group, data in (
                (heads, b"POST /api/leaderboard/submit HT"),
                (bodies, post(b'{"user_id"', b"Content-Length: 26")),
            ):
                client = stack_of_clients.enter_context(connect(stack.address))
                client.sendall(data)
                group.append(client)
        for _ in range(20):
            assert stack.service.submit(8, 1)[0] == 200
        for client in bodies:
            answer = receive(client)
            assert (answer.status, answer.error) == (408, "request_timeout")
        # Whoever is slow and comes to an end is served.
        heads[0].sendall(post(GOOD)[len(b"POST /api/leaderboard/submit HT") :])
        assert receive(heads[0]).status == 200


def test_one_that_does_not_read_its_answers(stack: Stack) -> None:
    """Thousands of requests on one connection, and no answer is taken: they wait, and nobody else does."""
    with connect(stack.address) as connection:
        connection.setblocking(False)
        request = b"GET /api/leaderboard/top?limit=1000 HTTP/1.1\r\nHost: localhost\r\n\r\n"
        with contextlib.suppress(BlockingIOError):
            for _ in range(100_000):
                connection.send(request * 20)
        for _ in range(20):
            assert stack.service.submit(9, 1)[0] == 200


# --- framing ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        post(b"zz\r\n{}\r\n0\r\n\r\n", b"Transfer-Encoding: chunked"),
        post(b"-5\r\nhello\r\n0\r\n\r\n", b"Transfer-Encoding: chunked"),
        post(b"5\r\nhelloworld\r\n0\r\n\r\n", b"Transfer-Encoding: chunked"),
        post(b"fffffffffffffffffffff\r\n", b"Transfer-Encoding: chunked"),
        post(GOOD, b"Content-Length: 26", b"Transfer-Encoding: chunked"),
        post(GOOD, b"Content-Length: 26", b"Content-Length: 3"),
        post(GOOD, b"Content-Length: -26"),
        post(GOOD, b"Content-Length: 26x"),
        post(GOOD, b"Content-Length: 99999999999999999999999999"),
        post(GOOD, b"Content-Length: 26", b"Transfer-Encoding: gzip, identity"),
        post(GOOD, b"Content-Length: 26", b"X-Fold: a\r\n b: c\r\n\x00: d"),
        post(GOOD, b"Content-Length: 26", b"No colon at all"),
        post(GOOD, b"Content-Length: 26", b"X: a\x00b"),
        b"\x00" * 1000 + b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 this is TLS\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET /healthz HTTP/1.1\nHost: localhost\n\n\r\n\r\n\xff",
    ],
    ids=lambda data: repr(data[-40:])[:40],
)
def test_what_is_not_http(stack: Stack, data: bytes) -> None:
    """The parser refuses it before there is a request: 400, and the connection ends. Some of it is HTTP
    after all.
    """
    with connect(stack.address) as connection:
        connection.sendall(data)
        answer = receive(connection)
        if answer.status != 200:
            with contextlib.suppress(ConnectionError):
                assert connection.recv(65536) == b""  # what else came is not looked at
    assert answer.status in {200, 400}, answer
    if answer.status != 200:
        assert answer.error == "bad_request"
        assert answer.headers["server"] == "leaderboard"
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (
            post(GOOD, b"Content-Length: 26", *(b"X-%d: y" % number for number in range(20_000))),
            431,
            "headers_too_large",
        ),
        (post(GOOD, b"Content-Length: 26", b"X: " + b"y" * 100_000), 431, "headers_too_large"),
        (b"POST " + b"/" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414, "url_too_long"),
    ],
    ids=["headers", "header", "url"],
)
def test_a_head_that_is_too_large(stack: Stack, data: bytes, status: int, code: str) -> None:
    """Told while most of it is still on its way, and the connection ends."""
    with connect(stack.address) as connection:
        with contextlib.suppress(ConnectionError):
            connection.sendall(data)
        answer = receive(connection)
        with contextlib.suppress(ConnectionError):
            assert connection.recv(65536) == b""
    assert (answer.status, answer.error) == (status, code)
    assert answer.headers["server"] == "leaderboard"
    assert answer.headers["x-content-type-options"] == "nosniff"


KEY = f"lb_0123456789ab_{'c0ffee42' * 8}".encode()


@pytest.mark.parametrize(
    "head",
    [
        b"Authorization: Bearer " + KEY + b"\x00",
        b"Authorization: Bearer " + KEY + b"\x7f",
        b"Authorization : Bearer " + KEY,
        b"Authorization: Bearer " + KEY + b"\r" + b"x",
        b"Bearer " + KEY,
        b"Authorization: LB1-HMAC-SHA256 signature=" + b"c0ffee42" * 8 + b"\x01",
        b"Authorization: Bearer " + KEY + b"A" * 9_000,
    ],
    ids=range(7),
)
def test_a_key_in_a_broken_head_is_not_repeated(stack: Stack, head: bytes) -> None:
    """Neither in the answer nor in the log."""
    answer = send(stack.address, b"GET /api/leaderboard/top HTTP/1.1\r\nHost: localhost\r\n" + head + b"\r\n\r\n")
    assert answer.status in {200, 400, 431}
    assert b"c0ffee42" not in answer.body
    assert "c0ffee42" not in stack.service.log.read_text()


def test_what_follows_a_refused_request_is_not_taken_for_another(stack: Stack) -> None:
    """Both lengths given: no second request may hide in what one side thinks is the body (smuggling)."""
    hidden = post(b'{"user_id": 4711, "score": 1}')
    data = post(b"0\r\n\r\n" + hidden, b"Content-Length: 5", b"Transfer-Encoding: chunked")
    assert send(stack.address, data).status == 400
    assert stack.service.request("/api/leaderboard/rank/4711")[0] == 404


def test_a_thousand_small_headers_are_taken_or_refused(stack: Stack) -> None:
    data = post(GOOD, b"Content-Length: 26", *(b"X-%d: y" % number for number in range(1000)))
    answer = send(stack.address, data)
    assert answer.status in {200, 400, 431}


def test_methods_that_nobody_offers(stack: Stack) -> None:
    for method in "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "OPTIONS":
        answer = send(stack.address, f"{method} {SUBMIT} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert (answer.status, answer.error) == (405, "method_not_allowed"), method


# --- JSON ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        (b'{"user_id": 7, "score": NaN}', {"malformed_json"}),
        (b'{"user_id": 7, "score": -Infinity}', {"malformed_json"}),
        (b'{"user_id": 7, "score": 9223372036854775807}', {"score_out_of_bounds"}),
        (b'{"user_id": 7, "score": 9223372036854775808}', {"score_out_of_bounds"}),
        (b'{"user_id": 9223372036854775808, "score": 1}', {"invalid_user_id"}),
        (b'{"user_id": 7, "score": 1e400}', {"invalid_body", "malformed_json", "score_out_of_bounds"}),
        (b'{"user_id": 7, "score": ' + b"9" * 500_000 + b"}", {"score_out_of_bounds", "malformed_json"}),
        (b'{"user_id": 7, "score": 1, "username": "a\\u0000b"}', {"invalid_username"}),
        (b'{"user_id": 7, "score": 1, "game_mode": "a\\u0000b"}', {"invalid_game_mode"}),
        (b'{"user_id": 7, "score": 1, "username": "a\x00b"}', {"malformed_json", "invalid_username"}),
        (b'{"user_id": 7, "score": 1, "username": "\\ud800"}', {"malformed_json", "invalid_username"}),
        (b'{"user_id": 7, "score": 1, "username": "\xff\xfe"}', {"malformed_json"}),
        (b'{"user_id": 7, "score": 1, "user_id\\u0000": 1}', {"invalid_body"}),
        (b'{"user_id": 7, "score": ' + b"[" * 300_000 + b"}", {"invalid_body", "malformed_json"}),
        (b'{"a":' * 150_000, {"invalid_body", "malformed_json"}),
        (b"[" * 1_000_000, {"invalid_body", "malformed_json"}),
    ],
    ids=lambda value: repr(value[:60]) if isinstance(value, bytes) else "",
)
def test_json_at_its_edges(stack: Stack, body: bytes, codes: set[str]) -> None:
    answer = send(stack.address, post(body))
    assert answer.status in {400, 422}
    assert answer.error in codes
    batch = send(stack.address, post(b"[%s]" % body, path=BATCH))
    if batch.status == 200:
        (outcome,) = json.loads(batch.body)
        assert outcome["status"] == "rejected"
        assert outcome["error"]["code"] in codes
    else:
        assert batch.status == 400
        assert batch.error == "malformed_json"


def test_of_a_key_given_twice_the_last_one_counts(stack: Stack) -> None:
    """As in JavaScript, Python and PostgreSQL's jsonb: everybody who reads the body sees the same."""
    body = b'{"user_id": 7, "user_id": 21, "score": 3, "score": 5}'
    answer = send(stack.address, post(body))
    assert answer.status == 200
    assert json.loads(answer.body)["user_id"] == 21
    assert json.loads(answer.body)["total_score"] == 5


def test_connections_that_come_and_go(stack: Stack) -> None:
    """A thousand that say nothing, and a thousand that are reset within their request."""
    for _ in range(1000):
        connect(stack.address).close()
        with connect(stack.address) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            connection.sendall(post(GOOD)[:-1])


def test_expectations(stack: Stack) -> None:
    """The one there is gets its answer, others are passed over; whatever bytes they are made of."""
    with connect(stack.address) as connection:
        connection.sendall(post(b"", b"Content-Length: 26", b"Expect: 100-continue"))
        assert connection.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(GOOD)
        assert receive(connection).status == 200
    for other in b"miracles", b"\xff", b"":
        assert send(stack.address, post(GOOD, b"Content-Length: 26", b"Expect: " + other)).status == 200
