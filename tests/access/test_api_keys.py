"""API keys: calls without a key, with a wrong one or with one of another scope are refused."""

import asyncio
import dataclasses
import io
import ipaddress
import logging
import time

import pytest
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from service import background
from service.access import api_keys
from service.app import create_app
from service.http import app_keys
from service.http.routes import ROUTES
from service.observability import logs
from tests.support.api import address_of
from tests.support.service import ServiceServer
from tests.support.waiting import until

SUBMIT = "/api/leaderboard/submit"
TOP = "/api/leaderboard/top"
REJECTED = "/api/leaderboard/rejected"
SCORE = {"user_id": 7, "score": 5}
WRONG = "lb_0123456789ab_" + "0" * 64

KEYED = [route for route in ROUTES if route.scope is not None]


def bearer(key):
    return {"Authorization": f"Bearer {key}"}


def key_id(key):
    return key.split("_")[1]


async def sessions(db):
    return await db.fetchval("SELECT count(*) FROM game_sessions")


async def call(client, route, **kwargs):
    body = {"json": route.body_example} if route.body is not None else {}
    return await client.request(route.method, address_of(route), **body, **kwargs)


@pytest.fixture
async def arena(db):
    await db.execute("SELECT api.create_board('arena', p_manual_seasons => true)")


async def test_without_keys_only_admin_calls_require_one(client, arena, assert_error):
    await client.post(SUBMIT, json=SCORE)
    for route in KEYED:
        response = await call(client, route)
        if route.scope in ("admin", "moderate", "keys"):
            message = await assert_error(response, 401, "api_key_required")
            assert "make api-key" in message
        else:
            assert response.status in _ANSWERED, route.path


async def test_once_a_key_exists_every_call_requires_one(client, db, assert_error):
    await db.execute("SELECT api.create_api_key('test', '{submit}')")
    await until(lambda: refused(client.get(TOP)), seconds=5)
    for route in KEYED:
        response = await call(client, route)
        assert response.headers["WWW-Authenticate"] == 'Bearer realm="leaderboard"'
        await assert_error(response, 401, "api_key_required")
    assert await sessions(db) == 0


async def refused(request):
    return (await request).status == 401


async def test_every_call_on_a_leaderboard_has_a_scope():
    """A new call without a scope would be open to anyone."""
    assert {route.path for route in ROUTES if route.scope is None} == {
        *("/", "/docs", "/openapi.json", "/healthz", "/readyz"),
        "/api/leaderboard/access",  # says what the others would answer, and no more
    }
    assert {route.name: route.scope for route in KEYED if route.scope != "read"} == {
        "submit": "submit",
        "submit_batch": "submit",
        "start_play": "play",
        **dict.fromkeys(("change_player", "link_player", "unlink_player"), "submit"),
        **dict.fromkeys(("void_sessions", "restore_sessions", "undo_act", "acts", "test_rules"), "moderate"),
        **dict.fromkeys(("ban_players", "hide_players", "unban_players", "rejected", "health_report"), "moderate"),
        **dict.fromkeys(("list_api_keys", "issue_api_key", "revoke_api_key"), "keys"),
        **dict.fromkeys(("export_player", "erase_player"), "admin"),
        "create_board": "admin",
        "alter_board": "admin",
        "end_season": "admin",
        "delete_board": "admin",
    }


#: What an example may be answered with: it names players and acts that there are not, and confirms nothing.
_ANSWERED = (200, 404, 409)
#: The scopes that include another one.
_INCLUDED_IN = {
    "submit": {"admin"},
    "read": {"admin", "moderate"},
    "play": {"admin", "submit"},
    "moderate": {"admin"},
}


