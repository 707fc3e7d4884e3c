"""POST /api/leaderboard/submit/batch"""

from json import dumps

BATCH = "/api/leaderboard/submit/batch"


async def send(client, items, board="overall"):
    response = await client.post(BATCH, json=items, params={"board": board})
    assert response.status == 200, await response.text()
    return await response.json()


async def test_one_outcome_an_item_in_order(client, db):
    outcomes = await send(
        client,
        [
            {"user_id": 7, "score": 10},
            {"user_id": 8, "score": -1},
            {"user_id": 7, "score": 5, "game_mode": "team"},
            {"user_id": 9, "score": 1, "username": "ada"},
        ],
    )
    assert outcomes[0] == {"status": "accepted", "user_id": 7, "score": 10, "total_score": 10}
    assert outcomes[1]["status"] == "rejected"
    assert outcomes[1]["error"]["code"] == "score_out_of_bounds"
    assert outcomes[2] == {"status": "accepted", "user_id": 7, "score": 5, "total_score": 15}
    assert outcomes[3] == {
        "status": "accepted",
        "user_id": 9,
        "score": 1,
        "total_score": 1,
        "username": "ada",
    }
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == 3


async def test_names_are_answered_as_they_stand(client):
    items = [
        {"user_id": 7, "score": 1, "username": "ada", "idempotency_key": "a"},
        {"user_id": 8, "score": 1},
        {"user_id": 7, "score": 1, "username": "grace"},
        {"user_id": 9, "score": -1, "username": "grace"},
        {
            "user_id": 8,
            "score": 1,
            "username": "grace",
        },  # as the call's only name it is taken for the new player
        {"user_id": 9, "score": 1, "username": "ada"},
    ]
    outcomes = await send(client, items)
    assert [outcome.get("username") for outcome in outcomes] == ["ada", None, "ada", None, "grace", None]
    (again,) = await send(client, [{**items[0], "username": "grace"}])
    assert again == {"status": "duplicate", "user_id": 7, "score": 1, "total_score": 1, "username": "ada"}


async def test_an_empty_batch(client):
    assert await send(client, []) == []


async def test_a_repeated_key_counts_once(client, db):
    item = {"user_id": 7, "score": 10, "idempotency_key": "match-1"}
    first, second = await send(client, [item, item])
    assert first == {"status": "accepted", "user_id": 7, "score": 10, "total_score": 10}
    assert second == {"status": "duplicate", "user_id": 7, "score": 10, "total_score": 10}
    assert await send(client, [item]) == [second]
    assert await db.fetchval("SELECT total_score FROM leaderboard") == 10


async def test_the_key_is_the_one_of_a_single_submit(client):
    headers = {"Idempotency-Key": "match-1"}
    await client.post("/api/leaderboard/submit", json={"user_id": 7, "score": 10}, headers=headers)
    outcomes = await send(client, [{"user_id": 7, "score": 10, "idempotency_key": "match-1"}])
    assert outcomes[0]["status"] == "duplicate"


BAD_ITEMS = [
    ({"user_id": 0, "score": 1}, "invalid_user_id"),
    ({"user_id": 2147483648, "score": 1}, "invalid_user_id"),
    ({"user_id": 10**30, "score": 1}, "invalid_user_id"),
    ({"user_id": "7", "score": 1}, "invalid_body"),
    ({"user_id": 7, "score": -1}, "score_out_of_bounds"),
    ({"user_id": 7, "score": 2147483648}, "score_out_of_bounds"),
    ({"user_id": 7, "score": 2**63}, "score_out_of_bounds"),
    ({"user_id": 7, "score": 1.5}, "invalid_body"),
    ({"user_id": 7}, "invalid_body"),
    ({"user_id": 7, "score": 1, "bonus": 1}, "invalid_body"),
    ({"user_id": 7, "score": 1, "game_mode": "m" * 51}, "invalid_game_mode"),
    ({"user_id": 7, "score": 1, "game_mode": "a\0b"}, "invalid_game_mode"),
    ({"user_id": 7, "score": 1, "username": "n" * 256}, "invalid_username"),
    ({"user_id": 7, "score": 1, "username": "a\0b"}, "invalid_username"),
    ({"user_id": 7, "score": 1, "username": " ada"}, "invalid_username"),
    ({"user_id": 7, "score": 1, "username": "taken"}, "username_taken"),
    ({"user_id": 7, "score": 1, "idempotency_key": ""}, "invalid_submission_key"),
    ({"user_id": 7, "score": 1, "idempotency_key": "clé"}, "invalid_submission_key"),
    ({"user_id": 7, "score": 1, "idempotency_key": "k" * 256}, "invalid_submission_key"),
    ({"user_id": 1, "score": 8, "idempotency_key": "used"}, "submission_key_reused"),
    ([], "invalid_body"),
    (7, "invalid_body"),
    (None, "invalid_body"),
    ("item", "invalid_body"),
]


