"""Heads of requests that are larger than what is read, and targets that name another host."""

import json

import pytest
from aiohttp import web

from service.app import create_app
from service.http import malformed, openapi
from tests.support.ports import exchange

TOP = "/api/leaderboard/top"


@pytest.fixture
async def address(settings, express):
    """The service with its own answers to what is no request."""
    runner = malformed.Runner(create_app(settings))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0]
    await runner.cleanup()


async def send(address, target, *headers):
    """Status and, of an error, code and message."""
    head = "\r\n".join([f"GET {target} HTTP/1.1", "Host: localhost", "Connection: close", *headers, "", ""])
    host, port = address
    head, _, body = (await exchange(head.encode(), port, host)).partition(b"\r\n\r\n")
    assert b"\r\nX-Content-Type-Options: nosniff" in head
    error = json.loads(body)["error"] if b" 200 " not in head.split(b"\r\n")[0] else {}
    return int(head.split()[1]), error.get("code"), error.get("message")


async def test_a_header_that_is_too_large(address):
    room = malformed.MAX_HEADER_BYTES - len("X-Large")
    assert (await send(address, TOP, "X-Large: " + "x" * room))[0] == 200
    # aiohttp counts the name with the value of the first header only.
    large = malformed.MAX_HEADER_BYTES + 1
    for header in "X-Large: " + "x" * large, "X" * large + ": x", "X-Large: " + "x" * 60_000:
        status, code, message = await send(address, TOP, header)
        assert (status, code) == (431, "headers_too_large")
        assert f"at most {malformed.MAX_HEADER_BYTES} bytes" in message


async def test_too_many_headers(address):
    many = [f"X-{number}: x" for number in range(malformed.MAX_HEADERS - 2)]
    assert (await send(address, TOP, *many))[0] == 200
    status, code, message = await send(address, TOP, *many, "X-More: x")
    assert (status, code) == (431, "headers_too_large")
    assert f"at most {malformed.MAX_HEADERS} headers" in message


async def test_an_address_that_is_too_long(address):
    users = ",".join(str(2_147_483_647 - number) for number in range(1000))
    target = f"/api/leaderboard/ranks?user_ids={users}"
    assert (await send(address, target))[0] == 200  # as many as are allowed have room
    target += "&board=" + "x" * (malformed.MAX_URL_BYTES + 1 - len(target) - len("&board="))
    status, code, message = await send(address, target)
    assert (status, code) == (414, "url_too_long")
    assert f"at most {malformed.MAX_URL_BYTES} bytes" in message
    assert (await send(address, target[:-1]))[:2] == (404, "unknown_board")  # it is read


async def test_other_faults_of_a_head_are_what_they_were(address):
    for target, header in ((TOP, "X-Bad"), (TOP, "Content-Length: x"), ("/\x01", "X: y")):
        assert (await send(address, target, header))[:2] == (400, "bad_request")


def test_the_limits_are_described():
    text = openapi.document()["info"]["description"]
    assert f"{malformed.MAX_URL_BYTES} bytes" in text and "`url_too_long`" in text
    assert f"{malformed.MAX_HEADER_BYTES} bytes" in text and f"{malformed.MAX_HEADERS}" in text
    assert "`headers_too_large`" in text
