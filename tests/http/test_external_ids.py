"""`player`, an external id, in the place of user_id: in submissions, batches, and every read."""

import asyncio
import json
from urllib.parse import quote

import pytest

from service.observability import metrics
from tests.support.api import get

SUBMIT = "/api/leaderboard/submit"
STEAM = "steam:76561198000000000"
#: Ids that need care in a URL, in JSON or in a key of the cache.
STRANGE = [
    STEAM,
    "76561198000000000",
    "device/abc",
    "{1B4E28BA-2FA1-11D2-883F-0016D3CCA427}",
    "a b?c#d&e%f",
    "naïve ☃",
    "5/a:b",
    "a" * 128,
]


def path(player):
    """As encodeURIComponent would write it."""
    return quote(player, safe="!'()*~")


async def submit(client, player, score, **fields):
    async with client.post(SUBMIT, json={"player": player, "score": score, **fields}) as response:
        assert response.status == 200, await response.text()
        return await response.json()


@pytest.mark.parametrize("player", STRANGE)
async def test_a_player_is_registered_and_found_by_any_id(client, db, player):
    first = await submit(client, player, 5)
    assert first["player"] == player
    again = await submit(client, player, 7)
    assert (again["user_id"], again["total_score"]) == (first["user_id"], 12)
    rank = await get(client, f"/rank/{path(player)}")
    assert rank == {
        "user_id": first["user_id"],
        "username": f"user_{first['user_id']}",
        "total_score": 12,
        "rank": 1,
        "players": 1,
        "percentile": 100.0,
        "player": player,
    }
    (around,) = await get(client, f"/around/{path(player)}")
    assert around["user_id"] == first["user_id"]
    (ranks,) = await get(client, f"/ranks?player={quote(player, safe='')}")
    assert (ranks["user_id"], ranks["player"]) == (first["user_id"], player)
    assert await db.fetchval("SELECT external_id FROM player_ids") == player


async def test_answers_by_number_are_as_they_were(client):
    """No key is new in the answers to calls that ask for nothing new."""
    answer = await client.post(SUBMIT, json={"user_id": 7, "score": 5})
    assert await answer.text() == (
        '{"message":"Score submitted successfully","user_id":7,"score":5,"total_score":5,"duplicate":false}'
    )
    answer = await client.post(f"{SUBMIT}/batch", json=[{"user_id": 7, "score": 5}])
    assert await answer.text() == '[{"status":"accepted","user_id":7,"score":5,"total_score":10}]'
    answer = await client.get("/api/leaderboard/rank/7")
    assert await answer.text() == (
        '{"user_id":7,"username":"user_7","total_score":10,"rank":1,"players":1,"percentile":100.0}'
    )
    answer = await client.get("/api/leaderboard/top")
    assert await answer.text() == '[{"rank":1,"user_id":7,"username":"user_7","total_score":10}]'


async def test_submissions_and_ranks_by_id_go_the_express_way(client, express):
    before = {route: counter.value for (route,), counter in metrics.EXPRESS.items()}
    await submit(client, STEAM, 5)
    await get(client, f"/rank/{path(STEAM)}")
    taken = {route: counter.value - before.get(route, 0) for (route,), counter in metrics.EXPRESS.items()}
    assert (taken["submit"], taken["rank"]) == ((1, 1) if express else (0, 0))


async def test_a_batch_with_both_kinds(client):
    await submit(client, "a", 1)
    response = await client.post(
        f"{SUBMIT}/batch?include=rank",
        json=[
            {"user_id": 7, "score": 5},
            {"player": "a", "score": 2, "idempotency_key": "one"},
            {"player": "b", "score": 3},
            {"player": "b", "score": 4},
            {"player": "a", "score": 2, "idempotency_key": "one"},
            {"score": 1},
            {"user_id": 7, "player": "a", "score": 1},
            {"player": "8", "score": 1},
        ],
    )
    found = await response.json()
    assert [one["status"] for one in found] == [*["accepted"] * 4, "duplicate", *["rejected"] * 3]
    assert [one.get("player") for one in found[:5]] == [None, "a", "b", "b", "a"]
    assert [one["total_score"] for one in found[:5]] == [5, 3, 3, 7, 3]
    assert found[2]["user_id"] == found[3]["user_id"]
    assert [one["error"]["code"] for one in found[5:]] == ["invalid_body", "invalid_body", "invalid_player"]


