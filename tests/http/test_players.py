"""Players over HTTP: found by name, changed, linked, exported and erased."""

import logging

import pytest

from tests.support.api import get, submit

PLAYERS = "/api/leaderboard/players"


@pytest.fixture
async def admin(client, make_key):
    await submit(client, 7, 500, username="Ada")
    await submit(client, 8, 600, username="adam")
    await submit(client, 9, 700, username="Grace")
    client.session.headers["Authorization"] = f"Bearer {await make_key('admin')}"
    return client


async def change(client, user_id=7, **changes):
    async with client.patch(f"{PLAYERS}/{user_id}", json=changes) as response:
        assert response.status == 200, await response.text()
        return await response.json()


async def link(client, player, user_id=7):
    async with client.post(f"{PLAYERS}/{user_id}/ids", json={"player": player}) as response:
        assert response.status == 200, await response.text()
        return await response.json()


async def test_players_are_found_by_the_beginning_of_their_name(admin):
    await link(admin, "steam:1")
    await change(admin, attributes={"country": "DE"})
    found = await get(admin, "/players?name=AD")
    assert found == [
        {"user_id": 7, "username": "Ada", "player": "steam:1", "attributes": {"country": "DE"}},
        {"user_id": 8, "username": "adam", "player": None, "attributes": None},
    ]
    response = await admin.get(f"{PLAYERS}?name=ad&limit=1")
    assert [row["user_id"] for row in await response.json()] == [7]
    response = await admin.get(response.links["next"]["url"].relative())
    assert [row["user_id"] for row in await response.json()] == [8]


async def test_a_profile_and_who_may_see_all_of_it(admin, make_key):
    await link(admin, "steam:1")
    profile = await get(admin, "/players/7")
    assert list(profile) == ["user_id", "username", "join_date", "attributes", "players", "ban"]
    assert (profile["players"], profile["ban"]) == (["steam:1"], None)
    assert (await get(admin, "/players/steam:1"))["player"] == "steam:1"
    admin.session.headers["Authorization"] = f"Bearer {await make_key('read')}"
    profile = await get(admin, "/players/7")
    assert list(profile) == ["user_id", "username", "join_date", "attributes"]


async def test_a_change_shows_in_the_next_read(admin):
    assert [row["username"] for row in await get(admin, "/top")] == ["Grace", "adam", "Ada"]
    assert (await get(admin, "/rank/7"))["username"] == "Ada"
    assert await change(admin, username="Lovelace") == {"user_id": 7, "username": "Lovelace"}
    assert [row["username"] for row in await get(admin, "/top")] == ["Grace", "adam", "Lovelace"]
    assert (await get(admin, "/rank/7"))["username"] == "Lovelace"
    (row,) = await get(admin, "/top?limit=1&place=3&include=attributes,player")
    assert (row["attributes"], row["player"]) == (None, None)
    changed = await change(admin, attributes={"country": "DE", "platform": "pc"})
    assert changed == {"user_id": 7, "attributes": {"country": "DE", "platform": "pc"}}
    assert (await change(admin, attributes={"platform": None}))["attributes"] == {"country": "DE"}
    await link(admin, "steam:1")
    (row,) = await get(admin, "/top?limit=1&place=3&include=attributes,player")
    assert (row["attributes"], row["player"]) == ({"country": "DE"}, "steam:1")


async def test_both_changes_happen_or_neither(admin, assert_error):
    response = await admin.patch(f"{PLAYERS}/7", json={"username": "New", "attributes": {"shoe_size": "9"}})
    await assert_error(response, 422, "invalid_attributes")
    assert (await get(admin, "/players/7"))["username"] == "Ada"


async def test_details_of_rows(admin, db, subtests):
    await db.execute("SELECT api.create_board('best', p_aggregate => 'best')")
    body = {"player": "steam:1", "score": 900, "metadata": {"level": 3}}
    user_id = (await (await admin.post("/api/leaderboard/submit", json=body)).json())["user_id"]
    await change(admin, user_id, attributes={"country": "FR"})
    details = {"attributes": {"country": "FR"}, "metadata": {"level": 3}, "player": "steam:1"}
    for path in (
        "/top?board=best&limit=1&include={}",
        "/top?board=best&limit=1&place=1&include={}",
        f"/around/{user_id}?board=best&span=0&include={{}}",
        "/around/steam:1?board=best&span=0&include={}",
        "/ranks?board=best&player=steam:1&include={}",
        f"/ranks?board=best&user_ids={user_id}&include={{}}",
        f"/rank/{user_id}?board=best&include={{}}",
        "/rank/steam:1?board=best&include={}",
    ):
        for wanted in ("attributes",), ("metadata",), ("player",), ("attributes", "metadata", "player"):
            with subtests.test(path=path, wanted=wanted):
                found = await get(admin, path.format(",".join(wanted)))
                row = found[0] if isinstance(found, list) else found
                asked = {*wanted, *(("player",) if "steam:1" in path and "around" not in path else ())}
                assert {name: row[name] for name in details if name in row} == {name: details[name] for name in asked}


