"""Changes of boards by an administrator: POST, PATCH, DELETE of /api/leaderboard/boards, and .../end-season."""

import json
import logging

import pytest

from service.cache.epoch_cache import Cache, NotInvalidatedError
from service.database import functions
from service.errors import DATABASE_UNAVAILABLE, OUTCOME_UNKNOWN, ApiError
from service.http import app_keys
from tests.support.seasons import close_seasons

BOARDS = "/api/leaderboard/boards"
TOP = "/api/leaderboard/top"


@pytest.fixture
async def admin(client, make_key):
    """The client with an admin key in every request."""
    key = await make_key("admin")
    client.session.headers["Authorization"] = f"Bearer {key}"
    return client


@pytest.fixture
def logged(caplog):
    """`logged()` is what was logged about boards: message, board, and the id of the key."""
    caplog.set_level(logging.INFO, "service.http.handlers.boards")

    def lines():
        found = [vars(record) for record in caplog.records if record.name == "service.http.handlers.boards"]
        return [(line["msg"], line["board"], line["api_key"]) for line in found]

    return lines


def key_id(client):
    return client.session.headers["Authorization"].split("_")[1]


async def boards(client):
    return {board["board"]: board for board in await (await client.get(BOARDS)).json()}


async def test_a_board_with_every_option(admin, logged):
    options = {
        "name": "race",
        "game_mode": "race",
        "aggregate": "best",
        "min_score": 1,
        "max_score": 3_600_000,
        "lowest_wins": True,
        "unit": "ms",
        "ties": "earliest",
        "opens_at": "2026-01-01T00:00:00Z",
        "period": "monthly",
        "anchor": "2026-01-01T06:00:00",
        "time_zone": "Europe/Berlin",
        "grace": "10 minutes",
        "keep_seasons": 12,
    }
    response = await admin.post(BOARDS, json=options)
    assert (response.status, await response.json()) == (200, {"board": "race"})
    found = (await boards(admin))["race"]
    for name in options.keys() - {"name", "grace"}:
        assert found[name] == options[name], name
    assert found["grace"] == "00:10:00"
    assert found["season"] >= 1 and found["season_starts_at"] < found["next_reset_at"]
    assert logged() == [("board created", "race", key_id(admin))]


async def test_a_board_with_the_name_alone_is_a_plain_one(admin, db):
    assert (await admin.post(BOARDS, json={"name": "plain"})).status == 200
    assert list((await boards(admin))["plain"]) == list((await boards(admin))["overall"])
    assert list((await boards(admin))["overall"]) == [
        *("board", "game_mode", "aggregate", "min_score", "max_score", "players")
    ]
    defaults = await db.fetchrow("SELECT * FROM boards WHERE name = 'plain'")
    await db.execute("SELECT api.create_board('by_sql')")
    by_sql = await db.fetchrow("SELECT * FROM boards WHERE name = 'by_sql'")
    assert [*defaults.values()][2:] == [*by_sql.values()][2:]


async def test_a_new_board_counts_all_scores_so_far(admin, submit):
    await submit(1, 5, game_mode="team")
    await submit(2, 7)
    assert (await admin.post(BOARDS, json={"name": "team", "game_mode": "team"})).status == 200
    rows = await (await admin.get(TOP, params={"board": "team"})).json()
    assert [(row["user_id"], row["total_score"]) for row in rows] == [(1, 5)]