@pytest.mark.parametrize("scope", ["submit", "read", "admin"])
async def test_a_key_allows_the_calls_of_its_scope(client, make_key, db, arena, assert_error, scope):
    await db.execute("SELECT api.submit_score(7, 5)")
    headers = bearer(await make_key(scope))
    for route in KEYED:
        response = await call(client, route, headers=headers)
        if scope in {route.scope, *_INCLUDED_IN.get(route.scope, ())}:
            assert response.status in _ANSWERED, route.path
        else:
            message = await assert_error(response, 403, "scope_missing")
            assert route.scope in message
    assert await sessions(db) == (1 if scope == "read" else 3)


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Basic dXNlcjpwYXNz",
        WRONG,
        f"Bearer {WRONG}",
        f"Bearer {WRONG}0",
        f"Bearer {WRONG[:-1]}",
        f"Bearer {WRONG} ",
        f"Bearer {WRONG}, Bearer {WRONG}",
        "Bearer lb_0123456789ab_" + "é" * 64,
        "Bearer lb_0123456789ab_' OR 1=1 --",
        f"LB1-HMAC-SHA256 key=0123456789ab, timestamp=0, signature={'0' * 64}",
        "LB1-HMAC-SHA256 key=0123456789ab",
        f"LB1-HMAC-SHA256 key=0123456789ab, timestamp=-1, signature={'0' * 64}",
        f"LB1-HMAC-SHA256 key=0123456789ab, timestamp={'9' * 40}, signature={'0' * 64}",
    ],
)
async def test_malformed_and_unknown_keys_are_refused(client, make_key, db, assert_error, header):
    await make_key("submit", "read")
    for request in (
        client.post(SUBMIT, json=SCORE, headers={"Authorization": header}),
        client.get(TOP, headers={"Authorization": header}),
    ):
        await assert_error(await request, 401, "invalid_api_key")
    assert await sessions(db) == 0


async def test_each_part_of_a_key_counts(client, make_key, db, assert_error):
    """The id of one with the secret of another, one digit off at each end, the hash that the database has."""
    key, other = await make_key("submit"), await make_key("submit")
    stored = await db.fetchval("SELECT encode(secret_hash, 'hex') FROM api_keys WHERE id = $1", key_id(key))
    digit = "0" if key[-1] != "0" else "1"
    secret = key.split("_")[2]
    for wrong in (
        f"lb_{key_id(key)}_{other.split('_')[2]}",
        key[:-1] + digit,
        f"lb_{key_id(key)}_{digit}{secret[1:]}",
        f"lb_{key_id(key)}_{stored}",
    ):
        if wrong != key:
            response = await client.post(SUBMIT, json=SCORE, headers=bearer(wrong))
            await assert_error(response, 401, "invalid_api_key")
    assert await sessions(db) == 0
    assert (await client.post(SUBMIT, json=SCORE, headers=bearer(key))).status == 200


async def test_two_authorization_headers_are_refused(client, make_key, assert_error):
    key = await make_key("read")
    response = await client.get(TOP, headers=[("Authorization", f"Bearer {key}")] * 2)
    await assert_error(response, 401, "invalid_api_key")


async def test_a_key_counts_in_the_authorization_header_only(client, make_key, assert_error):
    """In a URL it would end up in logs and histories."""
    key = await make_key("read")
    await assert_error(await client.get(TOP, headers={"X-Api-Key": key}), 401, "api_key_required")
    await assert_error(await client.get(TOP, params={"api_key": key}), 401, "api_key_required")
    await assert_error(await client.get(TOP, headers={"Cookie": f"api_key={key}"}), 401, "api_key_required")


async def test_a_new_key_works_at_once(client, make_key):
    """Even if the keys were refreshed a moment ago."""
    await make_key("read")
    for _ in range(5):
        key = await make_key("read")
        assert (await client.get(TOP, headers=bearer(key))).status == 200


async def test_a_revoked_key_is_refused_within_seconds(client, make_key, db, assert_error):
    key, other = await make_key("submit", "read"), await make_key("read")
    assert (await client.get(TOP, headers=bearer(key))).status == 200
    await db.execute("SELECT api.revoke_api_key($1)", key_id(key))
    await until(lambda: refused(client.get(TOP, headers=bearer(key))), seconds=5)
    assert background.KEYS_SECONDS <= 0.5  # the promise; here the machine may take longer
    await assert_error(await client.post(SUBMIT, json=SCORE, headers=bearer(key)), 401, "invalid_api_key")
    assert (await client.get(TOP, headers=bearer(other))).status == 200
    assert await sessions(db) == 0