async def test_splits(admin, db, assert_error):
    await change(admin, 7, attributes={"country": "DE"})
    await change(admin, 9, attributes={"country": "DE"})
    response = await admin.post("/api/leaderboard/boards", json={"name": "lands", "split_by": "country"})
    assert response.status == 200, await response.text()
    (board,) = [one for one in await get(admin, "/boards") if one["board"] == "lands"]
    assert board["split_by"] == "country"
    assert [row["user_id"] for row in await get(admin, "/top?board=lands&split=DE")] == [9, 7]
    assert (await get(admin, "/rank/7?board=lands&split=DE"))["rank"] == 2
    assert [row["user_id"] for row in await get(admin, "/around/7?board=lands&split=DE")] == [9, 7]
    assert [row["rank"] for row in await get(admin, "/ranks?board=lands&split=DE&user_ids=7,9")] == [1, 2]
    assert (await get(admin, "/rank-of?board=lands&split=DE&score=600"))["rank"] == 2
    assert await get(admin, "/splits?board=lands") == [{"split": "DE", "players": 2}]
    for query in "board=overall&split=DE", "board=lands&split=x":
        await assert_error(await admin.get(f"/api/leaderboard/top?{query}"), 404, "unknown_split")
    for query in "split=", "include=", "include=all", "include=player,", "split=" + "x" * 101:
        await assert_error(await admin.get(f"/api/leaderboard/top?{query}"), 400, "invalid_parameter")


async def test_ids_are_linked_and_unlinked(admin, assert_error):
    assert await link(admin, "steam:1") == {"user_id": 7, "player": "steam:1"}
    assert (await link(admin, "steam:1"))["user_id"] == 7
    assert (await get(admin, "/rank/steam:1"))["user_id"] == 7
    response = await admin.post(f"{PLAYERS}/8/ids", json={"player": "steam:1"})
    await assert_error(response, 409, "player_id_taken")
    await assert_error(await admin.delete(f"{PLAYERS}/8/ids/steam:1"), 404, "unknown_player")
    response = await admin.delete(f"{PLAYERS}/steam:1/ids/steam:1")
    assert await response.json() == {"user_id": 7, "unlinked": "steam:1"}
    await assert_error(await admin.get("/api/leaderboard/rank/steam:1"), 404, "unknown_player")
    await link(admin, "steam:1", 8)
    assert (await get(admin, "/rank/steam:1"))["user_id"] == 8


async def test_sessions_of_a_player(admin):
    await submit(admin, 7, 30, metadata={"level": 1})
    response = await admin.get(f"{PLAYERS}/7/sessions?limit=1")
    (newest,) = await response.json()
    assert list(newest) == ["id", "at", "played_at", "score", "game_mode", "metadata"]
    assert (newest["score"], newest["metadata"]) == (30, {"level": 1})
    (older,) = await (await admin.get(response.links["next"]["url"].relative())).json()
    assert older["score"] == 500


async def test_export_and_erase(admin, db, assert_error):
    await link(admin, "steam:1")
    document = await get(admin, "/players/steam:1/export")
    assert (document["user_id"], document["username"], document["players"]) == (7, "Ada", ["steam:1"])
    dry = await (await admin.delete(f"{PLAYERS}/7?dry_run=1")).json()
    assert (dry["sessions"], dry["external_ids"], dry["dry_run"]) == (1, 1, True)
    response = await admin.delete(f"{PLAYERS}/7")
    assert "?confirm=7" in await assert_error(response, 409, "confirmation_required")
    await assert_error(await admin.delete(f"{PLAYERS}/7?confirm=8"), 409, "confirmation_required")
    assert [row["user_id"] for row in await get(admin, "/top")] == [9, 8, 7]
    done = await (await admin.delete(f"{PLAYERS}/steam:1?confirm=7")).json()
    assert done == {**dry, "dry_run": False}
    assert [row["user_id"] for row in await get(admin, "/top")] == [9, 8]
    for path in "/rank/7", "/rank/steam:1", "/players/7", "/players/7/sessions", "/players/7/export":
        await assert_error(await admin.get(f"/api/leaderboard{path}"), 404, "unknown_player")