@pytest.mark.parametrize(
    ("body", "status", "code", "word"),
    [
        ({}, 400, "invalid_body", "name"),
        ({"name": "a b"}, 400, "invalid_argument", "name"),
        ({"name": "a@1"}, 400, "invalid_argument", "name"),
        ({"name": ""}, 400, "invalid_body", "name"),
        ({"name": "a\0"}, 400, "invalid_body", "name"),
        ({"name": 5}, 400, "invalid_body", "name"),
        ({"name": "overall"}, 409, "board_exists", "overall"),
        ({"name": "x", "aggregate": "average"}, 400, "invalid_body", "aggregate"),
        ({"name": "x", "game_mode": "a\nb"}, 400, "invalid_game_mode", "game_mode"),
        ({"name": "x", "min_score": 5, "max_score": 4}, 400, "invalid_argument", "min_score"),
        ({"name": "x", "max_score": 2**53}, 400, "invalid_body", "max_score"),
        ({"name": "x", "max_score": 10**30}, 400, "invalid_body", "max_score"),
        ({"name": "x", "decimals": 10}, 400, "invalid_body", "decimals"),
        ({"name": "x", "ties": "random"}, 400, "invalid_body", "ties"),
        ({"name": "x", "period": "daily", "manual_seasons": True}, 400, "invalid_argument", "manual_seasons"),
        ({"name": "x", "period": "now and then"}, 400, "invalid_argument", "period"),
        ({"name": "x", "period": "1 month 3 days"}, 400, "invalid_argument", "period"),
        ({"name": "x", "period": "daily", "time_zone": "Mars/Olympus"}, 400, "invalid_argument", "time zone"),
        ({"name": "x", "period": "daily", "grace": "soon"}, 400, "invalid_body", "grace"),
        ({"name": "x", "period": "daily", "grace": "9999999 days"}, 400, "invalid_body", "grace"),
        ({"name": "x", "period": "daily", "grace": "999999 years"}, 400, "invalid_argument", "grace"),
        ({"name": "x", "opens_at": "2026-01-01T00:00:00"}, 400, "invalid_body", "opens_at"),
        ({"name": "x", "opens_at": "tomorrow"}, 400, "invalid_body", "opens_at"),
        ({"name": "x", "opens_at": "0001-01-01T00:00:00+05:00"}, 400, "invalid_argument", "opens_at"),
        ({"name": "x", "closes_at": "9999-12-31T23:59:59-05:00"}, 400, "invalid_argument", "closes_at"),
        ({"name": "x", "period": "daily", "anchor": "2026-01-01T00:00:00Z"}, 400, "invalid_body", "anchor"),
        ({"name": "x", "keep_seasons": 0}, 400, "invalid_body", "keep_seasons"),
        ({"name": "x", "colour": "red"}, 400, "invalid_body", "colour"),
    ],
)
async def test_a_board_that_is_refused(admin, assert_error, logged, body, status, code, word):
    before = await boards(admin)
    message = await assert_error(await admin.post(BOARDS, json=body), status, code)
    assert word in message
    assert await boards(admin) == before
    assert logged() == []


@pytest.mark.parametrize(
    ("option", "values", "words"),
    [
        ("name", ("", "a\0"), "1 to 50 of A-Z a-z 0-9 _ . -"),
        ("aggregate", ("max", ""), "aggregate must be best or count or first or last or sum"),
        ("ties", ("random",), "ties must be earliest or shared"),
        ("unit", ("", "a\nb"), "1 to 20 printable characters, such as points"),
        ("period", ("", "a\nb"), "daily, weekly, monthly, or an interval such as 4 hours"),
        ("time_zone", ("", "a\nb"), "such as Europe/Berlin"),
        ("grace", ("", "soon", "2"), "such as 2 hours or 02:00:00"),
        ("opens_at", ("", "tomorrow", "2026-01-01T00:00:00"), "with its offset, such as 2026-01-31T12:00:00Z"),
        ("closes_at", ("", "tomorrow", "2026-01-01T00:00:00"), "with its offset, such as 2026-01-31T12:00:00Z"),
        ("anchor", ("", "midnight", "2026-01-01T00:00:00Z"), "without an offset, such as 2026-01-31T12:00:00"),
    ],
)
async def test_what_an_option_should_be(admin, assert_error, option, values, words):
    for value in values:
        options = {"name": "x", option: value}
        message = await assert_error(await admin.post(BOARDS, json=options), 400, "invalid_body")
        assert message.startswith(f"{option} must be ") and words in message and "regex" not in message
        response = await admin.patch(f"{BOARDS}/overall", json={option: value})
        assert await assert_error(response, 400, "invalid_body") == message


async def test_a_body_that_is_no_json(admin, assert_error):
    for request in admin.post(BOARDS, data="x"), admin.patch(f"{BOARDS}/overall", data="x"):
        await assert_error(await request, 415, "unsupported_media_type")
    headers = {"Content-Type": "application/json"}
    await assert_error(await admin.post(BOARDS, data="{", headers=headers), 400, "malformed_json")
    await assert_error(await admin.patch(f"{BOARDS}/overall", data="[]", headers=headers), 400, "invalid_body")


