"""Windows of time (GET /top?from=&to=), ranks at past moments (GET /rank/{user_id}?at=), and the course of a rank
(GET /players/{user_id}/history)."""

import datetime as dt

import pytest

from tests.support.seasons import close_seasons

TOP, RANK, HISTORY = "/api/leaderboard/top", "/api/leaderboard/rank/1", "/api/leaderboard/players/1/history"
MIDNIGHT = dt.datetime.now(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
NOON = MIDNIGHT - dt.timedelta(hours=12)
#: The players 1 to 3 play at noon of each of the last five days: day d gives u * 10 ** d points.
DAYS = """
    INSERT INTO game_sessions (user_id, score, "timestamp")
    SELECT u, u * 10 ^ d, $1::timestamptz - d * interval '1 day'
    FROM generate_series(4, 0, -1) AS d, generate_series(1, 3) AS u
"""


def iso(moment: dt.datetime, days: float = 0) -> str:
    return (moment - dt.timedelta(days=days)).isoformat().replace("+00:00", "Z")


@pytest.fixture
async def played(db):
    await db.execute(
        "INSERT INTO users (id, username, attributes)"
        " SELECT g, 'user_' || g, '{\"country\": \"DE\"}' FROM generate_series(1, 3) AS g"
    )
    await db.execute("INSERT INTO player_ids (external_id, user_id) VALUES ('steam:1', 1)")
    await db.execute(DAYS, NOON)
    while await db.fetchval("SELECT api.copy_ranks()"):
        pass


async def get(client, path, **params):
    async with client.get(path, params={name.rstrip("_"): value for name, value in params.items()}) as response:
        assert response.status == 200, await response.text()
        return await response.json()


async def test_a_window_counts_its_own_scores(client, played):
    rows = await get(client, TOP, from_=iso(NOON, 3), to=iso(NOON, 1))
    assert rows == [
        {"rank": rank, "user_id": user, "username": f"user_{user}", "total_score": user * 1100}
        for rank, user in ((1, 3), (2, 2), (3, 1))
    ]
    rows = await get(client, TOP, from_=iso(NOON, 1), limit=1)
    assert [(row["user_id"], row["total_score"]) for row in rows] == [(3, 33)]
    (row,) = await get(client, TOP, from_=iso(NOON, 1), limit=1, include="attributes,player")
    assert (row["attributes"], row["player"]) == ({"country": "DE"}, None)


async def test_a_window_has_no_next_page(client, played):
    async with client.get(TOP, params={"from": iso(NOON, 1), "limit": 1}) as response:
        assert "Link" not in response.headers


async def test_a_window_of_a_board_with_seasons_and_splits(client, db, played):
    await db.execute(
        "SELECT api.create_board('daily', p_period => 'daily', p_split_by => 'country',"
        " p_opens_at => now() - interval '20 days')"
    )
    await close_seasons(db)
    for params in {}, {"split": "DE"}:
        rows = await get(client, TOP, board="daily", from_=iso(NOON, 3), to=iso(NOON, 1), **params)
        assert [row["total_score"] for row in rows] == [3300, 2200, 1100]


@pytest.mark.parametrize("zone", ["Z", "+00:00", "+0000", " 00:00"])
async def test_a_rank_at_a_past_moment(client, played, zone):
    at = (NOON - dt.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%S.000001") + zone
    assert await get(client, RANK, at=at) == {
        "user_id": 1, "username": "user_1", "total_score": 11110, "rank": 3, "players": 3,
        "percentile": 33.33, "at": iso(NOON + dt.timedelta(microseconds=1), 1),
    }  # fmt: skip
    found = await get(client, "/api/leaderboard/rank/steam:1", at=at)
    assert (found["player"], found["total_score"]) == ("steam:1", 11110)


async def test_a_moment_before_the_first_score(client, played, assert_error):
    response = await client.get(RANK, params={"at": iso(NOON, 20)})
    assert "player 1 was not on board overall at" in await assert_error(response, 404, "unknown_player")


async def test_a_past_rank_follows_changes_of_the_ledger(client, db, played):
    """It is not kept in the cache beyond a change."""
    at = iso(NOON, 1)
    assert (await get(client, RANK, at=at))["total_score"] == 11100
    await db.execute("SELECT api.void_sessions('me', 'why', 1, p_above => 5000)")
    async with client.post("/api/leaderboard/submit", json={"user_id": 2, "score": 1}) as response:
        assert response.status == 200
    assert (await get(client, RANK, at=at))["total_score"] == 1100


async def test_the_course_of_a_rank(client, played):
    points = await get(client, HISTORY)
    assert [(p["at"], p["rank"], p["players"], p["total_score"]) for p in points[:-1]] == [
        (iso(MIDNIGHT, days), 3, 3, int("11111"[: 5 - days].ljust(5, "0"))) for days in (4, 3, 2, 1, 0)
    ]
    assert {name: value for name, value in points[-1].items() if name != "at"} == {
        "rank": 3, "players": 3, "total_score": 11111,
    }  # fmt: skip
    some = await get(client, HISTORY, from_=iso(MIDNIGHT, 3), to=iso(MIDNIGHT, 1))
    assert [p["at"] for p in some] == [iso(MIDNIGHT, days) for days in (3, 2, 1)]
    assert await get(client, "/api/leaderboard/players/steam%3A1/history", to=iso(MIDNIGHT)) == points[:-1]


async def test_who_is_not_on_the_board_has_no_history(client, played, assert_error):
    for player in "9", "steam:9":
        await assert_error(await client.get(f"/api/leaderboard/players/{player}/history"), 404, "unknown_player")


@pytest.mark.parametrize(
    ("path", "params", "message"),
    [
        (TOP, {"from": "yesterday"}, "from: give a time such as 2026-01-31T12:00:00Z"),
        (TOP, {"from": "2026-02-30T00:00:00Z"}, "not '2026-02-30T00:00:00Z'"),
        (TOP, {"from": "2026-01-31T12:00:00"}, "from: give a time such as"),
        (TOP, {"to": iso(NOON)}, "give from, too"),
        (TOP, {"from": iso(NOON, 32)}, "a window has at most 31 days"),
        (TOP, {"from": iso(NOON), "to": iso(NOON)}, "from must be before to"),
        (TOP, {"from": iso(NOON, -3)}, "from must be before to, and without to before now"),
        (TOP, {"from": iso(NOON), "season": "1"}, "season does not go with from and to"),
        (TOP, {"from": iso(NOON), "after": "5.1"}, "after does not go with from and to"),
        (TOP, {"from": iso(NOON), "place": "3"}, "place does not go with from and to"),
        (TOP, {"from": iso(NOON), "include": "player,metadata"}, "metadata does not go with from and to"),
        (RANK, {"at": iso(NOON, 32)}, "at: give a moment of the last 31 days"),
        (RANK, {"at": iso(NOON, -3)}, "at: give a moment of the last 31 days"),
        (RANK, {"at": iso(NOON), "include": "player"}, "include does not go with at"),
        (TOP, {"from": "9999-12-30T00:00:00Z", "to": "9999-12-31T23:59:59-14:00"}, "from: give a time of the years"),
        (TOP, {"from": "0001-01-01T00:00:00+14:00", "to": "0001-01-02T00:00:00Z"}, "from: give a time of the years"),
        (HISTORY, {"to": "0001-01-05T00:00:00Z"}, "to: give a time of the years 1900 to 9000"),
        (HISTORY, {"from": iso(NOON, 367)}, "a window has at most 366 days"),
        (HISTORY, {"from": iso(NOON), "to": iso(NOON, 1)}, "from must be before to"),
    ],
)
async def test_what_is_refused(client, played, assert_error, path, params, message):
    assert message in await assert_error(await client.get(path, params=params), 400, "invalid_parameter")


async def test_days_of_a_past_year_make_a_window(client, db, played):
    """How long it is matters, and not how long ago."""
    await db.execute("INSERT INTO game_sessions (user_id, score, \"timestamp\") VALUES (1, 5, '2020-02-01Z')")
    (row,) = await get(client, TOP, from_="2020-01-31T00:00:00Z", to="2020-03-01T00:00:00Z")
    assert (row["user_id"], row["total_score"]) == (1, 5)