async def test_ranks_of_several(client, subtests):
    ids = {player: (await submit(client, player, score))["user_id"] for player, score in (("a", 3), ("b", 2))}
    await client.post(SUBMIT, json={"user_id": 1000, "score": 9})
    found = await get(client, "/ranks?player=a&player=b&player=c&user_ids=1000,2000")
    assert [(row["user_id"], row.get("player"), row["rank_among"]) for row in found] == [
        (1000, None, 1),
        (ids["a"], "a", 2),
        (ids["b"], "b", 3),
    ]
    with subtests.test("a player who is named twice comes once"):
        found = await get(client, f"/ranks?player=a&user_ids={ids['a']}")
        assert [(row["user_id"], row["player"]) for row in found] == [(ids["a"], "a")]


async def test_a_player_may_have_several_ids(client, db):
    first = await submit(client, "a", 3)
    await db.execute("INSERT INTO player_ids (external_id, user_id) VALUES ('b', $1)", first["user_id"])
    assert (await submit(client, "b", 4))["total_score"] == 7
    for name in "a", "b":
        rank = await get(client, f"/rank/{name}")
        assert (rank["player"], rank["total_score"]) == (name, 7)


async def test_ids_are_compared_as_unicode_composes_them(client):
    composed = await submit(client, "\u00e9", 3)
    decomposed = await submit(client, "e\u0301", 4)
    assert (composed["user_id"], decomposed["total_score"]) == (decomposed["user_id"], 7)
    assert decomposed["player"] == "e\u0301"


@pytest.mark.parametrize(
    ("fields", "status", "code", "message"),
    [
        ({}, 400, "invalid_body", "object missing required field user_id, or player"),
        ({"player": ""}, 400, "invalid_body", "user_id, or player"),
        ({"player": None}, 400, "invalid_body", "user_id, or player"),
        ({"player": "a", "user_id": 7}, 400, "invalid_body", "give user_id or player, not both"),
        ({"player": 7}, 400, "invalid_body", "player: expected str | null, got int"),
        ({"player": "a" * 129}, 400, "invalid_player", "player must be 1 to 128 printable characters"),
        ({"player": "a\nb"}, 400, "invalid_player", "player must be 1 to 128 printable characters"),
        ({"player": "a\u202eb"}, 400, "invalid_player", "player has"),
        ({"player": " a"}, 400, "invalid_player", "must not begin or end with a space"),
        ({"player": "7"}, 400, "invalid_player", "is a number: send it as user_id, or put a prefix before it"),
        ({"player": "007"}, 400, "invalid_player", "put a prefix before it"),
        ({"player": "2147483647"}, 400, "invalid_player", "put a prefix before it"),
        ({"player": "7.0"}, 400, "invalid_player", "put a prefix before it"),
        ({"player": "7e0"}, 400, "invalid_player", "put a prefix before it"),
        ({"player": "-7"}, 400, "invalid_player", "put a prefix before it"),
    ],
)
async def test_bad_players_in_bodies(client, db, assert_error, fields, status, code, message):
    response = await client.post(SUBMIT, json={"score": 5, **fields})
    assert message in await assert_error(response, status, code)
    response = await client.post(f"{SUBMIT}/batch", json=[{"score": 5, **fields}])
    (item,) = await response.json()
    assert item["error"]["code"] == code and message in item["error"]["message"]
    assert await db.fetchval("SELECT count(*) FROM users") == 0


@pytest.mark.parametrize("call", ["/rank/{}", "/around/{}", "/players/{}/seasons"])
async def test_bad_players_in_paths(client, assert_error, call, subtests):
    for player, status, code in [
        ("nobody", 404, "unknown_player"),
        ("2147483648", 404, "unknown_player"),
        ("007", 400, "invalid_player"),
        ("%20a", 400, "invalid_player"),
        ("a%0Ab", 400, "invalid_player"),
        ("a" * 129, 400, "invalid_player"),
        ("0", 400, "invalid_user_id"),
        ("-1", 400, "invalid_user_id"),
        ("3e9", 400, "invalid_user_id"),
    ]:
        with subtests.test(player=player):
            await assert_error(await client.get("/api/leaderboard" + call.format(player)), status, code)


