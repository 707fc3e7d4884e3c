"""The calls of moderators, and what they change over HTTP."""

import logging

import pytest

from service import errors
from service.cache.epoch_cache import Cache, NotInvalidatedError
from service.database.moderation import ModerationFunctions
from service.errors import ApiError
from tests.support.api import get, submit

MODERATION = "/api/leaderboard/moderation"


@pytest.fixture
async def moderator(client, make_key):
    for user_id, score in (7, 500), (7, 700), (8, 600):
        await submit(client, user_id, score)
    key = await make_key("moderate", "submit")
    client.session.headers["Authorization"] = f"Bearer {key}"
    return client


async def act(client, action, query="", **body):
    async with client.post(f"{MODERATION}/{action}{query}", json={"reason": "test", **body}) as response:
        assert response.status == 200, await response.text()
        return await response.json()


async def top(client):
    return [(row["user_id"], row["total_score"]) for row in await get(client, "/top")]


async def test_void_restore_and_undo(moderator):
    assert await top(moderator) == [(7, 1200), (8, 600)]
    session = (await get(moderator, "/players/7/sessions"))[0]["id"]
    dry = await act(moderator, "void", "?dry_run=1", session_id=session)
    assert dry == {"act": None, "sessions": 1, "players": 1, "ranks": 1, "dry_run": True}
    assert await top(moderator) == [(7, 1200), (8, 600)]
    done = await act(moderator, "void", session_id=session)
    assert done == {**dry, "act": done["act"], "dry_run": False}
    assert await top(moderator) == [(8, 600), (7, 500)]
    sessions = await get(moderator, "/players/7/sessions")
    assert [(one["score"], one.get("void_id"), one.get("reason")) for one in sessions] == [
        (700, done["act"], "test"),
        (500, None, None),
    ]
    undone = await act(moderator, "undo", act=done["act"])
    assert await top(moderator) == [(7, 1200), (8, 600)]
    log = await get(moderator, "/moderation")
    assert [(one["id"], one["action"], one["undoes"], one["undone_by"]) for one in log] == [
        (undone["act"], "undo", done["act"], None),
        (done["act"], "void", None, undone["act"]),
    ]
    again = await act(moderator, "void", user_id=7)
    assert again["sessions"] == 2
    restored = await act(moderator, "restore", act=again["act"])
    assert restored["sessions"] == 2
    assert await top(moderator) == [(7, 1200), (8, 600)]


async def test_a_banned_player_sees_themself(moderator):
    banned = await act(moderator, "ban", user_ids=[7], until="2100-01-01T00:00:00Z")
    assert (banned["players"], banned["ranks"]) == (1, 1)
    assert await top(moderator) == [(8, 600)]
    rank = await get(moderator, "/rank/7")
    assert (rank["rank"], rank["total_score"], rank["hidden"]) == (1, 1200, True)
    (row,) = await get(moderator, "/ranks?user_ids=7")
    assert row["hidden"] is True
    assert [row.get("hidden") for row in await get(moderator, "/around/7")] == [True, None]
    answer = await submit(moderator, 7, 5)
    assert (answer["total_score"], answer["hidden"]) == (1205, True)
    assert (await get(moderator, "/players/7"))["ban"] == {
        "act": banned["act"],
        "action": "ban",
        "until": "2100-01-01T00:00:00Z",
    }
    await act(moderator, "unban", user_ids=[7])
    assert await top(moderator) == [(7, 1205), (8, 600)]
    assert (await get(moderator, "/players/7"))["ban"] is None


async def test_a_hidden_player_is_not_told(moderator):
    await act(moderator, "hide", user_ids=[7])
    assert await top(moderator) == [(8, 600)]
    assert "hidden" not in await get(moderator, "/rank/7")
    assert "hidden" not in await submit(moderator, 7, 5)


