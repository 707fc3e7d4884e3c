"""Boards with seasons: ?season= on every read and on submissions, played_at, and the lists of seasons."""

import pytest

from tests.support.seasons import close_seasons

SUBMIT = "/api/leaderboard/submit"
READS = ("top", "rank/1", "around/1", "ranks?user_ids=1", "distribution", "rank-of?score=1", "threshold?place=1")


def address(read, **params):
    joint = "&" if "?" in read else "?"
    return f"/api/leaderboard/{read}{joint}" + "&".join(f"{name}={value}" for name, value in params.items())


@pytest.fixture
async def arena(db):
    """A board with manual seasons, two of which have ended: player 1 has 5, 7 and 9 points in the seasons 1 to 3."""
    await db.execute("SELECT api.create_board('arena', p_manual_seasons => true)")
    for season, score in (1, 5), (2, 7), (3, 9):
        await db.execute("SELECT api.submit_score(1, $1)", score)
        if season < 3:
            await db.execute("SELECT api.end_season('arena')")


async def standings(client, path):
    """Without tie: a row has one once its season is closed, which the service may do at any moment."""
    rows = await (await client.get(path)).json()
    return [{name: value for name, value in row.items() if name != "tie"} for row in rows]


async def test_a_read_names_its_season(client, db, arena, subtests):
    for closed in False, True:
        if closed:
            await close_seasons(db)
        for season, total in ("1", 5), ("2", 7), ("previous", 7), ("3", 9), ("3.0", 9), ("current", 9), (None, 9):
            params = {"board": "arena"} | ({} if season is None else {"season": season})
            with subtests.test(season=season, closed=closed):
                row = {"rank": 1, "user_id": 1, "username": "user_1", "total_score": total}
                assert await standings(client, address("top", **params)) == [row]
                player = await (await client.get(address("rank/1", **params))).json()
                assert (player["total_score"], player["rank"], player["players"]) == (total, 1, 1)
                assert player["season"] == {5: 1, 7: 2, 9: 3}[total]
                assert await standings(client, address("around/1", **params)) == [row]
                (among,) = await (await client.get(address("ranks?user_ids=1,2", **params))).json()
                assert (among["total_score"], among["season"]) == (total, player["season"])
                buckets = await (await client.get(address("distribution", **params))).json()
                assert (buckets[0]["from"], buckets[-1]["to"], sum(b["players"] for b in buckets)) == (total, total, 1)
                rank_of = await (await client.get(address("rank-of?score=6", **params))).json()
                assert rank_of["rank"] == (1 if total < 6 else 2)
                threshold = await (await client.get(address("threshold?place=1", **params))).json()
                assert (threshold["total_score"], threshold["place"], threshold["players"]) == (total, 1, 1)
                assert await standings(client, address("top?place=last", **params)) == [row]


async def test_a_season_that_is_none(client, arena, assert_error, subtests):
    for read in READS:
        for season, board in ("4", "arena"), ("current", "overall"), ("previous", "overall"), ("1", "overall"):
            with subtests.test(read=read, season=season, board=board):
                response = await client.get(address(read, board=board, season=season))
                message = await assert_error(response, 404, "unknown_season")
                assert board in message and "api." not in message
        with subtests.test(read=read):
            response = await client.get(address(read, board="nope", season="current"))
            await assert_error(response, 404, "unknown_board")


async def test_a_season_that_cannot_be(client, arena, assert_error, subtests):
    for season in "0", "-1", "last", "", "1.5", "9999999999", "1e99", "current ", "previous,current", "null":
        for read in READS:
            with subtests.test(read=read, season=season):
                response = await client.get(address(read, board="arena", season=season))
                assert "season" in await assert_error(response, 400, "invalid_parameter")
        with subtests.test(season=season):
            response = await client.post(f"{SUBMIT}?board=arena&season={season}", json={"user_id": 1, "score": 1})
            assert "season" in await assert_error(response, 400, "invalid_parameter")


async def test_the_pages_of_a_season_stay_in_it(client, db):
    await db.execute("SELECT api.create_board('arena', p_manual_seasons => true)")
    for user_id in range(1, 8):
        await db.execute("SELECT api.submit_score($1, $1)", user_id)
    await db.execute("SELECT api.end_season('arena')")
    for closed in False, True:
        if closed:
            await close_seasons(db)
        found, following = [], "/api/leaderboard/top?board=arena&season=1&limit=3"
        while following:
            response = await client.get(following)
            found += [row["user_id"] for row in await response.json()]
            link = response.links.get("next")
            following = str(link["url"].relative()) if link else None
            assert following is None or "season=1" in following
        assert found == [7, 6, 5, 4, 3, 2, 1]


