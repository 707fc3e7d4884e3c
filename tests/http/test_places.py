"""GET /api/leaderboard/top?place=, /rank-of and /threshold, and how totals of boards with options are shown."""

import pytest

TOP = "/api/leaderboard/top"
RANK_OF = "/api/leaderboard/rank-of"
THRESHOLD = "/api/leaderboard/threshold"


@pytest.fixture
async def players(db):
    """Players 1 to 20; every two of them share a total, from 100 down to 10."""
    await db.execute(
        "SELECT count(*) FROM api.submit_scores("
        "(SELECT array_agg(i ORDER BY i) FROM generate_series(1, 20) i),"
        "(SELECT array_agg(10 * (10 - (i - 1) / 2) ORDER BY i) FROM generate_series(1, 20) i))"
    )


async def get(client, path, **params):
    response = await client.get(path, params=params)
    assert response.status == 200, await response.text()
    return await response.json()


async def test_from_a_place_on(client, players):
    rows = await get(client, TOP, place="6", limit="3")
    assert [(row["rank"], row["user_id"], row["total_score"]) for row in rows] == [(5, 6, 80), (7, 7, 70), (7, 8, 70)]
    assert await get(client, TOP, place="1") == await get(client, TOP)
    assert await get(client, TOP, place="6.0", limit="3") == rows
    assert [row["user_id"] for row in await get(client, TOP, place="19")] == [19, 20]
    assert await get(client, TOP, place="21") == []
    assert await get(client, TOP, place="9007199254740991") == []


async def test_the_last_players(client, players):
    response = await client.get(TOP, params={"place": "last", "limit": "3"})
    assert [row["user_id"] for row in await response.json()] == [18, 19, 20]
    assert "Link" not in response.headers
    assert len(await get(client, TOP, place="last", limit="1000")) == 20


async def test_the_pages_after_a_place(client, players):
    found, following = [], f"{TOP}?limit=4&place=5&board=overall"
    while following:
        response = await client.get(following)
        found += [row["user_id"] for row in await response.json()]
        link = response.links.get("next")
        following = str(link["url"].relative()) if link else None
        assert following is None or "place" not in following
    assert found == [*range(5, 21)]


async def test_a_place_sees_what_was_acknowledged(client, submit, players):
    assert (await get(client, TOP, place="20"))[0]["user_id"] == 20
    await submit(20, 1000)
    assert (await get(client, TOP, place="20"))[0]["user_id"] == 19
    assert (await get(client, TOP, place="last", limit="1"))[0]["user_id"] == 19


async def test_bad_places(client, assert_error, subtests):
    for place in "0", "-1", "first", "", "1.5", "9007199254740992", "1e99", "last ", "٣":
        with subtests.test(place=place):
            message = await assert_error(await client.get(TOP, params={"place": place}), 400, "invalid_parameter")
            assert "place" in message
    message = await assert_error(await client.get(f"{TOP}?place=1&after=5.1"), 400, "invalid_parameter")
    assert "place" in message and "after" in message


async def test_the_rank_of_a_total(client, players):
    for score, rank, percentile in (101, 1, 100), (100, 1, 100), (99, 3, 90), (10, 19, 10), (0, 21, 0), (-5, 21, 0):
        assert await get(client, RANK_OF, score=str(score)) == {
            "score": score,
            "rank": rank,
            "players": 20,
            "percentile": percentile,
        }


async def test_the_rank_of_a_total_on_an_empty_board(client):
    found = await get(client, RANK_OF, score="5")
    assert (found["rank"], found["players"]) == (1, 0)


async def test_the_rank_of_a_total_sees_what_was_acknowledged(client, submit):
    await submit(1, 5)
    assert (await get(client, RANK_OF, score="6"))["rank"] == 1
    await submit(2, 7)
    assert (await get(client, RANK_OF, score="6"))["rank"] == 2


async def test_bad_totals(client, assert_error, subtests):
    for score in "", "x", "1.5", "9007199254740992", "-9007199254740992", "1e400":
        with subtests.test(score=score):
            message = await assert_error(await client.get(RANK_OF, params={"score": score}), 400, "invalid_parameter")
            assert "score" in message
    assert "score" in await assert_error(await client.get(RANK_OF), 400, "invalid_parameter")
    await assert_error(await client.get(f"{RANK_OF}?score=5&board=nope"), 404, "unknown_board")


async def test_the_total_at_a_place(client, players):
    for params, total, place in (
        ({"place": "1"}, 100, 1),
        ({"place": "3"}, 90, 3),
        ({"place": "20"}, 10, 20),
        ({"percent": "10"}, 100, 2),
        ({"percent": "10.1"}, 90, 3),
        ({"percent": "1e1"}, 100, 2),
        ({"percent": "0.001"}, 100, 1),
        ({"percent": "100"}, 10, 20),
    ):
        assert await get(client, THRESHOLD, **params) == {"total_score": total, "place": place, "players": 20}, params


