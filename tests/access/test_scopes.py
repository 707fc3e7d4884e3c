"""The scopes of API keys: what each implies, keys that issue others, and the limit of plays."""

import logging

import asyncpg
import pytest

from tests.support.waiting import until

ACCESS, KEYS = "/api/leaderboard/access", "/api/leaderboard/api-keys"
PLAYS, SUBMIT = "/api/leaderboard/plays", "/api/leaderboard/submit"


def bearer(key):
    return {"Authorization": f"Bearer {key}"}


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [
        ("submit", {"submit", "play"}),
        ("read", {"read"}),
        ("play", {"play"}),
        ("moderate", {"moderate", "read"}),
        ("keys", {"keys"}),
        ("admin", {"submit", "read", "play", "moderate", "admin"}),
    ],
)
async def test_what_a_scope_implies(client, make_key, scope, allowed):
    response = await client.get(ACCESS, headers=bearer(await make_key(scope)))
    found = await response.json()
    assert list(found) == ["submit", "read", "play", "moderate", "keys", "admin"]
    assert {name for name, may in found.items() if may} == allowed


async def test_without_keys_everything_but_operators_calls_is_open(client):
    found = await (await client.get(ACCESS)).json()
    assert {name for name, may in found.items() if may} == {"submit", "read", "play"}


async def test_a_key_for_plays_submits_with_tickets_only(client, make_key, db, assert_error):
    headers = bearer(await make_key("play"))
    score = {"user_id": 7, "score": 5}
    response = await client.post(SUBMIT, json=score, headers=headers)
    assert "needs a play ticket" in await assert_error(response, 403, "scope_missing")
    response = await client.post(SUBMIT, json=score, headers={**headers, "Idempotency-Key": "match-1"})
    await assert_error(response, 403, "scope_missing")
    ticket = (await (await client.post(PLAYS, json={"user_id": 7}, headers=headers)).json())["ticket"]
    response = await client.post(f"{SUBMIT}/batch", json=[score, {**score, "ticket": ticket}], headers=headers)
    refused, accepted = await response.json()
    assert (refused["error"]["code"], accepted["status"]) == ("scope_missing", "accepted")
    response = await client.post(SUBMIT, json={**score, "ticket": ticket}, headers=headers)
    assert (await response.json())["duplicate"] is True
    for method, path in ("GET", "/top"), ("PATCH", "/players/7"), ("POST", "/players/7/ids"):
        response = await client.request(method, f"/api/leaderboard{path}", json={}, headers=headers)
        await assert_error(response, 403, "scope_missing")


async def test_a_key_issues_lists_and_revokes_others(client, make_key, assert_error, caplog):
    caplog.set_level(logging.INFO, "service.http.handlers.api_keys")
    headers = bearer(await make_key("keys"))
    body = {"name": "game", "scopes": ["submit"], "expires_at": "2100-01-01T00:00:00Z"}
    issued = await (await client.post(KEYS, json=body, headers=headers)).json()
    new = bearer(issued["api_key"])
    assert (await client.post(SUBMIT, json={"user_id": 7, "score": 5}, headers=new)).status == 200
    listed = {one["id"]: one for one in await (await client.get(KEYS, headers=headers)).json()}
    assert listed[issued["id"]]["status"] == "active" and listed[issued["id"]]["scopes"] == ["submit"]
    response = await client.delete(f"{KEYS}/{issued['id']}", headers=headers)
    assert (await response.json())["revoked"] == issued["id"]

    async def refused():
        return (await client.post(SUBMIT, json={"user_id": 7, "score": 5}, headers=new)).status == 401

    await until(refused)
    lines = [vars(one) for one in caplog.records if one.name == "service.http.handlers.api_keys"]
    assert [(line["msg"], line["key"]) for line in lines] == [
        ("API key issued", issued["id"]),
        ("API key revoked", issued["id"]),
    ]
    assert issued["api_key"] not in caplog.text


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        ({"scopes": ["submit"]}, "invalid_body", "missing required field name"),
        ({"name": "", "scopes": ["submit"]}, "invalid_body", "name"),
        ({"name": "x" * 101, "scopes": ["submit"]}, "invalid_body", "name"),
        ({"name": " x", "scopes": ["submit"]}, "invalid_argument", "without spaces at its ends"),
        ({"name": "x", "scopes": []}, "invalid_body", "scopes must be one or more of"),
        ({"name": "x", "scopes": ["all"]}, "invalid_body", "scopes must be one or more of"),
        ({"name": "x", "scopes": ["keys"]}, "invalid_argument", "only the owner of the database"),
        ({"name": "x", "scopes": ["read"], "expires_at": "soon"}, "invalid_body", "expires_at must be a time"),
        ({"name": "x", "scopes": ["read"], "expires_at": "2020-01-01T00:00:00Z"}, "invalid_argument", "in the future"),
    ],
)
async def test_bad_new_keys(client, make_key, db, assert_error, body, code, message):
    headers = bearer(await make_key("keys"))
    assert message in await assert_error(await client.post(KEYS, json=body, headers=headers), 400, code)
    assert await db.fetchval("SELECT count(*) FROM api_keys") == 1