async def test_the_attributes_that_there_are(admin):
    found = {one["name"]: one["kind"] for one in await get(admin, "/attributes")}
    assert found["country"] == "country" and found["avatar"] == "url"


async def test_the_log_names_no_player(admin, caplog):
    caplog.set_level(logging.INFO, "service.http.handlers.players")
    await change(admin, username="Lovelace", attributes={"country": "DE"})
    await link(admin, "steam:1")
    await admin.delete(f"{PLAYERS}/7/ids/steam:1")
    await get(admin, "/players/7/export")
    await admin.delete(f"{PLAYERS}/7?confirm=7")
    lines = [vars(one) for one in caplog.records if one.name == "service.http.handlers.players"]
    assert [line["msg"] for line in lines] == [
        "player changed",
        "player id linked",
        "player id unlinked",
        "player exported",
        "player erased",
    ]
    key = admin.session.headers["Authorization"].split("_")[1]
    for line in lines:
        assert line["api_key"] == key
        assert not {"user_id", "player", "username"} & line.keys()
        assert "Lovelace" not in str(line) and "steam:1" not in str(line)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code", "message"),
    [
        ("GET", "?limit=5", None, 400, "invalid_parameter", "name"),
        ("GET", "?name=", None, 400, "invalid_parameter", "1 to 255 printable characters"),
        ("GET", "?name=a&limit=0", None, 400, "invalid_parameter", "limit"),
        ("GET", "?name=a&after=x", None, 400, "invalid_parameter", "Link header"),
        ("GET", "/none", None, 404, "unknown_player", "none"),
        ("GET", "/99", None, 404, "unknown_player", "99"),
        ("GET", "/7/sessions?before=x", None, 400, "invalid_parameter", "before must be a whole number"),
        ("GET", "/7/sessions?before=999999", None, 400, "invalid_argument", ""),
        ("PATCH", "/7", {}, 400, "invalid_body", "give username or attributes"),
        ("PATCH", "/7", {"username": ""}, 400, "invalid_body", "give username or attributes"),
        ("PATCH", "/7", {"username": " a"}, 400, "invalid_username", "space"),
        ("PATCH", "/7", {"username": "x" * 256}, 400, "invalid_username", "1 to 255"),
        ("PATCH", "/7", {"username": "Grace"}, 409, "username_taken", "is taken"),
        ("PATCH", "/7", {"attributes": {"country": "Germany"}}, 422, "invalid_attributes", "country"),
        ("PATCH", "/7", {"attributes": {"country": 5}}, 400, "invalid_body", "attributes"),
        ("PATCH", "/7", {"attributes": {"": "x"}}, 400, "invalid_body", "attributes"),
        ("PATCH", "/7", {"attributes": []}, 400, "invalid_body", "attributes"),
        ("PATCH", "/99", {"username": "New"}, 404, "unknown_player", "99"),
        ("POST", "/7/ids", {}, 400, "invalid_body", "missing required field player"),
        ("POST", "/7/ids", {"player": ""}, 400, "invalid_player", "1 to 128 printable characters"),
        ("POST", "/7/ids", {"player": "8"}, 400, "invalid_player", "send it as user_id"),
        ("POST", "/99/ids", {"player": "a"}, 404, "unknown_player", "99"),
        ("DELETE", "/7/ids/none", None, 404, "unknown_player", "none"),
        ("DELETE", "/99", None, 404, "unknown_player", "99"),
        ("DELETE", "/7?confirm=x", None, 400, "invalid_parameter", "confirm must be a whole number"),
        ("DELETE", "/7?confirm=7&reason=", None, 400, "invalid_parameter", "1 to 500 printable characters"),
    ],
)
async def test_bad_input(admin, assert_error, method, path, body, status, code, message):
    response = await admin.request(method, PLAYERS + path, **({} if body is None else {"json": body}))
    assert message in await assert_error(response, status, code)
    assert [row["username"] for row in await get(admin, "/top")] == ["Grace", "adam", "Ada"]