async def test_players_by_external_ids(moderator, assert_error):
    response = await moderator.post("/api/leaderboard/submit", json={"player": "steam:1", "score": 900})
    user_id = (await response.json())["user_id"]
    await act(moderator, "ban", players=["steam:1"], user_ids=[8])
    assert await top(moderator) == [(7, 1200)]
    for query in f"user_id={user_id}", "player=steam:1":
        assert [one["action"] for one in await get(moderator, f"/moderation?{query}")] == ["ban"]
    response = await moderator.post(f"{MODERATION}/ban", json={"reason": "x", "players": ["steam:1", "steam:2"]})
    assert "there is no player steam:2" in await assert_error(response, 404, "unknown_player")
    assert (await act(moderator, "void", player="steam:1"))["sessions"] == 1


async def test_rules_are_tried_on_what_was_played(moderator):
    async with moderator.post(f"{MODERATION}/test-rules", json={"max_score": 650}) as response:
        (caught,) = await response.json()
    assert (caught["user_id"], caught["sessions"], caught["worst_score"]) == (7, 1, 700)


async def test_the_log_says_who_did_what_but_not_to_whom(moderator, caplog):
    caplog.set_level(logging.INFO, "service.http.handlers.moderation")
    await act(moderator, "ban", user_ids=[7], reason="a name")
    (line,) = [vars(one) for one in caplog.records if one.name == "service.http.handlers.moderation"]
    assert (line["action"], line["players"]) == ("ban", 1)
    key = moderator.session.headers["Authorization"].split("_")[1]
    assert line["api_key"] == key
    assert "user_id" not in line and "a name" not in str(line)
    (logged,) = await get(moderator, "/moderation")
    assert logged["operator"] == f"{key} test"


async def test_an_unknown_outcome(moderator, assert_error, monkeypatch):
    async def lost(*_, **__):
        raise ApiError(errors.OUTCOME_UNKNOWN)

    with monkeypatch.context() as patch:
        patch.setattr(ModerationFunctions, "_act", lost)
        response = await moderator.post(f"{MODERATION}/void", json={"reason": "x", "user_id": 7})
        message = await assert_error(response, 503, "outcome_unknown")
        assert "may or may not have been changed. GET /api/leaderboard/moderation shows it" in message

    async def not_invalidated(_):
        raise NotInvalidatedError

    with monkeypatch.context() as patch:
        patch.setattr(Cache, "invalidate_all", not_invalidated)
        response = await moderator.post(f"{MODERATION}/void", json={"reason": "x", "user_id": 7})
        assert "what counts is changed" in await assert_error(response, 503, "outcome_unknown")