async def test_a_bad_item_is_rejected_alone(client, subtests):
    await send(client, [{"user_id": 1, "score": 1, "username": "taken", "idempotency_key": "used"}])
    for n, (item, code) in enumerate(BAD_ITEMS, start=1):
        with subtests.test(item=item):
            outcomes = await send(client, [{"user_id": 20, "score": 3}, item, {"user_id": 21, "score": 4}])
            assert [outcome["status"] for outcome in outcomes] == ["accepted", "rejected", "accepted"]
            assert outcomes[1]["error"]["code"] == code
            assert sorted(outcomes[1]["error"]) == ["code", "message"]
            assert [outcomes[0]["total_score"], outcomes[2]["total_score"]] == [3 * n, 4 * n]


async def test_an_item_of_invalid_utf8_is_rejected_alone(client):
    response = await client.post(
        BATCH,
        data=b'[{"user_id": 7, "score": 1, "username": "\xff"}, {"user_id": 8, "score": 1}]',
        headers={"Content-Type": "application/json"},
    )
    outcomes = await response.json()
    assert outcomes[0]["error"]["code"] == "malformed_json"
    assert outcomes[1]["status"] == "accepted"


async def test_a_thousand_items(client, db):
    outcomes = await send(client, [{"user_id": n % 300 + 1, "score": n} for n in range(1000)])
    assert {outcome["status"] for outcome in outcomes} == {"accepted"}
    assert await db.fetchval("SELECT sum(total_score) FROM leaderboard") == sum(range(1000))


async def test_more_than_a_thousand_items_are_too_many(client, assert_error, db):
    response = await client.post(BATCH, json=[{"user_id": 1, "score": 1}] * 1001)
    assert "1001" in await assert_error(response, 413, "payload_too_large")
    assert await db.fetchval("SELECT count(*) FROM users") == 0


async def test_an_idempotency_key_header_is_refused(client, assert_error):
    response = await client.post(BATCH, json=[{"user_id": 1, "score": 1}], headers={"Idempotency-Key": "match-1"})
    assert "idempotency_key" in await assert_error(response, 400, "invalid_parameter")


async def test_anything_but_an_array_is_refused(client, assert_error, subtests):
    for body in {}, {"user_id": 7, "score": 1}, 7, None, "text":
        with subtests.test(body=body):
            response = await client.post(BATCH, data=dumps(body), headers={"Content-Type": "application/json"})
            await assert_error(response, 400, "invalid_body")


async def test_on_a_board(client, db):
    await db.execute("SELECT api.create_board('team', 'team', 'best', 0, 100)")
    outcomes = await send(
        client,
        [
            {"user_id": 7, "score": 60, "game_mode": "team"},
            {"user_id": 7, "score": 50, "game_mode": "team"},
            {"user_id": 7, "score": 101, "game_mode": "team"},
            {"user_id": 7, "score": 1, "game_mode": "solo"},
        ],
        board="team",
    )
    assert [outcome.get("total_score") for outcome in outcomes] == [60, 60, None, None]
    assert outcomes[2]["error"]["code"] == "score_out_of_bounds"
    assert outcomes[3]["error"]["code"] == "game_mode_not_on_board"


async def test_an_unknown_board_fails_as_a_whole(client, assert_error):
    response = await client.post(BATCH, json=[{"user_id": 1, "score": 1}], params={"board": "nope"})
    await assert_error(response, 404, "unknown_board")
