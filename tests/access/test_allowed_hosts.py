"""Which hosts may be named in a request, and what a page gets that rebinds its name to this machine."""

import dataclasses

import pytest

from service.access import allowed_hosts
from service.app import create_app
from service.settings import Settings
from tests.support.ports import exchange

TOP = "/api/leaderboard/top"
SUBMIT = "/api/leaderboard/submit"
PATHS = ("/", "/docs", "/openapi.json", TOP, "/api/leaderboard/boards", "/assets/x.js", "/nope")


@pytest.fixture
def new_client(settings, aiohttp_client, tmp_path):
    async def start(**changes):
        app = create_app(dataclasses.replace(settings, **changes), tmp_path / "no-dist")
        return await aiohttp_client(app)

    return start


async def raw(client, data):
    """Sends bytes and returns the whole answer."""
    return await exchange(data, client.port)


async def test_a_rebound_page_reads_nothing(client, assert_error, subtests):
    """evil.example now resolves to 127.0.0.1, so the browser lets its page read the answers."""
    headers = {"Host": f"evil.example:{client.port}", "Origin": f"http://evil.example:{client.port}"}
    for path in PATHS:
        for method in "GET", "HEAD", "OPTIONS", "DELETE":
            with subtests.test(path=path, method=method):
                response = await client.request(method, path, headers=headers)
                if method == "HEAD":
                    assert response.status == 421
                else:
                    message = await assert_error(response, 421, "host_not_allowed")
                    assert f"evil.example:{client.port}" in message and "ALLOWED_HOSTS" in message
                assert not [name for name in response.headers if name.startswith("Access-Control")]


async def test_a_rebound_page_writes_nothing(client, assert_error, db):
    for path, body in (SUBMIT, {"user_id": 7, "score": 1}), (f"{SUBMIT}/batch", [{"user_id": 7, "score": 1}]):
        response = await client.post(path, json=body, headers={"Host": "evil.example"})
        await assert_error(response, 421, "host_not_allowed")
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == 0


async def test_the_names_of_this_machine_are_answered(client, subtests):
    for host in (
        "localhost",
        "LocalHost:8000",
        "localhost.",
        "board.localhost:80",
        "127.0.0.1",
        "127.8.9.10:1",
        "[::1]",
        "[::1]:8000",
        "[0:0:0:0:0:0:0:1]",
    ):
        with subtests.test(host=host):
            assert (await client.get(TOP, headers={"Host": host})).status == 200


async def test_hosts_that_only_look_like_this_machine_are_refused(client, assert_error, subtests):
    for host in (
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "evil-localhost",
        "evil.example#localhost",
        "localhost@evil.example",
        "evil.example:80:localhost",
        "localhost:80x",
        "0.0.0.0",
        "10.0.0.1",
        "[::2]",
        "[::1",
        "::1",
        "localhost, evil.example",
        "127.0.0.1 evil",
        "127.1",
        "\u0661\u0662\u0667.0.0.1",
        ".localhost.example",
    ):
        with subtests.test(host=host):
            await assert_error(await client.get(TOP, headers={"Host": host}), 421, "host_not_allowed")


async def test_no_host_and_a_second_one(client, subtests):
    for head in b"GET / HTTP/1.0\r\n", b"GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n":
        with subtests.test(head=head):
            assert (await raw(client, head + b"\r\n")).split(b" ")[1] == b"421"
    answer = await raw(client, b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
    assert answer.split(b" ")[1] == b"400"


@pytest.mark.parametrize("method", [b"GET", b"OPTIONS", b"POST"])
async def test_an_absolute_url_in_the_request_line_names_a_host_too(new_client, method):
    """As proxies get it. The target's host counts then (RFC 9112 section 3.2.2); both must be allowed."""
    client = await new_client()
    allowed = await new_client(allowed_hosts=("board.example.com",))
    for service, target, header, refused in (
        (client, b"http://evil.example" + TOP.encode(), b"localhost", True),
        (client, b"HTTP://evil.example:80" + TOP.encode(), b"localhost", True),
        (client, b"ftp://evil.example" + TOP.encode(), b"localhost", True),
        (client, b"http://localhost@evil.example" + TOP.encode(), b"localhost", True),
        (client, b"http://localhost" + TOP.encode(), b"evil.example", True),
        (client, b"http://[::2]" + TOP.encode(), b"localhost", True),
        (client, b"http://localhost:8000" + TOP.encode(), b"localhost", False),
        (client, b"http://ada@[::1]:8000" + TOP.encode(), b"localhost:1", False),
        (allowed, b"http://board.example.com" + TOP.encode(), b"board.example.com", False),
        (allowed, b"http://board.example.com" + TOP.encode(), b"localhost", True),
        (allowed, b"http://localhost" + TOP.encode(), b"board.example.com", True),
        (client, b"//evil.example" + TOP.encode(), b"localhost", False),  # a path that is not there
    ):
        head = b"%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n" % (method, target, header)
        answer = await raw(service, head)
        assert (answer.split(b" ")[1] == b"421") == refused, (target, header, answer)
        assert not refused or b'"host_not_allowed"' in answer
    for target, status in (b"*", b"404"), (b"http:///x", b"400"), (b"http://[::1/x", b"400"):
        head = b"OPTIONS %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" % target
        assert (await raw(client, head)).split(b" ")[1] == status
    head = b"CONNECT evil.example:80 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    assert (await raw(client, head)).split(b" ")[1] == b"421"


async def test_a_long_host_is_shortened_in_the_message(client, assert_error):
    response = await client.get(TOP, headers={"Host": "h" * 4000})
    assert len(await assert_error(response, 421, "host_not_allowed")) < 300


async def test_only_allowed_hosts_are_answered(new_client, assert_error, subtests):
    client = await new_client(allowed_hosts=("board.example.com", "*.example.org", "[2001:db8::7]"))
    for host in (
        "board.example.com",
        "BOARD.example.com:443",
        "a.example.org",
        "a.b.example.org",
        "[2001:db8::7]",
    ):
        with subtests.test(host=host):
            assert (await client.get(TOP, headers={"Host": host})).status == 200
    for host in (
        "localhost",
        "127.0.0.1",
        "x.board.example.com",
        "example.org",
        "xexample.org",
        "evil.example",
    ):
        for path in PATHS:
            with subtests.test(host=host, path=path):
                await assert_error(await client.get(path, headers={"Host": host}), 421, "host_not_allowed")


@pytest.mark.parametrize("allowed", [(), ("board.example.com",)])
async def test_probes_are_answered_under_any_name(new_client, allowed):
    """They come by address, or by the name of a pod or a proxy, and their answers are public."""
    client = await new_client(allowed_hosts=allowed)
    for path in "/healthz", "/readyz":
        for host in "127.0.0.1", "10.1.2.3:8000", "[fd00::7]:8000", "leaderboard-7d9f.internal", "":
            assert (await client.get(path, headers={"Host": host})).status == 200


async def test_a_service_for_other_machines_may_have_any_name(new_client):
    client = await new_client(host="0.0.0.0")
    for host in "evil.example", "10.0.0.1", "board.example.com:8000":
        assert (await client.get(TOP, headers={"Host": host})).status == 200


def test_which_hosts_are_for_this_machine_only():
    for host in "127.0.0.1", "127.1.2.3", "::1", "localhost", "LOCALHOST":
        assert allowed_hosts.check(Settings(host=host)) is not None
    for host in "0.0.0.0", "::", "10.0.0.1", "board.example.com":
        assert allowed_hosts.check(Settings(host=host)) is None
