"""GET /api/leaderboard/top"""

TOP = "/api/leaderboard/top"


async def fill(db, players=25):
    """Players 1..n; every two of them share a total."""
    await db.execute(
        "SELECT count(*) FROM api.submit_scores("
        "(SELECT array_agg(i) FROM generate_series(1, $1::bigint) i),"
        "(SELECT array_agg(i / 2) FROM generate_series(1, $1::bigint) i))",
        players,
    )


async def test_ties_share_a_rank_and_the_next_one_skips(client, submit):
    for user_id, score in (5, 80), (3, 90), (9, 80), (1, 70):
        await submit(user_id, score)
    response = await client.get(TOP)
    assert response.status == 200
    assert await response.json() == [
        {"rank": 1, "user_id": 3, "username": "user_3", "total_score": 90},
        {"rank": 2, "user_id": 5, "username": "user_5", "total_score": 80},
        {"rank": 2, "user_id": 9, "username": "user_9", "total_score": 80},
        {"rank": 4, "user_id": 1, "username": "user_1", "total_score": 70},
    ]
    assert "Link" not in response.headers


async def test_nobody_yet(client):
    response = await client.get(TOP)
    assert (response.status, await response.json()) == (200, [])


async def test_ten_unless_asked_otherwise(client, db):
    await fill(db)
    assert len(await (await client.get(TOP)).json()) == 10
    assert len(await (await client.get(TOP, params={"limit": "1"})).json()) == 1
    assert len(await (await client.get(TOP, params={"limit": "1000"})).json()) == 25


async def test_pages_follow_one_another_to_the_end(client, db):
    await fill(db)
    pages, address = [], f"{TOP}?limit=7&board=overall"
    while address:
        response = await client.get(address)
        pages.append(await response.json())
        following = response.links.get("next")
        address = str(following["url"].relative()) if following else None
    assert [len(page) for page in pages] == [7, 7, 7, 4]
    whole = await (await client.get(TOP, params={"limit": "25"})).json()
    assert [row for page in pages for row in page] == whole
    expected = await db.fetch(
        "SELECT rank() OVER (ORDER BY total_score DESC) AS rank, user_id FROM leaderboard"
        " ORDER BY total_score DESC, user_id"
    )
    assert [(row["rank"], row["user_id"]) for row in whole] == [tuple(row) for row in expected]


async def test_the_link_keeps_board_and_limit(client, db, submit):
    await db.execute("SELECT api.create_board('best.of', NULL, 'best', -10)")
    await submit(1, -5, board="best.of")
    response = await client.get(TOP, params={"board": "best.of", "limit": "1"})
    assert response.headers["Link"] == f'<{TOP}?board=best.of&limit=1&after=-5.1>; rel="next"'


async def test_a_place_that_nobody_has_any_more(client, submit):
    await submit(1, 100)
    await submit(2, 50)
    rows = await (await client.get(TOP, params={"after": "70.5"})).json()
    assert [(row["rank"], row["user_id"]) for row in rows] == [(2, 2)]


async def test_bad_parameters(client, assert_error, subtests):
    for name, value in [
        ("limit", "0"),
        ("limit", "1001"),
        ("limit", "-1"),
        ("limit", "ten"),
        ("limit", "1.5"),
        ("limit", "5.01"),
        ("limit", "1e-1"),
        ("limit", "05"),
        ("limit", "5."),
        ("limit", "1e4"),
        ("limit", "1e400"),
        ("limit", " 5"),
        ("limit", ""),
        ("limit", "٣"),
        ("limit", "9" * 40),
        ("after", "5"),
        ("after", "5."),
        ("after", "5.x"),
        ("after", "5.0"),
        ("after", "5.2147483648"),
        ("after", "9" * 17 + ".1"),
        ("after", ""),
        ("after", "5.1.1"),
        ("offset", "10"),
        ("board", "a\0b"),
        ("board", "a\nb"),
        ("board", ""),
    ]:
        with subtests.test(name=name, value=value):
            message = await assert_error(await client.get(TOP, params={name: value}), 400, "invalid_parameter")
            assert name in message


async def test_an_unknown_parameter_is_told_with_those_there_are(client, assert_error):
    message = await assert_error(await client.get(f"{TOP}?limt=5"), 400, "invalid_parameter")
    assert "limt" in message and "limit" in message


async def test_a_repeated_parameter(client, assert_error):
    await assert_error(await client.get(f"{TOP}?limit=5&limit=6"), 400, "invalid_parameter")


async def test_an_unknown_board(client, assert_error, subtests):
    for board in "nope", "x" * 300, "a b", "'; DROP TABLE users; --", "\ufffd", "top:10:-:overall":
        with subtests.test(board=board):
            await assert_error(await client.get(TOP, params={"board": board}), 404, "unknown_board")