async def test_a_change_is_shown_at_once(admin, submit, logged):
    """A read that was cached before it does not outlive it."""
    await submit(1, 50)
    await submit(1, 500)
    assert [row["total_score"] for row in await (await admin.get(TOP)).json()] == [550]
    response = await admin.patch(f"{BOARDS}/overall", json={"max_score": 100})
    assert response.status == 200
    assert await response.json() == {"board": "overall", "totals_changed": 1, "filling": False, "seasons_dropped": 0}
    assert [row["total_score"] for row in await (await admin.get(TOP)).json()] == [50]
    assert (await boards(admin))["overall"]["max_score"] == 100
    assert logged() == [("board altered", "overall", key_id(admin))]


async def test_a_dry_run_changes_nothing(admin, submit, logged):
    await submit(1, 50)
    await submit(1, 500)
    before = await boards(admin)
    response = await admin.patch(f"{BOARDS}/overall?dry_run=1", json={"max_score": 100})
    assert await response.json() == {"board": "overall", "totals_changed": 1, "filling": False, "seasons_dropped": 0}
    assert await boards(admin) == before
    assert [row["total_score"] for row in await (await admin.get(TOP)).json()] == [550]
    assert logged() == []


async def test_a_dry_run_may_take_longer_than_a_statement_may(new_client, make_key, db):
    await db.execute(
        "CREATE OR REPLACE FUNCTION board.totals_changed(p_old boards, p_new boards) RETURNS bigint LANGUAGE sql"
        " AS 'SELECT pg_sleep(0.5); SELECT 7::bigint'"
    )
    client = await new_client(statement_timeout_ms=200)
    headers = {"Authorization": f"Bearer {await make_key('admin')}"}
    response = await client.patch(f"{BOARDS}/overall?dry_run=1", json={"max_score": 5}, headers=headers)
    assert await response.json() == {"board": "overall", "totals_changed": 7, "filling": False, "seasons_dropped": 0}


async def test_score_rules_and_names_change_too(admin, db):
    await db.execute("SELECT api.create_board('old')")
    changes = {"name": "new", "max_submissions_per_minute": 1, "max_gain_per_hour": 100}
    response = await admin.patch(f"{BOARDS}/old", json=changes)
    assert (response.status, (await response.json())["board"]) == (200, "new")
    assert "old" not in await boards(admin)
    for status in 200, 422:
        response = await admin.post("/api/leaderboard/submit?board=new", json={"user_id": 1, "score": 5})
        assert response.status == status
    response = await admin.patch(f"{BOARDS}/new", json={"max_submissions_per_minute": None})
    assert response.status == 200
    response = await admin.post("/api/leaderboard/submit?board=new", json={"user_id": 1, "score": 5})
    assert response.status == 200


@pytest.mark.parametrize(
    ("board", "changes", "status", "code"),
    [
        ("nope", {"max_score": 5}, 404, "unknown_board"),
        ("a%00b", {"max_score": 5}, 400, "invalid_parameter"),
        ("team", {"name": "overall"}, 409, "board_exists"),
        ("team", {"name": "a b"}, 400, "invalid_argument"),
        ("team", {"name": None}, 400, "invalid_body"),
        ("team", {"min_score": 2, "max_score": 1}, 400, "invalid_argument"),
        ("team", {"period": "daily"}, 400, "invalid_argument"),
        ("team", {"grace": "soon"}, 400, "invalid_body"),
        ("team", {"max_submissions_per_minute": -1}, 400, "invalid_body"),
        ("team", {"colour": "red"}, 400, "invalid_body"),
    ],
)
async def test_a_change_that_is_refused(admin, db, assert_error, logged, board, changes, status, code):
    await db.execute("SELECT api.create_board('team', 'team')")
    before = await boards(admin)
    for query in "", "?dry_run=1":
        await assert_error(await admin.patch(f"{BOARDS}/{board}{query}", json=changes), status, code)
    assert await boards(admin) == before
    assert logged() == []


async def test_a_total_that_would_leave_its_range(admin, db, assert_error):
    await db.execute("SELECT api.create_board('huge', NULL, 'best', 0, 9007199254740991)")
    for key in "a", "b":
        body = {"user_id": 1, "score": 9007199254740991, "idempotency_key": key}
        response = await admin.post("/api/leaderboard/submit/batch?board=huge", json=[body])
        assert (await response.json())[0]["status"] == "accepted"
    response = await admin.patch(f"{BOARDS}/huge", json={"aggregate": "sum"})
    await assert_error(response, 422, "total_out_of_range")
    response = await admin.post(BOARDS, json={"name": "sum", "max_score": 9007199254740991})
    await assert_error(response, 422, "total_out_of_range")
    assert (await boards(admin)).keys() == {"overall", "huge"}


