"""GET /api/leaderboard/access: which calls the sender may make."""

import dataclasses

import pytest

from service.app import create_app

PATH = "/api/leaderboard/access"


async def make_key(db, *scopes):
    made = await db.fetchrow("SELECT * FROM api.create_api_key('test', $1)", list(scopes))
    return {"Authorization": f"Bearer {made['api_key']}"}


async def told(client, headers=None):
    response = await client.get(PATH, headers=headers)
    assert response.status == 200, await response.text()
    return await response.json()


async def really(client, headers=None):
    """The same, found out by making the calls."""
    score = {"user_id": 7, "score": 1}
    play = await client.post("/api/leaderboard/plays", json={"user_id": 7}, headers=headers)
    answers = {
        "submit": await client.post("/api/leaderboard/submit", json=score, headers=headers),
        "read": await client.get("/api/leaderboard/top", headers=headers),
        "moderate": await client.get("/api/leaderboard/moderation", headers=headers),
        "play": play,
        "admin": await client.delete("/api/leaderboard/players/7?dry_run=1", headers=headers),
        "keys": await client.get("/api/leaderboard/api-keys", headers=headers),
    }
    return {scope: answer.status not in (401, 403) for scope, answer in answers.items()}


def allowed(*scopes):
    """What /access tells a caller who may do this and nothing else."""
    return {scope: scope in scopes for scope in ("submit", "read", "moderate", "play", "admin", "keys")}


async def test_without_any_key_anyone_may_submit_and_read(client):
    assert await told(client) == await really(client) == allowed("submit", "read", "play")


@pytest.mark.parametrize("open_reads", [False, True])
@pytest.mark.parametrize(
    "scopes",
    [
        (),
        ("submit",),
        ("read",),
        ("submit", "read"),
        ("admin",),
        ("moderate",),
        ("play",),
        ("keys",),
        ("admin", "keys"),
    ],
)
async def test_it_says_what_the_calls_would(settings, aiohttp_client, db, open_reads, scopes):
    headers = await make_key(db, *scopes) if scopes else None
    await make_key(db, "submit", "read")
    client = await aiohttp_client(create_app(dataclasses.replace(settings, open_reads=open_reads)))
    found = await told(client, headers)
    assert found == await really(client, headers)
    expected = set(scopes)
    if "admin" in scopes:
        expected |= {"submit", "read", "moderate", "play"}
    if "submit" in scopes:
        expected.add("play")
    if "moderate" in scopes or open_reads:
        expected.add("read")
    assert found == allowed(*expected)


async def test_required_keys_close_it_without_any_key(settings, aiohttp_client):
    client = await aiohttp_client(create_app(dataclasses.replace(settings, require_keys=True)))
    assert await told(client) == allowed()


async def test_an_invalid_key_is_refused(settings, aiohttp_client, db, assert_error):
    await make_key(db, "submit")
    client = await aiohttp_client(create_app(settings))
    for value in (f"Bearer lb_{'0' * 12}_{'0' * 64}", "Basic YTpi"):
        response = await client.get(PATH, headers={"Authorization": value})
        await assert_error(response, 401, "invalid_api_key")


async def test_it_counts_nothing(client, db):
    await told(client)
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == 0
    assert await db.fetchval("SELECT count(*) FROM rejected_submissions") == 0


async def test_a_key_of_another_service_is_as_good_as_none_while_no_key_exists(client):
    """The calls work with it, so a page that keeps one must not be told that it is refused."""
    found = await told(client, {"Authorization": f"Bearer lb_0123456789ab_{'c' * 64}"})
    assert found["submit"] and found["read"]
    assert not any(found.get(scope) for scope in ("admin", "moderate", "keys"))
