"""hypothesis: bodies and headers of every kind. No 5xx, and every refusal in the one error shape."""

import json

import psycopg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.faults.raw import SUBMIT, Answer, post, send
from tests.faults.stack import Stack

BATCH = f"{SUBMIT}/batch"

quickly = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

#: Numbers at the ends of everything that stores numbers, and words that are none.
_NUMBERS = st.one_of(
    st.integers(-(2**70), 2**70),
    st.sampled_from([2**31 - 1, 2**31, 2**53 - 1, 2**53, 2**63 - 1, 2**63, 2**64, -(2**63) - 1, 10**400]),
    st.floats(),
)
_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), _NUMBERS, st.text(max_size=80)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=12,
)
_FIELDS = st.sampled_from(["user_id", "score", "game_mode", "username", "idempotency_key", "", "user_id\0"])
#: Nearly right: a submission in which some fields are something else.
_NEARLY = st.builds(
    lambda right, wrong: {**right, **wrong},
    st.fixed_dictionaries({"user_id": st.integers(1, 50), "score": st.integers(0, 100)}),
    st.dictionaries(_FIELDS, _VALUES, max_size=3),
)
_HEADER_TEXT = st.binary(max_size=300).filter(lambda value: not set(value) & {0, 10, 13})
_HEADER_NAMES = st.sampled_from(
    [
        *(b"Idempotency-Key", b"Content-Type", b"Content-Encoding", b"Accept-Encoding", b"Accept"),
        *(b"X-Request-Id", b"Expect", b"Origin", b"Cookie", b"Range", b"Upgrade", b"If-None-Match", b"Host"),
    ]
)


def encoded(value: object) -> bytes:
    # As others do it: NaN and lone surrogates included.
    return json.dumps(value).encode()


def check(answer: Answer) -> None:
    assert answer.status in {200, 400, 404, 409, 413, 415, 422}, answer
    if answer.status != 200:
        assert answer.error


@quickly
@given(body=st.binary(max_size=2000))
@example(body=b"")
@example(body=b"\xff\xfe\x00")
def test_any_bytes(stack: Stack, body: bytes) -> None:
    for path in SUBMIT, BATCH:
        check(send(stack.address, post(body, path=path)))


@quickly
@given(value=_VALUES)
def test_any_json(stack: Stack, value: object) -> None:
    for path in SUBMIT, BATCH:
        check(send(stack.address, post(encoded(value), path=path)))


@quickly
@given(value=_NEARLY)
@example(value={"user_id": 1, "score": 1, "username": "\ud800"})
@example(value={"user_id": 1, "score": 1, "game_mode": "a\0b"})
def test_nearly_a_submission(stack: Stack, value: object) -> None:
    check(send(stack.address, post(encoded(value))))


@quickly
@given(values=st.lists(st.one_of(_NEARLY, _VALUES), max_size=6))
def test_a_batch_of_anything(stack: Stack, values: list[object]) -> None:
    answer = send(stack.address, post(encoded(values), path=BATCH))
    check(answer)
    if answer.status == 200:
        outcomes = json.loads(answer.body)
        assert len(outcomes) == len(values)
        assert {outcome["status"] for outcome in outcomes} <= {"accepted", "duplicate", "rejected"}


@quickly
@given(headers=st.lists(st.tuples(_HEADER_NAMES, _HEADER_TEXT), max_size=5))
def test_any_headers(stack: Stack, headers: list[tuple[bytes, bytes]]) -> None:
    body = b'{"user_id": 1, "score": 1}'
    lines = [name + b": " + value for name, value in headers]
    answer = send(stack.address, post(body, b"Content-Length: %d" % len(body), *lines))
    if answer.status == 100:
        return  # to Expect: 100-continue; the answer itself comes after it
    check(answer)


@quickly
@given(
    path=st.binary(max_size=60).map(lambda raw: "".join(f"%{byte:02x}" for byte in raw)),
    query=st.text(st.characters(codec="ascii", exclude_categories=["Cc", "Zs"]), max_size=80),
)
@example(path="%ff%fe", query="board=%ff")
@example(path="%00", query="board=%00")
@example(path="..%2f..%2f", query="=&&==")
def test_any_path_and_query(stack: Stack, path: str, query: str) -> None:
    query = query.replace("#", "%23")
    for place in f"/{path}", f"/api/leaderboard/rank/{path}", f"/api/leaderboard/top?{query}":
        answer = send(stack.address, f"GET {place} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        check(answer)


@pytest.fixture(scope="module", autouse=True)
def still_exact(stack: Stack):
    """After all of it every rank is exact, and nobody had to restart anything."""
    pid = stack.service.process.pid
    yield
    assert stack.workers_alive() == [pid]
    assert stack.service.process.poll() is None
    assert "Traceback" not in stack.service.log.read_text()
    with psycopg.connect(stack.owner_url) as connection:
        assert connection.execute("SELECT * FROM api.verify_leaderboard()").fetchall() == []
