"""CORS: which pages may call, what they may send and read, and what the others are told."""

import dataclasses

import pytest

from service.app import create_app
from service.http.routes import ROUTES
from service.settings.origins import Origins
from tests.support.api import address_of

SUBMIT = "/api/leaderboard/submit"
TOP = "/api/leaderboard/top"
GAME = "https://game.example.com"
ALLOWED = (GAME, "https://*.itch.zone", "http://*.localhost:5173", "capacitor://localhost", "app://.")


@pytest.fixture
def new_client(settings, aiohttp_client):
    async def start(*origins):
        return await aiohttp_client(create_app(dataclasses.replace(settings, cors_origins=origins)))

    return start


def preflight(origin=GAME, method="POST", headers="content-type"):
    sent = {"Origin": origin, "Access-Control-Request-Method": method}
    return {**sent, "Access-Control-Request-Headers": headers} if headers else sent


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        (GAME, True),
        ("https://html-classic.itch.zone", True),
        ("https://a.b.itch.zone", True),
        ("http://app.localhost:5173", True),
        ("capacitor://localhost", True),
        ("Capacitor://localhost", True),
        ("app://.", True),
        ("https://itch.zone", False),
        ("https://.itch.zone", False),
        ("https://evilitch.zone", False),
        ("https://evil.example/.itch.zone", False),
        ("https://evil.example#.itch.zone", False),
        ("https://evil@a.itch.zone", False),
        ("https://a.itch.zone:8443", False),
        ("https://a.itch.zone.evil.example", False),
        ("http://a.itch.zone", False),
        ("https://a.itchxzone", False),
        ("https://" + "a" * 400 + ".itch.zone", False),
        ("http://app.localhost", False),
        (GAME + ".", False),
        (GAME + ":443", False),
        (GAME + "/", False),
        ("http://game.example.com", False),
        (f"{GAME}, {GAME}", False),
        ("null", False),
        ("", False),
        ("*", False),
    ],
)
def test_whom_the_settings_let_in(origin, allowed):
    assert Origins(ALLOWED).allows(origin) == allowed


async def test_an_allowed_page_may_call_and_another_may_not(new_client, assert_error):
    client = await new_client(*ALLOWED)
    for origin in GAME, "https://x.itch.zone", "capacitor://localhost":
        response = await client.options(SUBMIT, headers=preflight(origin))
        assert response.status == 200
        assert response.headers["Access-Control-Allow-Origin"] == origin
        response = await client.get(TOP, headers={"Origin": origin})
        assert response.headers["Access-Control-Allow-Origin"] == origin
        assert "X-Trace-Id" in response.headers["Access-Control-Expose-Headers"].split(", ")
    for origin in "https://evil.example", "null":
        response = await client.options(SUBMIT, headers=preflight(origin))
        assert "Access-Control-Allow-Origin" not in response.headers
        message = await assert_error(response, 403, "origin_not_allowed")
        assert repr(origin) in message and "CORS_ORIGINS" in message
        response = await client.get(TOP, headers={"Origin": origin})
        assert not [name for name in response.headers if name.startswith("Access-Control")]


async def test_null_is_let_in_by_its_name_alone(new_client):
    client = await new_client("null")
    response = await client.get(TOP, headers={"Origin": "null"})
    assert response.headers["Access-Control-Allow-Origin"] == "null"
    assert "Access-Control-Allow-Origin" not in (await client.get(TOP, headers={"Origin": GAME})).headers


@pytest.mark.parametrize(
    "headers",
    [
        "",
        "authorization,content-type,idempotency-key,x-request-id",
        "traceparent, tracestate, newrelic, sentry-trace, baggage",
        "Accept, accept-language , CONTENT-LANGUAGE, range,,",
    ],
)
async def test_headers_that_a_page_may_send(new_client, headers):
    client = await new_client(GAME)
    assert (await client.options(SUBMIT, headers=preflight(headers=headers))).status == 200


async def test_a_refused_header_is_named_under_its_own_code(new_client, assert_error):
    client = await new_client(GAME)
    response = await client.options(SUBMIT, headers=preflight(headers="content-type, x-api-key, cookie"))
    message = await assert_error(response, 403, "header_not_allowed")
    assert "'cookie, x-api-key'" in message
    assert "Idempotency-Key" in message
    twice = [
        *preflight(headers="").items(),
        *[("Access-Control-Request-Headers", h) for h in ("range", "x-a")],
    ]
    await assert_error(await client.options(SUBMIT, headers=twice), 403, "header_not_allowed")


async def test_a_method_that_the_path_has_not(new_client, assert_error):
    client = await new_client(GAME)
    response = await client.options(SUBMIT, headers=preflight(method="DELETE"))
    assert response.headers["Allow"] == "POST"
    await assert_error(response, 405, "method_not_allowed")
    response = await client.options(TOP, headers=preflight(method="GET"))
    assert response.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    await assert_error(await client.options("/api/nope", headers=preflight()), 404, "not_found")


async def test_a_preflight_names_every_method_of_the_path(new_client, assert_error):
    client = await new_client(GAME)
    for path, methods in (
        ("/api/leaderboard/boards", "GET, HEAD, POST"),
        ("/api/leaderboard/boards/daily", "DELETE, PATCH"),
        ("/api/leaderboard/boards/daily/end-season", "POST"),
    ):
        for method in methods.split(", "):
            response = await client.options(path, headers=preflight(method=method))
            assert (response.status, response.headers["Access-Control-Allow-Methods"]) == (200, methods)
        response = await client.options(path, headers=preflight(method="PUT"))
        assert response.headers["Allow"] == methods
        await assert_error(response, 405, "method_not_allowed")
        await assert_error(await client.put(path), 405, "method_not_allowed")


async def test_an_options_that_is_no_preflight(new_client, assert_error):
    client = await new_client(GAME)
    for headers in {}, {"Origin": GAME}, {"Access-Control-Request-Method": "POST"}:
        await assert_error(await client.options(SUBMIT, headers=headers), 405, "method_not_allowed")


async def test_every_call_of_the_api_has_its_preflight(new_client):
    client = await new_client(GAME)
    for route in ROUTES:
        address = address_of(route)
        response = await client.options(address, headers=preflight(method=route.method))
        assert response.status == 200, address
        assert route.method in response.headers["Access-Control-Allow-Methods"].split(", ")


async def test_caches_keep_the_answers_of_origins_apart(new_client, submit):
    client = await new_client(GAME)
    for headers in {}, {"Origin": GAME}, {"Origin": "https://evil.example"}:
        for path in TOP, "/healthz", "/api/nope":
            assert (await client.get(path, headers=headers)).headers["Vary"] == "Origin"
        assert (await client.get("/openapi.json", headers=headers)).headers["Vary"] == "Accept-Encoding, Origin"
        assert (await client.options(SUBMIT, headers={**preflight(), **headers})).headers["Vary"] == "Origin"


async def test_a_page_may_read_why_it_was_refused(new_client):
    client = await new_client(GAME)
    for response in (
        await client.post(SUBMIT, data="x", headers={"Origin": GAME}),
        await client.get("/api/nope", headers={"Origin": GAME}),
        await client.delete(TOP, headers={"Origin": GAME}),
    ):
        assert response.status >= 400
        assert response.headers["Access-Control-Allow-Origin"] == GAME