async def test_a_board_is_deleted_once_its_name_is_given_twice(admin, db, submit, assert_error, logged):
    await submit(1, 5)
    await db.execute("SELECT api.create_board('team')")
    assert (await admin.get(TOP, params={"board": "team"})).status == 200
    for query in "", "?confirm=overall", "?confirm=Team":
        message = await assert_error(await admin.delete(f"{BOARDS}/team{query}"), 409, "confirmation_required")
        assert message.endswith("confirm it by its name: ?confirm=team")
    assert logged() == []
    response = await admin.delete(f"{BOARDS}/team?confirm=team")
    assert (response.status, await response.json()) == (200, {"deleted": "team"})
    await assert_error(await admin.get(TOP, params={"board": "team"}), 404, "unknown_board")
    await assert_error(await admin.delete(f"{BOARDS}/team?confirm=team"), 404, "unknown_board")
    await assert_error(await admin.delete(f"{BOARDS}/overall?confirm=overall"), 400, "invalid_argument")
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == 1
    assert logged() == [("board deleted", "team", key_id(admin))]


async def test_a_season_ends_by_a_call(admin, db, assert_error, logged):
    await db.execute("SELECT api.create_board('arena', p_manual_seasons => true)")
    await db.execute("SELECT api.create_board('later', p_manual_seasons => true, p_opens_at => now() + '1 day')")
    response = await admin.post("/api/leaderboard/submit?board=arena", json={"user_id": 1, "score": 5})
    assert response.status == 200
    assert len(await (await admin.get(TOP, params={"board": "arena"})).json()) == 1
    response = await admin.post(f"{BOARDS}/arena/end-season")
    body = await response.json()
    assert (response.status, body["board"], body["ended"], body["started"]) == (200, "arena", 1, 2)
    assert body["at"].endswith("Z")
    assert await (await admin.get(TOP, params={"board": "arena"})).json() == []
    assert logged() == [("season ended", "arena", key_id(admin))]
    await assert_error(await admin.post(f"{BOARDS}/overall/end-season"), 400, "invalid_argument")
    await assert_error(await admin.post(f"{BOARDS}/nope/end-season"), 404, "unknown_board")
    await assert_error(await admin.post(f"{BOARDS}/later/end-season"), 409, "board_not_open")


async def test_a_named_season_ends_once(admin, db, assert_error, logged):
    await db.execute("SELECT api.create_board('arena', p_manual_seasons => true)")
    path = f"{BOARDS}/arena/end-season"
    body = await (await admin.post(f"{path}?season=1")).json()
    assert (body["board"], body["ended"], body["started"]) == ("arena", 1, 2)
    for _ in range(2):
        message = await assert_error(await admin.post(f"{path}?season=1"), 409, "season_closed")
        assert "season 1 of board arena" in message
    await assert_error(await admin.post(f"{path}?season=3"), 409, "season_closed")
    await assert_error(await admin.post(f"{path}?season=previous"), 409, "season_closed")
    await assert_error(await admin.post(f"{path}?season=0"), 400, "invalid_parameter")
    await assert_error(await admin.post(f"{BOARDS}/overall/end-season?season=1"), 404, "unknown_season")
    body = await (await admin.post(f"{path}?season=current")).json()
    assert (body["ended"], body["started"]) == (2, 3)
    assert logged() == [("season ended", "arena", key_id(admin))] * 2


async def test_a_change_says_how_many_seasons_it_drops(admin, db):
    await db.execute("SELECT api.create_board('arena', p_manual_seasons => true)")
    for _ in range(3):
        await db.execute("SELECT api.end_season('arena')")
    await close_seasons(db)
    for query in "?dry_run=1", "":
        response = await admin.patch(f"{BOARDS}/arena{query}", json={"keep_seasons": 1})
        expected = {"board": "arena", "totals_changed": 0, "filling": False, "seasons_dropped": 2}
        assert await response.json() == expected


async def test_parameters_that_are_none(admin, assert_error):
    for method, path in (
        ("POST", BOARDS),
        ("PATCH", f"{BOARDS}/overall"),
        ("DELETE", f"{BOARDS}/overall"),
        ("POST", f"{BOARDS}/overall/end-season"),
    ):
        response = await admin.request(method, f"{path}?board=overall", json={"name": "x"})
        await assert_error(response, 400, "invalid_parameter")
    for value in "2", "-1", "true", "":
        response = await admin.patch(f"{BOARDS}/overall?dry_run={value}", json={"max_score": 5})
        assert await assert_error(response, 400, "invalid_parameter") == "dry_run must be 0 or 1"