@pytest.mark.parametrize(
    ("action", "body", "status", "code", "message"),
    [
        ("void", {"reason": "x"}, 400, "invalid_body", "say which scores: give one or more of"),
        ("void", {"user_id": 7}, 400, "invalid_body", "missing required field reason"),
        ("void", {"reason": "", "user_id": 7}, 400, "invalid_body", "reason must be 1 to 500 printable characters"),
        ("void", {"reason": "x" * 501, "user_id": 7}, 400, "invalid_body", "reason must be 1 to 500"),
        ("void", {"reason": "x\ny", "user_id": 7}, 400, "invalid_body", "reason must be 1 to 500"),
        ("void", {"reason": "x", "user_id": 0}, 400, "invalid_user_id", "1 to 2147483647"),
        ("void", {"reason": "x", "user_id": 7, "player": "a"}, 400, "invalid_body", "not both"),
        ("void", {"reason": "x", "player": "none"}, 404, "unknown_player", "none"),
        ("void", {"reason": "x", "session_id": 0}, 400, "invalid_body", "session_id must be a whole number from 1"),
        ("void", {"reason": "x", "from": "yesterday"}, 400, "invalid_body", "from must be a time with its offset"),
        ("void", {"reason": "x", "to": "2026-01-01T00:00:00"}, 400, "invalid_body", "to must be a time with its"),
        ("void", {"reason": "x", "above": 2**60}, 400, "invalid_body", "above must be an integer"),
        ("void", {"reason": "x", "board": "none"}, 404, "unknown_board", "none"),
        ("void", {"reason": "x", "act": 1, "user_id": 7}, 400, "invalid_body", "unknown field"),
        ("restore", {"reason": "x", "act": 0}, 400, "invalid_body", "act must be the id of an act"),
        ("restore", {"reason": "x", "act": 999}, 404, "unknown_act", "999"),
        ("ban", {"reason": "x"}, 400, "invalid_body", "say which players: give user_ids or players"),
        ("ban", {"reason": "x", "user_ids": [0]}, 400, "invalid_body", "user_ids must be at most 10000 integers"),
        ("ban", {"reason": "x", "players": [""]}, 400, "invalid_body", "players must be at most 10000 external ids"),
        ("ban", {"reason": "x", "players": ["7"]}, 400, "invalid_player", "send it as user_id"),
        ("ban", {"reason": "x", "user_ids": [7], "until": "soon"}, 400, "invalid_body", "until must be a time"),
        ("ban", {"reason": "x", "user_ids": [7], "until": "2020-01-01T00:00:00Z"}, 400, "invalid_argument", ""),
        ("ban", {"reason": "x", "user_ids": [999]}, 404, "unknown_player", "999"),
        ("unban", {"reason": "x", "user_ids": [7], "until": None}, 400, "invalid_body", "unknown field"),
        ("undo", {"reason": "x"}, 400, "invalid_body", "missing required field act"),
        ("undo", {"reason": "x", "act": 999}, 404, "unknown_act", "999; GET /api/leaderboard/moderation"),
        ("test-rules", {"board": "none", "max_score": 5}, 404, "unknown_board", "none"),
        ("test-rules", {}, 400, "invalid_argument", ""),
        ("test-rules", {"days": 0, "max_score": 5}, 400, "invalid_body", "days must be a whole number from 1 to 365"),
        ("test-rules", {"limit": 0, "max_score": 5}, 400, "invalid_body", "limit must be a whole number"),
    ],
)
async def test_bad_input(moderator, assert_error, action, body, status, code, message):
    response = await moderator.post(f"{MODERATION}/{action}", json=body)
    assert message in await assert_error(response, status, code)
    assert await get(moderator, "/moderation") == []


async def test_bad_queries(moderator, assert_error, subtests):
    for query in "limit=0", "limit=1001", "before=0", "before=x", "user_id=0", "dry_run=1":
        with subtests.test(query):
            await assert_error(await moderator.get(f"{MODERATION}?{query}"), 400, "invalid_parameter")
    response = await moderator.post(f"{MODERATION}/void?dry_run=yes", json={"reason": "x", "user_id": 7})
    assert "dry_run must be 0 or 1" in await assert_error(response, 400, "invalid_parameter")


async def test_pages_of_the_log(moderator):
    for user_id in 7, 8:
        await act(moderator, "ban", user_ids=[user_id])
    response = await moderator.get(f"{MODERATION}?limit=1")
    (newest,) = await response.json()
    assert response.links["next"]["url"].query["before"] == str(newest["id"])
    (older,) = await (await moderator.get(response.links["next"]["url"].relative())).json()
    assert (newest["user_id"], older["user_id"]) == (8, 7)


@pytest.mark.parametrize("scope", ["submit", "read", "play", "keys"])
async def test_other_scopes_may_do_nothing_of_this(client, make_key, assert_error, scope):
    headers = {"Authorization": f"Bearer {await make_key(scope)}"}
    for action in "void", "restore", "ban", "hide", "unban", "undo", "test-rules":
        response = await client.post(f"{MODERATION}/{action}", json={}, headers=headers)
        await assert_error(response, 403, "scope_missing")
    for path in "/moderation", "/rejected", "/health-report":
        await assert_error(await client.get(f"/api/leaderboard{path}", headers=headers), 403, "scope_missing")


async def test_the_health_report(moderator):
    report = await get(moderator, "/health-report")
    assert (report["status"], report["database"]["status"], report["cache"]["status"]) == ("ready", "up", "up")
    assert report["rank_index"]["pending_deltas"] is not None
    assert report["versions"]["postgresql"] and report["versions"]["service"]
    assert report["last_verify"]["interval_seconds"] == 60