async def test_bad_revocations(client, make_key, assert_error):
    headers = bearer(await make_key("keys"))
    for key_id in "0123456789ab", "x":
        await assert_error(await client.delete(f"{KEYS}/{key_id}", headers=headers), 404, "unknown_api_key")


@pytest.mark.parametrize("scope", ["submit", "read", "play", "moderate", "admin"])
async def test_other_scopes_issue_no_keys(client, make_key, db, assert_error, scope):
    headers = bearer(await make_key(scope))
    for method, path in ("GET", ""), ("POST", ""), ("DELETE", "/0123456789ab"):
        response = await client.request(method, KEYS + path, json={}, headers=headers)
        await assert_error(response, 403, "scope_missing")
    assert await db.fetchval("SELECT count(*) FROM api_keys") == 1


async def test_the_database_checks_the_key_itself(db, make_key, settings, subtests):
    """An attacker who has taken over the service has its role, but no key with the scope keys."""
    keys, admin = await make_key("keys"), await make_key("admin")
    service = await asyncpg.connect(settings.service_database_url)
    try:
        for name, key in ("none", None), ("of another scope", admin), ("guessed", keys[:-1] + "x"), ("bare", keys[16:]):
            with subtests.test(name), pytest.raises(asyncpg.PostgresError, match="valid and have the scope keys"):
                await service.fetch("SELECT * FROM api.issue_api_key($1, 'x', '{admin}')", key)
        assert await service.fetchval("SELECT count(*) FROM api.listed_api_keys($1)", keys) == 2
        await db.execute("SELECT api.revoke_api_key($1)", keys[3:15])
        with pytest.raises(asyncpg.PostgresError, match="valid and have the scope keys"):
            await service.fetch("SELECT * FROM api.listed_api_keys($1)", keys)
    finally:
        await service.close()


async def test_plays_are_limited_by_address(new_client, db, assert_error):
    client = await new_client(rate_limit_plays="2/hour")
    for _ in range(2):
        response = await client.post(PLAYS, json={"user_id": 7})
        assert response.status == 200
        assert response.headers["RateLimit-Policy"] == '"plays";q=2;w=3600'
    response = await client.post(PLAYS, json={"user_id": 8})
    message = await assert_error(response, 429, "rate_limited")
    assert "2 plays per hour per address" in message and int(response.headers["Retry-After"]) > 0
    other = await client.get("/api/leaderboard/top")
    assert other.status == 200 and "RateLimit-Policy" not in other.headers
    key = await db.fetchval("SELECT api_key FROM api.create_api_key('server', '{submit}')")
    await until(lambda: _closed(client))
    response = await client.post(PLAYS, json={"user_id": 8}, headers=bearer(key))
    assert response.status == 200 and "RateLimit-Policy" not in response.headers


async def _closed(client):
    return (await client.get("/api/leaderboard/top")).status == 401


async def test_there_is_a_limit_of_plays_by_default(settings, client):
    assert settings.rate_limit_plays == "30 per minute"
    response = await client.post(PLAYS, json={"user_id": 7})
    assert response.headers["RateLimit-Policy"] == '"plays";q=30;w=60'
