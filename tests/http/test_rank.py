"""GET /api/leaderboard/rank/{user_id}"""

RANK = "/api/leaderboard/rank"


async def test_total_rank_and_percentile(client, submit):
    for user_id, score in (1, 90), (2, 80), (3, 80), (4, 70):
        await submit(user_id, score)
    response = await client.get(f"{RANK}/3")
    assert response.status == 200
    assert await response.json() == {
        "user_id": 3,
        "username": "user_3",
        "total_score": 80,
        "rank": 2,
        "players": 4,
        "percentile": 75.0,
    }
    assert (await (await client.get(f"{RANK}/4")).json())["rank"] == 4


async def test_on_a_board(client, db, submit):
    await db.execute("SELECT api.create_board('team', 'team', 'best')")
    await submit(1, 5, game_mode="team")
    await submit(1, 9)
    body = await (await client.get(f"{RANK}/1", params={"board": "team"})).json()
    assert (body["total_score"], body["players"]) == (5, 1)


async def test_an_unknown_player(client, assert_error):
    await assert_error(await client.get(f"{RANK}/7"), 404, "unknown_player")


async def test_a_player_of_another_board(client, assert_error, db, submit):
    await db.execute("SELECT api.create_board('team', 'team')")
    await submit(7, 1)
    response = await client.get(f"{RANK}/7", params={"board": "team"})
    await assert_error(response, 404, "unknown_player")


async def test_an_unknown_board(client, assert_error):
    response = await client.get(f"{RANK}/7", params={"board": "nope"})
    await assert_error(response, 404, "unknown_board")


async def test_bad_user_ids(client, assert_error, subtests):
    for text in "0", "-1", "1e10", "3000000000.0":
        with subtests.test(user_id=text):
            await assert_error(await client.get(f"{RANK}/{text}"), 400, "invalid_user_id")


async def test_what_is_no_user_id_is_an_external_id(client, assert_error, subtests):
    for text in "2147483648", "9" * 40, "x", "1.5", "1e-3", "+1", "1%202", "٣":
        with subtests.test(player=text):
            await assert_error(await client.get(f"{RANK}/{text}"), 404, "unknown_player")
    for text in "01", "%20", "%00":
        with subtests.test(player=text):
            await assert_error(await client.get(f"{RANK}/{text}"), 400, "invalid_player")


async def test_bad_parameters(client, assert_error):
    await assert_error(await client.get(f"{RANK}/7?span=5"), 400, "invalid_parameter")