async def test_a_place_that_the_board_has_not(client, players, db, assert_error):
    message = await assert_error(await client.get(f"{THRESHOLD}?place=21"), 404, "unknown_place")
    assert message == "board overall has fewer than 21 players"
    await db.execute("SELECT api.create_board('team', 'team')")
    message = await assert_error(await client.get(f"{THRESHOLD}?percent=10&board=team"), 404, "unknown_place")
    assert message == "board team has no players"


async def test_bad_thresholds(client, assert_error, subtests):
    for query in (
        *("", "place=1&percent=1", "place=0", "place=last", "place=1.5"),
        *("percent=0", "percent=-1", "percent=100.1", "percent=x", "percent=", "percent=nan", "percent=inf"),
        *("percent=1e999", "percent=.5", "percent=0x10", "percent=1_0", "percent=%D9%A3"),
    ):
        with subtests.test(query=query):
            message = await assert_error(await client.get(f"{THRESHOLD}?{query}"), 400, "invalid_parameter")
            assert "percent" in message or "place" in message
    await assert_error(await client.get(f"{THRESHOLD}?place=1&board=nope"), 404, "unknown_board")


@pytest.mark.parametrize(
    ("options", "score", "display"),
    [
        ("p_unit => 'ms'", 83456, "1:23.456"),
        ("p_unit => 's'", 83, "1:23"),
        ("p_decimals => 2", 1250, "12.50"),
        ("p_decimals => 2, p_unit => 'points'", 1250, "12.50"),
    ],
)
async def test_totals_are_displayed(client, db, submit, options, score, display):
    await db.execute(f"SELECT api.create_board('shown', {options})")
    await submit(1, score, board="shown")
    (row,) = await get(client, TOP, board="shown")
    assert row == {"rank": 1, "user_id": 1, "username": "user_1", "total_score": score, "display": display}
    assert await get(client, TOP, board="shown", place="1") == [row]
    assert await get(client, "/api/leaderboard/around/1", board="shown") == [row]
    player = await get(client, "/api/leaderboard/rank/1", board="shown")
    assert player == {
        "user_id": 1,
        "username": "user_1",
        "total_score": score,
        "rank": 1,
        "players": 1,
        "percentile": 100,
        "display": display,
    }
    (among,) = await get(client, "/api/leaderboard/ranks", user_ids="1", board="shown")
    assert among == {**player, "rank_among": 1}
    threshold = await get(client, THRESHOLD, place="1", board="shown")
    assert threshold == {"total_score": score, "place": 1, "players": 1, "display": display}
    assert "display" not in (await get(client, TOP))[0]


async def test_where_the_lowest_wins(client, db, submit):
    await db.execute("SELECT api.create_board('race', NULL, 'best', p_lowest_wins => true)")
    for user_id, score in (1, 90), (2, 80), (1, 85), (3, 80):
        await submit(user_id, score, board="race")
    rows = await get(client, TOP, board="race")
    assert [(row["rank"], row["user_id"], row["total_score"]) for row in rows] == [(1, 2, 80), (1, 3, 80), (3, 1, 85)]
    assert (await get(client, RANK_OF, score="81", board="race"))["rank"] == 3
    assert (await get(client, THRESHOLD, place="3", board="race"))["total_score"] == 85
    response = await client.get(TOP, params={"board": "race", "limit": "1"})
    assert response.headers["Link"].startswith(f"<{TOP}?board=race&limit=1&after=80.2>")
    (row,) = await (await client.get(str(response.links["next"]["url"].relative()))).json()
    assert row["user_id"] == 3


async def test_ties_in_the_order_in_which_they_came(client, db, submit, assert_error):
    await db.execute("SELECT api.create_board('first', p_ties => 'earliest')")
    for user_id in 5, 3, 9, 1:
        await submit(user_id, 7, board="first")
    rows = await get(client, TOP, board="first")
    assert [(row["rank"], row["user_id"]) for row in rows] == [(1, 5), (1, 3), (1, 9), (1, 1)]
    assert [row["tie"] for row in rows] == sorted(row["tie"] for row in rows)
    for limit, place in ("1", None), ("3", None), ("1", "2"):
        found, following = [], f"{TOP}?board=first&limit={limit}" + (f"&place={place}" if place else "")
        while following:
            response = await client.get(following)
            found += [row["user_id"] for row in await response.json()]
            link = response.links.get("next")
            following = str(link["url"].relative()) if link else None
        assert found == ([3, 9, 1] if place else [5, 3, 9, 1])
    around = await get(client, "/api/leaderboard/around/9", board="first", span="1")
    assert [row["user_id"] for row in around] == [3, 9, 1]
    message = await assert_error(await client.get(f"{TOP}?board=first&after=7.5"), 400, "invalid_parameter")
    assert message.startswith("after: ")
    message = await assert_error(await client.get(f"{TOP}?after=7.1.5"), 400, "invalid_parameter")
    assert message.startswith("after: ")