async def test_a_new_season_is_read_at_once(client, db, make_key, arena):
    headers = {"Authorization": f"Bearer {await make_key('admin')}"}
    path = address("top", board="arena")
    assert len(await (await client.get(path, headers=headers)).json()) == 1
    assert (await client.post("/api/leaderboard/boards/arena/end-season", headers=headers)).status == 200
    assert await (await client.get(path, headers=headers)).json() == []


async def test_a_submission_names_its_season(client, arena, assert_error):
    body = {"user_id": 1, "score": 1}
    for season in "current", "3":
        response = await client.post(f"{SUBMIT}?board=arena&season={season}", json=body)
        assert response.status == 200, await response.text()
    for season in "previous", "2":
        response = await client.post(f"{SUBMIT}?board=arena&season={season}", json=body)
        await assert_error(response, 409, "season_closed")
    response = await client.post(f"{SUBMIT}?board=arena&season=4", json=body)
    assert response.status in {404, 409}
    for season in "current", "1":
        response = await client.post(f"{SUBMIT}?board=overall&season={season}", json=body)
        await assert_error(response, 404, "unknown_season")
    (item,) = await (await client.post(f"{SUBMIT}/batch?board=arena&season=2", json=[body])).json()
    assert (item["status"], item["error"]["code"]) == ("rejected", "season_closed")
    response = await client.post(f"{SUBMIT}/batch?board=overall&season=2", json=[body])
    await assert_error(response, 404, "unknown_season")


async def test_boards_that_are_not_open(client, db, assert_error):
    await db.execute("SELECT api.create_board('later', p_opens_at => now() + '1 day')")
    await db.execute("SELECT api.create_board('over', p_opens_at => '2020-01-01Z', p_closes_at => '2021-01-01Z')")
    for board, code in ("later", "board_not_open"), ("over", "season_closed"):
        response = await client.post(f"{SUBMIT}?board={board}", json={"user_id": 1, "score": 5})
        message = await assert_error(response, 409, code)
        assert board in message
        (item,) = await (await client.post(f"{SUBMIT}/batch?board={board}", json=[{"user_id": 1, "score": 5}])).json()
        assert (item["status"], item["error"]["code"]) == ("rejected", code)
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == 0


