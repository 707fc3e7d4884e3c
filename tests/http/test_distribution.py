"""GET /api/leaderboard/distribution"""

DISTRIBUTION = "/api/leaderboard/distribution"


async def test_players_by_ranges_of_totals(client, submit):
    for user_id in range(1, 11):
        await submit(user_id, user_id * 10 - 10)
    response = await client.get(DISTRIBUTION, params={"buckets": "2"})
    assert response.status == 200
    rows = await response.json()
    assert [sorted(row) for row in rows] == [["from", "players", "to"]] * 2
    assert rows[0]["from"] == 0
    assert rows[0]["to"] + 1 == rows[1]["from"]
    assert [row["players"] for row in rows] == [5, 5]


async def test_everybody_is_in_one_range(client, submit):
    for user_id in range(1, 31):
        await submit(user_id, user_id**3)
    rows = await (await client.get(DISTRIBUTION)).json()
    assert 1 < len(rows) <= 50
    assert sum(row["players"] for row in rows) == 30


async def test_nobody_yet(client):
    response = await client.get(DISTRIBUTION)
    assert (response.status, await response.json()) == (200, [])


async def test_failures(client, assert_error):
    for buckets in "0", "1001", "x", "2.5", "1e4":
        await assert_error(await client.get(f"{DISTRIBUTION}?buckets={buckets}"), 400, "invalid_parameter")
    await assert_error(await client.get(f"{DISTRIBUTION}?board=nope"), 404, "unknown_board")
