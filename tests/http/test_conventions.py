"""What holds for every call: request ids, log lines, headers, gzip, CORS, HEAD."""

import asyncio
import dataclasses
import io
import json
import logging

import pytest

from service.app import create_app
from service.observability import logs

TOP = "/api/leaderboard/top"
SUBMIT = "/api/leaderboard/submit"


@pytest.fixture
def log_lines():
    """The JSON log of the service, as a function that gives the lines written so far."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonFormatter())
    logger = logging.getLogger("service")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logger.removeHandler(handler)
    logger.setLevel(level)


async def test_a_request_id_is_made(client):
    ids = {(await client.get("/healthz")).headers["X-Request-Id"] for _ in range(3)}
    assert len(ids) == 3


async def test_a_sane_request_id_is_kept(client):
    response = await client.get("/nope", headers={"X-Request-Id": "trace-1.a:b_C"})
    assert response.headers["X-Request-Id"] == "trace-1.a:b_C"


async def test_another_one_is_replaced(client, subtests):
    for sent in "two words", "x" * 129, "", "é", '"; drop':
        with subtests.test(sent=sent):
            response = await client.get("/healthz", headers={"X-Request-Id": sent})
            assert response.headers["X-Request-Id"] != sent


async def test_one_line_a_request(client, log_lines):
    await client.post(SUBMIT, json={"user_id": 7, "score": 5}, headers={"X-Request-Id": "one"})
    await client.get("/api/leaderboard/rank/7?board=overall", headers={"X-Request-Id": "two"})
    await client.get("/nope", headers={"X-Request-Id": "three"})
    first, second, third = [line for line in log_lines() if line["message"] == "request"]
    assert first.pop("duration_ms") > 0
    assert first.pop("time").endswith("Z")
    assert first == {
        "level": "info",
        "logger": "service.request",
        "message": "request",
        "method": "POST",
        "route": SUBMIT,
        "path": SUBMIT,
        "status": 200,
        "user_id": 7,
        "request_id": "one",
    }
    assert second["route"] == "/api/leaderboard/rank/{user_id}"
    assert (second["path"], second["user_id"]) == ("/api/leaderboard/rank/7", 7)
    assert (third["route"], third["status"], third["code"]) == (None, 404, "not_found")


async def test_who_is_turned_away_is_logged_with_the_address(client, log_lines):
    await client.get(TOP, headers={"Host": "evil.example"})
    await client.get("/nope")
    turned_away, not_found = [line for line in log_lines() if line["message"] == "request"]
    assert (turned_away["status"], turned_away["address"]) == (421, "127.0.0.1")
    assert "evil.example" in turned_away["reason"]
    assert "address" not in not_found


async def test_a_rejected_submission_is_logged_with_its_reason(client, log_lines):
    await client.post(SUBMIT, json={"user_id": 7, "score": -5})
    (line,) = [line for line in log_lines() if line["message"] == "request"]
    assert (line["user_id"], line["status"], line["code"]) == (7, 422, "score_out_of_bounds")
    assert "0 to 2147483647" in line["reason"]


async def test_a_rejected_item_of_a_batch_is_logged_with_its_reason(client, log_lines):
    await client.post(
        f"{SUBMIT}/batch",
        json=[{"user_id": 7, "score": 5}, {"user_id": 8, "score": -5}, {"user_id": "9", "score": 1}],
        headers={"X-Request-Id": "batch"},
    )
    rejected = [line for line in log_lines() if line["message"] == "submission rejected"]
    assert [(line["item"], line["code"], line["request_id"]) for line in rejected] == [
        (1, "score_out_of_bounds", "batch"),
        (2, "invalid_body", "batch"),
    ]
    assert rejected[0]["user_id"] == 8


def test_passwords_in_addresses_are_not_logged():
    record = logging.makeLogRecord(
        {
            "msg": "cannot connect to postgresql://owner:hunter2@db/x",
            "address": "redis://:hunter2@cache:6379/0",
            "levelname": "ERROR",
        }
    )
    for formatter in logs.JsonFormatter(), logs.HumanFormatter():
        line = formatter.format(record)
        assert "hunter2" not in line
        assert "postgresql://owner:***@db/x" in line


def test_the_format_follows_the_terminal(settings, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    for log_format, stream, is_json in [
        ("auto", Terminal(), False),
        ("auto", io.StringIO(), True),
        ("json", Terminal(), True),
        ("human", io.StringIO(), False),
    ]:
        logs.configure(dataclasses.replace(settings, log_format=log_format), stream)
        logging.getLogger("service.request").info(
            "request", extra={"method": "GET", "route": "/x", "path": "/x", "status": 200, "duration_ms": 1.5}
        )
        line = stream.getvalue()
        assert line.startswith("{") == is_json
        assert is_json or "GET /x 200 1.5 ms" in line


async def test_headers_of_every_answer(client, subtests):
    for path in "/healthz", TOP, "/nope", "/docs", "/", f"{TOP}?limit=x":
        with subtests.test(path=path):
            headers = (await client.get(path)).headers
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
            assert "default-src 'none'" in headers["Content-Security-Policy"]
            assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
            assert headers["Cache-Control"] == "no-store"
            assert headers["Server"] == "leaderboard"


async def test_a_large_answer_is_compressed_for_those_who_take_gzip(client, submit, subtests):
    for user_id in range(1, 31):
        await submit(user_id, user_id)
    for accepted, compressed in [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("*", True),
        ("identity", False),
        ("deflate", False),
        ("gzip;q=0", False),
        ("", False),
    ]:
        with subtests.test(accepted=accepted):
            response = await client.get(TOP, params={"limit": "30"}, headers={"Accept-Encoding": accepted})
            assert (response.headers.get("Content-Encoding") == "gzip") == compressed
            assert response.headers["Vary"] == "Accept-Encoding"
            assert len(await response.json()) == 30


async def test_a_small_answer_is_not_compressed(client):
    response = await client.get("/healthz", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in response.headers


async def test_head(client, subtests):
    for path in "/healthz", TOP, "/openapi.json":
        with subtests.test(path=path):
            response = await client.head(path)
            assert response.status == 200
            assert await response.read() == b""


ORIGIN = "https://game.example.com"
PREFLIGHT = {
    "Origin": ORIGIN,
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "content-type, idempotency-key",
}


@pytest.fixture
async def open_client(aiohttp_client, settings):
    return await aiohttp_client(create_app(dataclasses.replace(settings, cors_origins=(ORIGIN,))))


async def test_cors_is_off_unless_configured(client, assert_error):
    response = await client.get("/healthz", headers={"Origin": ORIGIN})
    assert not [name for name in response.headers if name.startswith("Access-Control")]
    await assert_error(await client.options(SUBMIT, headers=PREFLIGHT), 405, "method_not_allowed")


async def test_a_configured_origin_may_call(open_client):
    for response in (
        await open_client.get(TOP, headers={"Origin": ORIGIN}),
        await open_client.post(SUBMIT, json={"user_id": 7, "score": -1}, headers={"Origin": ORIGIN}),
    ):
        assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
        exposed = response.headers["Access-Control-Expose-Headers"].split(", ")
        assert sorted(exposed) == [
            *("Link", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-Id", "X-Trace-Id")
        ]
        assert "Access-Control-Allow-Credentials" not in response.headers


async def test_its_preflight_is_answered(open_client):
    response = await open_client.options(SUBMIT, headers=PREFLIGHT)
    assert response.status == 200
    assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert response.headers["Access-Control-Allow-Methods"] == "POST"
    allowed = response.headers["Access-Control-Allow-Headers"].lower().split(", ")
    assert sorted(allowed) == [
        *("authorization", "baggage", "content-type", "idempotency-key", "last-event-id", "newrelic", "sentry-trace"),
        *("traceparent", "tracestate", "x-request-id"),
    ]


async def test_another_origin_may_not(open_client, assert_error):
    other = {"Origin": "https://evil.example.com"}
    response = await open_client.get(TOP, headers=other)
    assert "Access-Control-Allow-Origin" not in response.headers
    response = await open_client.options(SUBMIT, headers={**PREFLIGHT, **other})
    await assert_error(response, 403, "origin_not_allowed")


async def test_a_body_that_does_not_arrive_is_408(client, monkeypatch):
    monkeypatch.setattr("service.http.json_body.BODY_SECONDS", 0.2)
    reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
    writer.write(
        b"POST /api/leaderboard/submit HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: 50\r\n\r\n{"
    )
    async with asyncio.timeout(10):
        answer = await reader.readuntil(b"}}")
    writer.close()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b'"request_timeout"' in answer


async def test_null_is_no_value_of_a_query_string(client, assert_error):
    for path in "/api/leaderboard/top?after=null", "/api/leaderboard/top?limit=null":
        await assert_error(await client.get(path), 400, "invalid_parameter")
    response = await client.post("/api/leaderboard/submit?include=null", json={"user_id": 7, "score": 1})
    await assert_error(response, 400, "invalid_parameter")
