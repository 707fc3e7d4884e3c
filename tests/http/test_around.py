"""GET /api/leaderboard/around/{user_id}"""

AROUND = "/api/leaderboard/around"


async def fill(submit):
    for user_id in range(1, 21):
        await submit(user_id, (21 - user_id) * 10)


async def test_the_neighbours_above_and_below(client, submit):
    await fill(submit)
    rows = await (await client.get(f"{AROUND}/10", params={"span": "2"})).json()
    assert rows[0] == {"rank": 8, "user_id": 8, "username": "user_8", "total_score": 130}
    assert [row["user_id"] for row in rows] == [8, 9, 10, 11, 12]


async def test_five_unless_asked_otherwise_and_none_for_zero(client, submit):
    await fill(submit)
    assert len(await (await client.get(f"{AROUND}/10")).json()) == 11
    rows = await (await client.get(f"{AROUND}/10", params={"span": "0"})).json()
    assert [row["user_id"] for row in rows] == [10]


async def test_at_either_end(client, submit):
    await fill(submit)
    rows = await (await client.get(f"{AROUND}/1", params={"span": "1"})).json()
    assert [row["user_id"] for row in rows] == [1, 2]
    rows = await (await client.get(f"{AROUND}/20", params={"span": "100"})).json()
    assert [row["user_id"] for row in rows] == list(range(1, 21))


async def test_on_a_board(client, db, submit):
    await db.execute("SELECT api.create_board('team', 'team')")
    await submit(1, 5, game_mode="team")
    await submit(2, 9)
    rows = await (await client.get(f"{AROUND}/1", params={"board": "team"})).json()
    assert [row["user_id"] for row in rows] == [1]


async def test_failures(client, assert_error, submit):
    await submit(7, 1)
    await assert_error(await client.get(f"{AROUND}/8"), 404, "unknown_player")
    await assert_error(await client.get(f"{AROUND}/7?board=nope"), 404, "unknown_board")
    await assert_error(await client.get(f"{AROUND}/x"), 404, "unknown_player")
    await assert_error(await client.get(f"{AROUND}/0"), 400, "invalid_user_id")
    for span in "-1", "101", "x", "1.5", "1.01e2":
        await assert_error(await client.get(f"{AROUND}/7?span={span}"), 400, "invalid_parameter")
    await assert_error(await client.get(f"{AROUND}/7?limit=5"), 400, "invalid_parameter")