async def test_bad_lists_of_players(client, assert_error, subtests):
    for query, code, message in [
        ("", "invalid_parameter", "give user_ids=1,2,3, or player="),
        ("?player=", "invalid_parameter", "player"),
        ("?player=7", "invalid_player", "send it as user_id"),
        ("?" + "&".join(f"player=a{n}" for n in range(1001)), "invalid_parameter", "at most 1000"),
        ("?player=" + "a" * 129, "invalid_parameter", "1 to 128 printable characters"),
        ("?player=a%0Ab", "invalid_parameter", "1 to 128 printable characters"),
    ]:
        with subtests.test(query=query[:20]):
            response = await client.get(f"/api/leaderboard/ranks{query}")
            assert message in await assert_error(response, 400, code)


async def test_many_ranks_at_once_are_each_their_own(client, db):
    """Ranks that miss the cache share a statement."""
    await client.post(
        f"{SUBMIT}/batch",
        json=[{"player": f"p{n}", "score": n} for n in range(20)]
        + [{"user_id": 1_000_000 + n, "score": n} for n in range(20)],
    )
    paths = [f"/rank/p{n}" for n in range(20)] + [f"/rank/{1_000_000 + n}" for n in range(20)]
    found = await asyncio.gather(*(get(client, path) for path in paths))
    assert [row["total_score"] for row in found] == [*range(20), *range(20)]
    assert [row.get("player") for row in found] == [f"p{n}" for n in range(20)] + [None] * 20


async def test_no_external_id_is_in_the_log_line_of_a_request(client, caplog):
    caplog.set_level("INFO", "service.request")
    user_id = (await submit(client, STEAM, 5))["user_id"]
    for call in f"/rank/{STEAM}", f"/around/{STEAM}", f"/players/{STEAM}", f"/rank/{user_id}", f"/ranks?player={STEAM}":
        await get(client, call)
    lines = [vars(one) for one in caplog.records if one.name == "service.request"]
    assert [line["path"].removeprefix("/api/leaderboard") for line in lines] == [
        "/submit",
        "/rank/{user_id}",
        "/around/{user_id}",
        "/players/{user_id}",
        f"/rank/{user_id}",
        "/ranks",
    ]
    assert STEAM not in str(lines)


# --- metadata -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("metadata", [{"level": 3}, {}, {"a": {"b": [1, 1.5, None, True, "☃"]}}, None])
async def test_metadata_is_kept_with_the_score(client, db, metadata):
    await client.post(SUBMIT, json={"user_id": 7, "score": 5, "metadata": metadata})
    await client.post(f"{SUBMIT}/batch", json=[{"user_id": 7, "score": 5, "metadata": metadata}])
    kept = [row[0] for row in await db.fetch("SELECT metadata FROM game_sessions")]
    assert [text and json.loads(text) for text in kept] == [metadata, metadata]


async def test_no_digit_of_metadata_is_lost(client, db):
    sent = '{"user_id": 7, "score": 5, "metadata": {"seed": 123456789012345678901234567890, "x": 0.10}}'
    headers = {"Content-Type": "application/json"}
    assert (await client.post(SUBMIT, data=sent, headers=headers)).status == 200
    kept = await db.fetchval("SELECT metadata::text FROM game_sessions")
    assert kept == '{"x": 0.10, "seed": 123456789012345678901234567890}'
    # A client without integers: its other numbers are doubles, too.
    sent = '{"user_id": 7.0, "score": 5e0, "metadata": {"level": 3.0}}'
    assert (await client.post(SUBMIT, data=sent, headers=headers)).status == 200
    assert await db.fetchval("SELECT metadata::text FROM game_sessions ORDER BY id DESC LIMIT 1") == '{"level": 3}'


@pytest.mark.parametrize(
    ("metadata", "code"),
    [
        ('"text"', "invalid_metadata"),
        ("[1]", "invalid_metadata"),
        ("7", "invalid_metadata"),
        ('{"a": "%s"}' % ("x" * 1024), "invalid_metadata"),
        ('{"a": "%s"}' % ("x" * 10_000), "invalid_metadata"),
        ('{"a": "\\u0000"}', "invalid_metadata"),
        ('{"a": 1e400}', None),
        ('{"a": 1e1000000}', "invalid_metadata"),
        ('{"a": }', "malformed_json"),
        ('{"a": "\xff"}', "malformed_json"),
    ],
)
async def test_bad_metadata(client, db, assert_error, metadata, code):
    body = f'{{"user_id": 7, "score": 5, "metadata": {metadata}}}'.encode("latin-1")
    response = await client.post(SUBMIT, data=body, headers={"Content-Type": "application/json"})
    if code is None:
        assert response.status == 200
        return
    await assert_error(response, 400, code)
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == 0