async def test_who_may_not(client, make_key, assert_error, db):
    await db.execute("SELECT api.create_board('team')")
    calls = (
        ("POST", BOARDS, {"name": "x"}),
        ("PATCH", f"{BOARDS}/team", {"max_score": 5}),
        ("DELETE", f"{BOARDS}/team?confirm=team", None),
        ("POST", f"{BOARDS}/team/end-season", None),
    )
    for method, path, body in calls:
        await assert_error(await client.request(method, path, json=body), 401, "api_key_required")
    headers = {"Authorization": f"Bearer {await make_key('submit', 'read')}"}
    for method, path, body in calls:
        await assert_error(await client.request(method, path, json=body, headers=headers), 403, "scope_missing")
    assert [row["name"] for row in await db.fetch("SELECT name FROM boards ORDER BY id")] == ["overall", "team"]


async def test_an_outcome_that_is_not_known(admin, db, assert_error, logged, monkeypatch):
    """The connection breaks after the call was sent: the board may have been changed, and reads show it if it was."""
    database = admin.app[app_keys.DATABASE]
    call = database.pool.call

    async def break_after(statement, *args, **options):
        rows = await call(statement, *args, **options)
        if statement is functions.DELETE_BOARD:
            raise ApiError(OUTCOME_UNKNOWN)
        return rows

    await db.execute("SELECT api.create_board('team')")
    assert (await admin.get(TOP, params={"board": "team"})).status == 200
    monkeypatch.setattr(database.pool, "call", break_after)
    message = await assert_error(await admin.delete(f"{BOARDS}/team?confirm=team"), 503, "outcome_unknown")
    assert "GET /api/leaderboard/boards" in message and "score" not in message
    await assert_error(await admin.get(TOP, params={"board": "team"}), 404, "unknown_board")
    assert logged() == []


async def test_a_change_that_others_may_not_see_yet(admin, assert_error, monkeypatch):
    async def fail(self):
        raise NotInvalidatedError from ApiError(DATABASE_UNAVAILABLE)

    monkeypatch.setattr(Cache, "invalidate_all", fail)
    message = await assert_error(await admin.post(BOARDS, json={"name": "team"}), 503, "outcome_unknown")
    assert message.startswith("the board is changed, but")
    assert "team" in await boards(admin)


async def test_without_an_admin_key_the_database_refuses(client, make_key, db, assert_error, monkeypatch):
    """Even if the service lets a caller through."""
    key = await make_key("admin")
    await db.execute("SELECT api.create_board('team')")
    headers = {"Authorization": f"Bearer {key}"}
    assert (await client.patch(f"{BOARDS}/team", json={"max_score": 9}, headers=headers)).status == 200
    keyring = client.app[app_keys.ACCESS_CONTROL].keyring
    known = await keyring._load()
    monkeypatch.setattr(keyring, "_load", lambda: _returned(known))
    await db.execute("SELECT api.revoke_api_key($1)", key.split("_")[1])
    for method, path, body in (
        ("POST", BOARDS, {"name": "x"}),
        ("PATCH", f"{BOARDS}/team", {"max_score": 5}),
        ("PATCH", f"{BOARDS}/team?dry_run=1", {"max_score": 5}),
        ("DELETE", f"{BOARDS}/team?confirm=team", None),
        ("POST", f"{BOARDS}/team/end-season", None),
    ):
        response = await client.request(method, path, json=body, headers=headers)
        await assert_error(response, 503, "database_unavailable")
    assert await db.fetchval("SELECT max_score FROM boards WHERE name = 'team'") == 9


async def _returned(value):
    return value


async def test_the_log_has_what_was_changed(admin, caplog):
    caplog.set_level(logging.INFO, "service.http.handlers.boards")
    await admin.post(BOARDS, json={"name": "team", "decimals": 2})
    await admin.patch(f"{BOARDS}/team", json={"decimals": 1, "unit": None})
    created, altered = [vars(r) for r in caplog.records if r.name == "service.http.handlers.boards"]
    assert json.loads(created["options"])["decimals"] == 2
    assert json.loads(altered["changes"]) == {"unit": None, "decimals": 1}
