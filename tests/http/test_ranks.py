"""GET /api/leaderboard/ranks"""

RANKS = "/api/leaderboard/ranks"


async def test_global_rank_and_rank_among_the_listed(client, submit):
    for user_id, score in (1, 90), (2, 80), (3, 80), (4, 70):
        await submit(user_id, score)
    response = await client.get(RANKS, params={"user_ids": "4,2,3,99,4"})
    assert response.status == 200
    rows = await response.json()
    assert rows[0] == {
        "user_id": 2,
        "username": "user_2",
        "total_score": 80,
        "rank": 2,
        "rank_among": 1,
        "players": 4,
        "percentile": 75.0,
    }
    assert [(row["user_id"], row["rank"], row["rank_among"]) for row in rows] == [
        (2, 2, 1),
        (3, 2, 1),
        (4, 4, 3),
    ]


async def test_user_ids_may_come_one_by_one(client, submit):
    """Clients that do not know `explode: false` send a list so."""
    for user_id in (1, 2, 3):
        await submit(user_id, 10)
    response = await client.get(f"{RANKS}?user_ids=1,2&user_ids=3")
    assert [row["user_id"] for row in await response.json()] == [1, 2, 3]


async def test_nobody_known(client):
    response = await client.get(RANKS, params={"user_ids": "1"})
    assert (response.status, await response.json()) == (200, [])


async def test_failures(client, assert_error, subtests):
    for user_ids in "0", "2147483648", "1,0", "01", "1.5", "1,1e400":
        with subtests.test(user_ids=user_ids):
            await assert_error(await client.get(f"{RANKS}?user_ids={user_ids}"), 400, "invalid_user_id")
    for query in "", "?user_ids=", "?user_ids=1,", "?user_ids=a", "?user_ids=1;2", "?user_ids=-1":
        with subtests.test(query=query):
            await assert_error(await client.get(f"{RANKS}{query}"), 400, "invalid_parameter")
    many = ",".join(["7"] * 1001)
    message = await assert_error(await client.get(RANKS, params={"user_ids": many}), 400, "invalid_parameter")
    assert "1000" in message
    await assert_error(await client.get(f"{RANKS}?user_ids=1&board=nope"), 404, "unknown_board")
