"""GET /api/leaderboard/boards"""

BOARDS = "/api/leaderboard/boards"


async def test_what_counts_on_each(client, db, submit):
    await db.execute("SELECT api.create_board('team', 'team', 'best', -5, 100)")
    await submit(1, 5, game_mode="team")
    await submit(2, 5)
    response = await client.get(BOARDS)
    assert response.status == 200
    assert await response.json() == [
        {
            "board": "overall",
            "game_mode": None,
            "aggregate": "sum",
            "min_score": 0,
            "max_score": 2147483647,
            "players": 2,
        },
        {
            "board": "team",
            "game_mode": "team",
            "aggregate": "best",
            "min_score": -5,
            "max_score": 100,
            "players": 1,
        },
    ]


async def test_takes_no_parameters(client, assert_error):
    await assert_error(await client.get(f"{BOARDS}?board=overall"), 400, "invalid_parameter")