async def test_an_expired_key_is_refused(client, make_key, db, assert_error):
    key = await make_key("read")
    await db.execute("UPDATE api_keys SET expires_at = clock_timestamp() + interval '3 seconds'")
    assert (await client.get(TOP, headers=bearer(key))).status == 200
    await until(lambda: refused(client.get(TOP, headers=bearer(key))), seconds=15)
    await assert_error(await client.get(TOP, headers=bearer(key)), 401, "invalid_api_key")


async def test_access_stays_closed_after_the_last_key_is_revoked(client, make_key, db, assert_error):
    key = await make_key("submit", "read")
    assert (await client.get(TOP, headers=bearer(key))).status == 200
    await db.execute("SELECT api.revoke_api_key(id) FROM api_keys")
    await until(lambda: refused(client.get(TOP, headers=bearer(key))), seconds=5)
    await assert_error(await client.post(SUBMIT, json=SCORE), 401, "api_key_required")
    await assert_error(await client.post(SUBMIT, json=SCORE, headers=bearer(key)), 401, "invalid_api_key")
    assert await sessions(db) == 0


async def test_a_new_key_closes_all_services_of_the_database(client, settings, aiohttp_client, make_key):
    other = await aiohttp_client(create_app(settings))
    assert (await other.get(TOP)).status == 200
    await make_key("submit")
    await until(lambda: refused(other.get(TOP)), seconds=5)
    await until(lambda: refused(client.get(TOP)), seconds=5)


@pytest.fixture
async def open_reads(settings, aiohttp_client):
    return await aiohttp_client(create_app(dataclasses.replace(settings, open_reads=True)))


async def test_reads_can_be_left_open(open_reads, make_key, db, arena, assert_error):
    key = await make_key("submit")
    await db.execute("SELECT api.submit_score(7, 5)")
    await until(lambda: refused(open_reads.post(SUBMIT, json={})))
    for route in KEYED:
        response = await call(open_reads, route)
        if route.scope == "read":
            assert response.status == 200, route.path
        else:
            await assert_error(response, 401, "api_key_required")
    # Open reads are open to a key of another scope too, but a wrong key is refused.
    assert (await open_reads.get(TOP, headers=bearer(key))).status == 200
    await assert_error(await open_reads.get(TOP, headers=bearer(WRONG)), 401, "invalid_api_key")


async def test_probes_page_and_description_need_no_key(client, make_key):
    await make_key("read")
    for path in "/", "/docs", "/openapi.json", "/healthz", "/readyz":
        assert (await client.get(path)).status == 200, path


async def test_head_needs_a_key_like_get(client, make_key):
    key = await make_key("read")
    assert (await client.head(TOP)).status == 401
    assert (await client.head(TOP, headers=bearer(key))).status == 200


async def test_a_preflight_needs_none_and_the_call_does(settings, aiohttp_client, make_key, assert_error):
    origin = "https://game.example.com"
    client = await aiohttp_client(create_app(dataclasses.replace(settings, cors_origins=(origin,))))
    key = await make_key("submit")
    await until(lambda: refused(client.get(TOP)), seconds=5)
    preflight = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, content-type",
    }
    response = await client.options(SUBMIT, headers=preflight)
    assert response.status == 200
    assert "authorization" in response.headers["Access-Control-Allow-Headers"].lower()
    response = await client.post(SUBMIT, json=SCORE, headers={"Origin": origin})
    # An allowed origin can read the error.
    assert response.headers["Access-Control-Allow-Origin"] == origin
    await assert_error(response, 401, "api_key_required")
    assert (await client.post(SUBMIT, json=SCORE, headers={"Origin": origin, **bearer(key)})).status == 200


async def test_the_body_is_not_read_without_a_key(client, make_key):
    """The answer arrives although the body never does."""
    await make_key("submit")
    reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
    writer.write(
        b"POST /api/leaderboard/submit HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: 100000\r\n\r\n{"
    )
    async with asyncio.timeout(5):
        assert (await reader.readuntil(b"\r\n")).startswith(b"HTTP/1.1 401 ")
    writer.close()