async def test_a_late_score_counts_where_it_was_played(client, db):
    await db.execute("SELECT api.create_board('arena', p_manual_seasons => true, p_grace => '1 hour')")
    await db.execute("SELECT api.submit_score(1, 5)")
    played = await db.fetchval("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
    await db.execute("SELECT api.end_season('arena')")
    body = {"user_id": 1, "score": 3, "played_at": played}
    response = await client.post(f"{SUBMIT}?board=arena&include=boards", json=body)
    answer = await response.json()
    assert (response.status, answer["total_score"]) == (200, 8)
    assert answer["boards"] == [
        {"board": "overall", "total_score": 8},
        {"board": "arena", "season": 1, "total_score": 8},
    ]
    (item,) = await (await client.post(f"{SUBMIT}/batch?board=arena&include=boards", json=[body])).json()
    assert item["boards"][1] == {"board": "arena", "season": 1, "total_score": 11}
    response = await client.get(address("rank/1", board="arena", season="previous"))
    assert (await response.json())["total_score"] == 11
    assert await (await client.get(address("top", board="arena"))).json() == []


async def test_too_late_for_its_season(client, db, arena, assert_error):
    body = {"user_id": 1, "score": 3, "played_at": "2020-01-01T00:00:00+02:00"}
    response = await client.post(f"{SUBMIT}?board=arena", json=body)
    await assert_error(response, 409, "season_closed")
    response = await client.post(f"{SUBMIT}?include=boards", json=body)
    assert (await response.json())["boards"] == [{"board": "overall", "total_score": 24}]
    assert await db.fetchval("SELECT total_score FROM api.player_rank(1, 'arena')") == 9


@pytest.mark.parametrize("played_at", [None, ""])
async def test_no_played_at(client, db, played_at):
    response = await client.post(SUBMIT, json={"user_id": 1, "score": 3, "played_at": played_at})
    assert response.status == 200
    assert await db.fetchval("SELECT count(*) FROM game_sessions WHERE played_at IS NULL") == 1


async def test_a_clock_that_is_ahead(client, db, assert_error):
    for minutes, status in (4, 200), (6, 422):
        played_at = await db.fetchval(
            "SELECT to_char((now() + $1 * interval '1 minute') AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')",
            minutes,
        )
        response = await client.post(SUBMIT, json={"user_id": 1, "score": 3, "played_at": played_at})
        assert response.status == status
    await assert_error(response, 422, "invalid_played_at")
    assert await db.fetchval("SELECT count(*) FROM game_sessions WHERE played_at IS NULL") == 1


@pytest.mark.parametrize(
    "played_at",
    [
        "yesterday",
        " ",
        "2026-01-31",
        "2026-01-31T12:00:00",
        "2026-13-31T12:00:00Z",
        "2026-02-30T12:00:00Z",
        "2026-01-31T24:00:00Z",
        "0001-01-01T00:00:00+05:00",
        "9999-12-31T23:59:59-05:00",
        "9999-12-31T23:59:59Z",
        "infinity",
        "1769860800",
    ],
)
async def test_a_played_at_that_is_none(client, db, assert_error, played_at):
    body = {"user_id": 1, "score": 3, "played_at": played_at}
    message = await assert_error(await client.post(SUBMIT, json=body), 422, "invalid_played_at")
    assert message.startswith("played_at must be a time")
    good = {"user_id": 1, "score": 3}
    first, second = await (await client.post(f"{SUBMIT}/batch", json=[body, good])).json()
    assert (first["status"], first["error"]["code"], second["status"]) == ("rejected", "invalid_played_at", "accepted")
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == 1


async def test_a_played_at_of_a_wrong_type(client, assert_error):
    for played_at in 1769860800, True, ["2026-01-31T12:00:00Z"], "a\0":
        body = {"user_id": 1, "score": 3, "played_at": played_at}
        response = await client.post(SUBMIT, json=body)
        assert response.status in {400, 422}
        assert "played_at" in (await response.json())["error"]["message"]


async def test_a_played_at_of_long_ago(client, assert_error):
    body = {"user_id": 1, "score": 3, "played_at": "1970-01-01T00:00:00Z"}
    assert (await client.post(SUBMIT, json=body)).status == 200
    for earlier in "1969-12-31T23:59:59.999Z", "0001-01-02T00:00:00Z":
        response = await client.post(SUBMIT, json=body | {"played_at": earlier})
        await assert_error(response, 422, "invalid_played_at")


async def test_what_a_submission_did_on_every_board(client, db):
    await db.execute("SELECT api.create_board('best', NULL, 'best')")
    await db.execute("SELECT api.create_board('race', NULL, 'best', p_lowest_wins => true, p_unit => 'ms')")
    await db.execute("SELECT api.create_board('team', 'team')")
    await db.execute("SELECT api.create_board('arena', p_manual_seasons => true)")
    await db.execute("SELECT api.submit_score(2, 90000)")
    body = {"user_id": 1, "score": 83456}
    headers = {"Idempotency-Key": "match-1"}
    expected = [
        {"board": "overall", "total_score": 83456, "rank": 2},
        {"board": "best", "total_score": 83456, "rank": 2},
        {"board": "race", "total_score": 83456, "display": "1:23.456", "rank": 1},
        {"board": "arena", "season": 1, "total_score": 83456, "rank": 2},
    ]
    without_ranks = [{name: value for name, value in board.items() if name != "rank"} for board in expected]
    response = await client.post(f"{SUBMIT}?include=rank,boards", json=body, headers=headers)
    assert await response.json() == {
        "message": "Score submitted successfully",
        "user_id": 1,
        "score": 83456,
        "total_score": 83456,
        "duplicate": False,
        "rank": 2,
        "previous_rank": None,
        "boards": expected,
    }
    for include, boards in ("boards", without_ranks), ("boards,rank", expected):
        answer = await (await client.post(f"{SUBMIT}?include={include}", json=body, headers=headers)).json()
        assert (answer["duplicate"], answer["boards"]) == (True, boards)
        assert ("rank" in answer) == ("rank" in include)
    item = {**body, "idempotency_key": "match-1"}
    (answer,) = await (await client.post(f"{SUBMIT}/batch?include=rank,boards", json=[item])).json()
    assert (answer["status"], answer["rank"], answer["boards"]) == ("duplicate", 2, expected)
    (answer,) = await (await client.post(f"{SUBMIT}/batch?include=boards", json=[{"user_id": 2, "score": 0}])).json()
    assert answer["status"] == "accepted" and "rank" not in answer
    assert [board["board"] for board in answer["boards"]] == ["overall", "best", "race", "arena"]
    (answer,) = await (await client.post(f"{SUBMIT}/batch", json=[{"user_id": 2, "score": 0}])).json()
    assert answer.keys() == {"status", "user_id", "score", "total_score"}


async def test_what_cannot_be_included(client, assert_error, subtests):
    for include in "", "all", "rank,rank", "rank,", "rank boards", "boards,rank,boards":
        for path in SUBMIT, f"{SUBMIT}/batch":
            with subtests.test(include=include, path=path):
                response = await client.post(path, params={"include": include}, json=[])
                assert "include" in await assert_error(response, 400, "invalid_parameter")


async def test_the_seasons_of_a_board(client, db, arena):
    await close_seasons(db)
    response = await client.get("/api/leaderboard/seasons?board=arena")
    body = await response.json()
    assert (response.status, body["board"], body["next_reset_at"]) == (200, "arena", None)
    third, second, first = body["seasons"]
    assert [season["season"] for season in body["seasons"]] == [3, 2, 1]
    assert [season["state"] for season in body["seasons"]] == ["running", "closed", "closed"]
    assert first["starts_at"] is None and third["ends_at"] is None and third["closed_at"] is None
    assert first["ends_at"] == second["starts_at"] and second["ends_at"] == third["starts_at"]
    assert first["closed_at"] >= first["ends_at"]
    assert [season["players"] for season in body["seasons"]] == [1, 1, 1]
    assert second["winner"] == {"user_id": 1, "username": "user_1", "total_score": 7}
    assert "Link" not in response.headers
    found, following = [], "/api/leaderboard/seasons?board=arena&limit=2"
    while following:
        response = await client.get(following)
        found += [season["season"] for season in (await response.json())["seasons"]]
        link = response.links.get("next")
        following = str(link["url"].relative()) if link else None
    assert found == [3, 2, 1]


async def test_the_next_reset_of_a_board_with_periods(client, db):
    await db.execute("SELECT api.create_board('daily', p_period => 'daily', p_unit => 'ms')")
    await db.execute("SELECT api.create_board('ending', p_period => 'daily', p_closes_at => now() + '1 second')")
    await db.execute("SELECT api.submit_score(1, 83456)")
    body = await (await client.get("/api/leaderboard/seasons?board=daily")).json()
    (season,) = body["seasons"]
    assert (season["season"], season["state"]) == (1, "running")
    assert body["next_reset_at"] == season["ends_at"] > season["starts_at"]
    assert season["winner"] == {"user_id": 1, "username": "user_1", "total_score": 83456, "display": "1:23.456"}
    boards = await (await client.get("/api/leaderboard/boards")).json()
    (daily,) = [board for board in boards if board["board"] == "daily"]
    assert daily["next_reset_at"] == body["next_reset_at"]
    assert (await (await client.get("/api/leaderboard/seasons?board=ending")).json())["next_reset_at"] is None


async def test_a_player_s_seasons(client, db, arena, assert_error):
    await db.execute("SELECT api.submit_score(2, 100)")
    await close_seasons(db)
    path = "/api/leaderboard/players/1/seasons?board=arena"
    found = await (await client.get(path)).json()
    results = [(r["season"], r["closed"], r["total_score"], r["rank"], r["players"]) for r in found]
    assert results == [(3, False, 9, 2, 2), (2, True, 7, 1, 1), (1, True, 5, 1, 1)]
    assert found[0]["ends_at"] is None and found[2]["starts_at"] is None
    response = await client.get(f"{path}&limit=1")
    assert [r["season"] for r in await response.json()] == [3]
    response = await client.get(str(response.links["next"]["url"].relative()))
    assert [r["season"] for r in await response.json()] == [2]


async def test_lists_of_seasons_that_are_refused(client, arena, assert_error, subtests):
    for path in "seasons", "players/1/seasons":
        for query, status, code in (
            ("board=nope", 404, "unknown_board"),
            ("board=arena&limit=0", 400, "invalid_parameter"),
            ("board=arena&limit=1001", 400, "invalid_parameter"),
            ("board=arena&before=0", 400, "invalid_parameter"),
            ("board=arena&before=x", 400, "invalid_parameter"),
            ("board=arena&season=1", 400, "invalid_parameter"),
        ):
            with subtests.test(path=path, query=query):
                await assert_error(await client.get(f"/api/leaderboard/{path}?{query}"), status, code)
    for player, status, code in (
        ("0", 400, "invalid_user_id"),
        ("x", 404, "unknown_player"),
        ("2147483648", 404, "unknown_player"),
    ):
        response = await client.get(f"/api/leaderboard/players/{player}/seasons?board=arena")
        await assert_error(response, status, code)


async def test_lists_of_seasons_where_there_are_none(client, submit):
    await submit(1, 5)
    response = await client.get("/api/leaderboard/seasons")
    assert await response.json() == {"board": "overall", "next_reset_at": None, "seasons": []}
    for path in "players/1/seasons", "players/999/seasons":
        response = await client.get(f"/api/leaderboard/{path}")
        assert (response.status, await response.json()) == (200, [])