async def test_guessed_keys_do_not_cost_a_query_each(client, make_key, db):
    await make_key("read")
    keyring, looks = client.app[app_keys.ACCESS_CONTROL].keyring, 0
    load = keyring._load

    async def counted():
        nonlocal looks
        looks += 1
        return await load()

    keyring._load = counted
    started = time.monotonic()
    guesses = [client.get(TOP, headers=bearer(f"lb_{number:012x}_{'0' * 64}")) for number in range(200)]
    assert {response.status for response in await asyncio.gather(*guesses)} == {401}
    # One at a time, with a pause between them, and the look of every half second.
    seconds = time.monotonic() - started
    assert looks <= 3 + seconds / api_keys.PAUSE_SECONDS + seconds / background.KEYS_SECONDS
    assert looks < 100


async def test_more_guesses_than_may_wait_are_refused_at_once(client, make_key, monkeypatch):
    monkeypatch.setattr(api_keys, "PAUSE_SECONDS", 0.5)
    key = await make_key("read")
    assert (await client.get(TOP, headers=bearer(key))).status == 200
    keyring = client.app[app_keys.ACCESS_CONTROL].keyring
    keyring._refreshes._capacity = 3
    guesses = [client.get(TOP, headers=bearer(f"lb_{number:012x}_{'0' * 64}")) for number in range(20)]
    assert {response.status for response in await asyncio.gather(*guesses)} == {401}
    assert (await client.get(TOP, headers=bearer(key))).status == 200


async def test_the_last_known_keys_are_used_for_a_limited_time(client, make_key, assert_error, monkeypatch):
    """While the database is down no key can be revoked, so every call is refused after TRUSTED_SECONDS."""
    key = await make_key("read")
    assert (await client.get(TOP, headers=bearer(key))).status == 200
    monkeypatch.setattr(api_keys, "TRUSTED_SECONDS", 0.0)
    await assert_error(await client.get(TOP, headers=bearer(key)), 503, "database_unavailable")
    await assert_error(await client.get(TOP), 503, "database_unavailable")


async def test_a_failed_refresh_is_not_the_clients_error(client, make_key, db, assert_error):
    """The answer for an unknown key is not 401 then, and a known key still works."""
    key = await make_key("read")
    assert (await client.get(TOP, headers=bearer(key))).status == 200
    await db.execute("""
        CREATE OR REPLACE FUNCTION api.usable_api_keys()
        RETURNS TABLE (id text, name text, scopes text[], signed boolean, secret_hash bytea)
        LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
        AS $$ BEGIN RAISE division_by_zero; END $$""")
    response = await client.get(TOP, headers=bearer(WRONG))
    await assert_error(response, 500, "internal_error")
    assert (await client.get(TOP, headers=bearer(key))).status == 200


async def test_a_signed_key_is_refused_while_the_database_is_not_migrated(client, make_key, db, assert_error):
    """As a bearer key it would be weaker than its owner asked for."""
    key = await make_key("read")
    await db.execute("""
        CREATE OR REPLACE FUNCTION api.usable_api_keys()
        RETURNS TABLE (id text, name text, scopes text[], signed boolean, secret_hash bytea)
        LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
        AS $$
        BEGIN
            RETURN QUERY SELECT k.id, k.name, k.scopes, true, k.secret_hash FROM public.api_keys AS k;
        END
        $$""")
    await until(lambda: refused(client.get(TOP, headers=bearer(key))), seconds=5)
    await assert_error(await client.get(TOP, headers=bearer(key)), 401, "invalid_api_key")
    await assert_error(await client.get(TOP), 401, "api_key_required")


async def test_use_is_recorded(client, make_key, db):
    used, unused = await make_key("read"), await make_key("read")
    await client.get(TOP, headers=bearer(used))
    await client.get(TOP, headers=bearer(f"lb_{key_id(unused)}_{'0' * 64}"))
    keyring = client.app[app_keys.ACCESS_CONTROL].keyring
    assert keyring.drain_used() == {key_id(used)}
    assert keyring.drain_used() == set()


async def test_use_is_stored_at_the_latest_when_the_service_stops(settings, db, express):
    key = await db.fetchval("SELECT api_key FROM api.create_api_key('k', '{read}')")
    async with TestClient(ServiceServer(create_app(settings))) as client:
        assert (await client.get(TOP, headers=bearer(key))).status == 200
        assert await db.fetchval("SELECT last_used_at FROM api_keys") is None
    assert await db.fetchval("SELECT last_used_at FROM api_keys") is not None


async def test_no_log_line_has_a_secret(settings, aiohttp_client, make_key):
    """Neither of a valid key nor of a wrong one, at level debug."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonFormatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        client = await aiohttp_client(create_app(settings))
        key = await make_key("submit", "read")
        wrong = f"lb_{key_id(key)}_{'a1' * 32}"
        for headers in bearer(key), bearer(wrong), {"Authorization": f"Bearer {key}{key}"}:
            await client.post(SUBMIT, json=SCORE, headers=headers)
            await client.get(TOP, headers=headers)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    text = stream.getvalue()
    assert "invalid_api_key" in text
    assert key.split("_")[2] not in text
    assert "a1" * 32 not in text


@pytest.mark.parametrize(
    ("changes", "warned"),
    [
        ({}, False),
        ({"host": "localhost"}, False),
        ({"host": "::1"}, False),
        ({"allowed_hosts": ("localhost",)}, False),
        ({"host": "0.0.0.0"}, True),
        ({"host": "::"}, True),
        # Other machines reach it through a proxy.
        ({"allowed_hosts": ("scores.example.com",)}, True),
        ({"trusted_proxies": (ipaddress.ip_network("127.0.0.1"),)}, True),
        ({"host": "0.0.0.0", "require_keys": True}, False),
    ],
)
async def test_an_open_service_that_other_machines_reach_warns(settings, caplog, db, changes, warned):
    caplog.set_level(logging.INFO, "service.access.gate")
    for keys_made in False, True:
        caplog.clear()
        if keys_made:
            await db.execute("SELECT api.create_api_key('k', '{submit}')")
        async with TestClient(TestServer(create_app(dataclasses.replace(settings, **changes)))):
            pass
        warnings = [record for record in caplog.records if "ANYONE" in record.getMessage()]
        assert len(warnings) == (1 if warned and not keys_made else 0)
        assert all(record.levelno == logging.WARNING for record in warnings)
        (line,) = [vars(record) for record in caplog.records if record.getMessage() == "access"]
        is_open = not keys_made and "require_keys" not in changes
        assert (line["submissions"], line["reads"], line["api_keys"]) == (
            ("open", "open", 0) if is_open else ("API key", "API key", int(keys_made))
        )


async def test_changes_of_access_are_logged(client, db, caplog):
    caplog.set_level(logging.INFO, "service.access.gate")

    def lines():
        return [vars(record)["api_keys"] for record in caplog.records if record.getMessage() == "access"]

    async def told(counts):
        async def seen():
            return lines() == counts

        await until(seen, seconds=5)

    await db.execute("SELECT api.create_api_key('k', '{submit}')")
    await told([1])
    await db.execute("SELECT api.revoke_api_key(id) FROM api_keys")
    await told([1, 0])
    assert "ANYONE" not in caplog.text
    await db.execute("DELETE FROM api_keys")
    await until(lambda: answered(client.get(TOP)), seconds=5)
    assert "every API key was deleted, so access is open again" in caplog.text


async def answered(request):
    return (await request).status == 200


async def test_keys_can_be_required_before_any_exists(settings, aiohttp_client, db, assert_error):
    client = await aiohttp_client(create_app(dataclasses.replace(settings, require_keys=True)))
    await assert_error(await client.post(SUBMIT, json=SCORE), 401, "api_key_required")
    await assert_error(await client.get(TOP), 401, "api_key_required")
    assert await sessions(db) == 0
    key = await db.fetchval("SELECT api_key FROM api.create_api_key('k', '{submit}')")
    assert (await client.post(SUBMIT, json=SCORE, headers=bearer(key))).status == 200
    reading = await aiohttp_client(create_app(dataclasses.replace(settings, require_keys=True, open_reads=True)))
    assert (await reading.get(TOP)).status == 200


async def test_the_log_has_the_key_id_of_each_request_valid_or_not(client, make_key, caplog):
    caplog.set_level(logging.INFO, "service.request")
    key = await make_key("submit")
    for headers, status in (bearer(key), 200), (bearer(WRONG), 401), ({}, 401):
        caplog.clear()
        assert (await client.post(SUBMIT, json=SCORE, headers=headers)).status == status
        (line,) = [vars(record) for record in caplog.records if record.name == "service.request"]
        expected = headers["Authorization"].split("_")[1] if headers else None
        assert line.get("api_key") == expected


async def test_a_key_in_the_wrong_place_reaches_neither_log_nor_answer(client, make_key, caplog):
    key = await make_key("read")
    secret = key.split("_")[2]
    formatters = logs.JsonFormatter(), logs.HumanFormatter()
    caplog.set_level(logging.DEBUG)
    for path, headers in (
        (f"/api/leaderboard/rank/{key}", bearer(key)),
        (f"/{key}", {}),
        (f"{TOP}?api_key={key}", {}),
        (f"{TOP}?board={key}", bearer(key)),
        (f"{TOP}?limit={key.upper()}", bearer(key)),
        ("/healthz", {"X-Request-Id": key}),
        ("/healthz", {"X-Request-Id": key.upper()}),
        # The secret alone, and parts of it.
        (f"/{secret}", {}),
        (f"/{secret.upper()}/x", {}),
        (f"/api/leaderboard/rank/{secret}", bearer(key)),
        (f"/lb_{secret}", {}),
        (f"{TOP}?{secret}=1", bearer(key)),
        (f"{TOP}?{'x' * 20}{key}=1", bearer(key)),
        (f"{TOP}?{'x' * 20}{secret}=1", bearer(key)),
        (f"{TOP}?board={secret}", bearer(key)),
        (f"{TOP}?limit={secret}", bearer(key)),
        ("/healthz", {"X-Request-Id": secret}),
        ("/healthz", {"X-Request-Id": f"a-{secret.upper()}"}),
        ("/healthz", {"Host": f"{'x' * 70}{secret}"}),
        ("/healthz", {"Host": secret}),
        (TOP, {"Authorization": secret}),
        (TOP, {"Authorization": f"Bearer {secret}"}),
        (SUBMIT, {"Content-Type": secret}),
        (URL(f"/{percent(key)}", encoded=True), {}),
        (URL(f"/{percent(percent(secret))}", encoded=True), {}),
        (URL(f"{TOP}?{percent(secret)}=1", encoded=True), bearer(key)),
    ):
        response = await client.get(path, headers=headers)
        text = (await response.text() + str(response.headers)).lower()
        assert secret[:20] not in text, path
    submitter = bearer(await make_key("submit"))
    for sent in key, secret:
        for path, body in (
            (SUBMIT, {sent: 1}),
            (f"{SUBMIT}/batch", [{sent: 1}, {**SCORE, "game_mode": sent}]),
        ):
            response = await client.post(path, json=body, headers=submitter)
            assert secret[:20] not in await response.text()
        for typed in sent, f"application/json; charset={sent}":
            response = await client.post(SUBMIT, data=b"{}", headers={**submitter, "Content-Type": typed})
            assert response.status == 415
            assert secret[:20] not in await response.text()
    lines = [f.format(record) for f in formatters for record in caplog.records if record.name != "aiohttp.access"]
    assert len(lines) >= 12
    assert not [line for line in lines if secret[:20] in line.lower()]
    assert not [line for line in lines if percent(secret)[:60] in line.lower()]


def percent(text):
    """Every character percent-encoded."""
    return "".join(f"%{ord(character):02x}" for character in text)


async def test_a_key_in_what_is_no_request_is_not_logged(client, make_key, caplog):
    key = await make_key("read")
    secret = key.split("_")[2]
    logging.getLogger("aiohttp.server").addFilter(logs.shorten_client_error)
    caplog.set_level(logging.DEBUG)
    for sent in key, secret, percent(key), secret.upper():
        for head in (
            f"GET {sent} HTTP/1.1\r\nHost: localhost",
            f"GET /{sent}\x01 HTTP/1.1\r\nHost: localhost",
            f"GET http:///{sent} HTTP/1.1\r\nHost: localhost",
            f"GET http://{sent}:x/ HTTP/1.1\r\nHost: localhost",
            f"GET http://u:{sent}@h:x/ HTTP/1.1\r\nHost: localhost",
            f"GET / {sent}\r\nHost: localhost",
            f"{sent} / HTTP/1.1\r\nHost: localhost",
            f"{sent}",
            f"GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization Bearer {sent}",
            f"GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization: {sent}\0",
            f"GET / HTTP/1.1\r\nHost: localhost\r\nX: {sent * 300}",
            f"GET /{sent * 300} HTTP/1.1\r\nHost: localhost",
            "GET / HTTP/1.1\r\nHost: localhost\r\n" + f"{sent[:70]}: x\r\n" * 200,
            f"POST {SUBMIT} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n{sent}",
        ):
            reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
            writer.write(f"{head}\r\n\r\n".encode())
            async with asyncio.timeout(10):
                answer = await reader.readline()
            assert b" 200 " not in answer
            writer.close()
    records = [record for record in caplog.records if record.name in ("aiohttp.server", "service.request")]
    assert len(records) >= 14 * 4
    for formatter in logs.JsonFormatter(), logs.HumanFormatter():
        text = "\n".join(map(formatter.format, records)).lower()
        assert secret[:20] not in text
        assert percent(secret)[:60] not in text


async def test_admins_can_list_rejected_submissions(client, make_key, db, assert_error):
    await db.execute("SELECT api.set_score_rules('overall', p_max_score => 100, p_max_submissions_per_minute => 2)")
    key = await make_key("admin")
    for score, status, code in (
        (101, 422, "score_out_of_bounds"),
        (1, 200, None),
        (2, 200, None),
        (
            3,
            422,
            "too_many_submissions",
        ),
    ):
        response = await client.post(
            SUBMIT,
            json={"user_id": 7, "score": score},
            headers={**bearer(key), "Idempotency-Key": f"k{score}"},
        )
        assert response.status == status
        if code is not None:
            await assert_error(response, status, code)
    response = await client.get(f"{REJECTED}?limit=1", headers=bearer(key))
    (newest,) = await response.json()
    assert {name: newest[name] for name in newest if name not in {"id", "rejected_at", "reason"}} == {
        "user_id": 7,
        "score": 3,
        "game_mode": "solo",
        "board": "overall",
        "idempotency_key": "k3",
        "code": "too_many_submissions",
    }
    (older,) = await (await client.get(response.links["next"]["url"].path_qs, headers=bearer(key))).json()
    assert older["code"] == "score_out_of_bounds"
    for query, expected in ("user_id=7", 2), ("user_id=8", 0), ("board=overall", 2):
        found = await (await client.get(f"{REJECTED}?{query}", headers=bearer(key))).json()
        assert len(found) == expected
    await assert_error(await client.get(f"{REJECTED}?board=no", headers=bearer(key)), 404, "unknown_board")
    await assert_error(await client.get(f"{REJECTED}?limit=0", headers=bearer(key)), 400, "invalid_parameter")


async def test_a_gain_that_is_too_large(client, db, assert_error):
    await db.execute("SELECT api.set_score_rules('overall', p_max_gain_per_hour => 100)")
    message = await assert_error(await client.post(SUBMIT, json={"user_id": 7, "score": 101}), 422, "gain_too_large")
    assert "100" in message
    outcomes = await (await client.post(f"{SUBMIT}/batch", json=[SCORE, {"user_id": 7, "score": 96}, SCORE])).json()
    assert [outcome.get("error", {}).get("code") for outcome in outcomes] == [None, "gain_too_large", None]
    assert await sessions(db) == 2
