"""POST /api/leaderboard/submit"""

import asyncio
from json import dumps

SUBMIT = "/api/leaderboard/submit"


async def test_counts_a_score(client, db):
    response = await client.post(SUBMIT, json={"user_id": 7, "score": 1200})
    assert response.status == 200
    assert await response.json() == {
        "message": "Score submitted successfully",
        "user_id": 7,
        "score": 1200,
        "total_score": 1200,
        "duplicate": False,
    }
    row = await db.fetchrow("SELECT user_id, score, game_mode FROM game_sessions")
    assert tuple(row) == (7, 1200, "solo")


async def test_adds_to_the_total(submit):
    await submit(7, 1200)
    assert (await submit(7, 5))["total_score"] == 1205


async def test_registers_an_unknown_player(client, submit, db):
    await submit(7, 1)
    await submit(8, 1, username="ada")
    await submit(8, 1, username="somebody else")
    rows = await db.fetch("SELECT id, username FROM users ORDER BY id")
    assert [tuple(row) for row in rows] == [(7, "user_7"), (8, "ada")]


async def test_a_known_player_s_name_is_answered_as_it_stands(client, submit):
    """Another one is dropped, so the answer says which one holds. Who sends none is not told any."""
    assert (await submit(7, 1, username="ada"))["username"] == "ada"
    assert (await submit(7, 1, username="grace"))["username"] == "ada"
    assert (await submit(7, 1, username="ada"))["username"] == "ada"
    assert "username" not in await submit(7, 1)
    assert "username" not in await submit(7, 1, username="")
    assert "username" not in await submit(8, 1)
    assert (await submit(8, 1, username="grace"))["username"] == "user_8"
    for duplicate in False, True:
        response = await client.post(
            f"{SUBMIT}?include=rank",
            json={"user_id": 7, "score": 10, "username": "grace"},
            headers={"Idempotency-Key": "match-1"},
        )
        answer = await response.json()
        assert (answer["duplicate"], answer["username"], answer["rank"]) == (duplicate, "ada", 1)


async def test_names_are_those_of_their_players_when_many_come_at_once(client):
    async def call(user_id, **fields):
        response = await client.post(SUBMIT, json={"user_id": user_id, "score": 1, **fields})
        return response.status, (await response.json()).get("username")

    for _ in range(2):
        found = await asyncio.gather(
            *(call(n, username=f"name{n}") for n in range(1, 40)),
            *(call(n) for n in range(1, 40)),
            *(call(n, username=f"other{n}") for n in range(1, 40)),
        )
        assert [name for status, name in found[39:78]] == [None] * 39
        for (status, first), n in zip(found[:39], range(1, 40), strict=True):
            assert status == 200 and first in {f"name{n}", f"user_{n}", f"other{n}"}
        assert found[78:] == found[:39]


async def test_stores_the_game_mode(submit, db):
    await submit(7, 1, game_mode="team")
    assert await db.fetchval("SELECT game_mode FROM game_sessions") == "team"


async def test_takes_the_ends_of_the_ranges(submit):
    for user_id, score in (1, 0), (2147483647, 2147483647):
        answer = await submit(user_id, score)
        assert (answer["user_id"], answer["total_score"]) == (user_id, score)


async def test_include_rank(client, submit):
    await submit(1, 100)
    await submit(2, 50)
    response = await client.post(SUBMIT, params={"include": "rank"}, json={"user_id": 3, "score": 70})
    body = await response.json()
    assert (body["rank"], body["previous_rank"]) == (2, None)
    response = await client.post(SUBMIT, params={"include": "rank"}, json={"user_id": 3, "score": 70})
    body = await response.json()
    assert (body["rank"], body["previous_rank"]) == (1, 2)


async def test_a_retry_that_asks_for_ranks_has_the_rank_now(client, submit):
    """The first answer had none to repeat."""
    await submit(1, 100)
    headers = {"Idempotency-Key": "match-1"}
    await client.post(SUBMIT, json={"user_id": 7, "score": 10}, headers=headers)
    for rank in 2, 3:
        response = await client.post(f"{SUBMIT}?include=rank", json={"user_id": 7, "score": 10}, headers=headers)
        body = await response.json()
        assert (body["duplicate"], body["total_score"]) == (True, 10)
        assert (body["rank"], body["previous_rank"]) == (rank, None)
        await submit(2, 50)


async def test_a_repeated_key_counts_once(client, db):
    headers = {"Idempotency-Key": "match-1"}
    first = await client.post(SUBMIT, json={"user_id": 7, "score": 10}, headers=headers)
    await client.post(SUBMIT, json={"user_id": 7, "score": 5})
    again = await client.post(SUBMIT, json={"user_id": 7, "score": 10}, headers=headers)
    assert await again.json() == {**await first.json(), "duplicate": True}
    assert await db.fetchval("SELECT total_score FROM leaderboard WHERE user_id = 7") == 15


async def test_a_repeated_key_counts_once_when_all_come_at_once(client, db):
    headers = {"Idempotency-Key": "match-1"}
    responses = await asyncio.gather(
        *(client.post(SUBMIT, json={"user_id": 7, "score": 10}, headers=headers) for _ in range(20))
    )
    answers = [await response.json() for response in responses]
    assert [answer["total_score"] for answer in answers] == [10] * 20
    assert sorted(answer["duplicate"] for answer in answers) == [False] + [True] * 19
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == 1


async def test_a_key_belongs_to_its_player(client, db):
    headers = {"Idempotency-Key": "match-1"}
    for user_id in (7, 8):
        response = await client.post(SUBMIT, json={"user_id": user_id, "score": 10}, headers=headers)
        assert (await response.json())["duplicate"] is False


async def test_a_key_may_have_255_characters(client):
    response = await client.post(SUBMIT, json={"user_id": 7, "score": 1}, headers={"Idempotency-Key": "!~" + "k" * 253})
    assert response.status == 200


async def test_many_players_at_once(client, db):
    responses = await asyncio.gather(
        *(client.post(SUBMIT, json={"user_id": user % 25 + 1, "score": user}) for user in range(200))
    )
    assert {response.status for response in responses} == {200}
    assert await db.fetchval("SELECT sum(total_score) FROM leaderboard") == sum(range(200))


async def test_on_a_board(client, db, submit):
    await db.execute("SELECT api.create_board('team', 'team', 'best')")
    await submit(7, 10, board="team", game_mode="team")
    answer = await submit(7, 4, board="team", game_mode="team")
    assert answer["total_score"] == 10
    assert (await submit(7, 1))["total_score"] == 15


async def test_content_type_may_name_a_charset(client):
    response = await client.post(
        SUBMIT,
        data=b'{"user_id": 7, "score": 1}',
        headers={"Content-Type": "application/json; charset=utf-8"},
    )
    assert response.status == 200


async def test_names_in_any_script(client, db):
    name = "Ævar Þór \U0001f3c6"
    response = await client.post(SUBMIT, json={"user_id": 7, "score": 1, "username": name})
    assert response.status == 200
    assert await db.fetchval("SELECT username FROM users") == name


async def test_the_answer_says_which_character_of_a_name_is_refused(client, db, assert_error, subtests):
    for name, told in (
        ("a\nb", "U+000A at character 2"),
        ("a\u200bb", "U+200B at character 2"),
        ("a\U000e0041", "U+E0041 at character 2"),
    ):
        with subtests.test(name=ascii(name)):
            item = {"user_id": 7, "score": 1, "username": name}
            response = await client.post(SUBMIT, json=item)
            await assert_error(response, 400, "invalid_username")
            assert told in (await response.json())["error"]["message"]
            batch = await (await client.post(f"{SUBMIT}/batch", json=[item])).json()
            assert told in batch[0]["error"]["message"]
    assert await db.fetchval("SELECT count(*) FROM users") == 0


async def test_a_name_is_taken_in_every_normal_form(client, assert_error):
    item = {"user_id": 7, "score": 1, "username": "Zoe\u0308"}
    assert (await client.post(SUBMIT, json=item)).status == 200
    response = await client.post(SUBMIT, json={**item, "user_id": 8, "username": "Zo\xeb"})
    await assert_error(response, 409, "username_taken")


OTHER_SHAPES = [
    {"user_id": "7", "score": 1},
    {"user_id": 7.5, "score": 1},
    {"user_id": True, "score": 1},
    {"user_id": None, "score": 1},
    {"user_id": 7, "score": "1"},
    {"user_id": 7, "score": 1.5},
    {"user_id": 7, "score": "1.0"},
    {"user_id": 7, "score": False},
    {"user_id": 7, "score": [1]},
    {"user_id": 7},
    {"score": 1},
    {},
    {"user_id": 7, "score": None},
    {"user_id": 7, "score": 1, "game_mode": 5},
    {"user_id": 7, "score": 1, "username": 5},
    {"user_id": 7, "score": 1, "idempotency_key": "k"},
    {"user_id": 7, "score": 1, "bonus": 5},
    [],
    [{"user_id": 7, "score": 1}],
    "text",
    7,
    None,
]


async def test_a_body_of_another_shape_is_refused(client, assert_error, db, subtests):
    for body in OTHER_SHAPES:
        with subtests.test(body=body):
            response = await client.post(SUBMIT, data=dumps(body), headers={"Content-Type": "application/json"})
            message = await assert_error(response, 400, "invalid_body")
            assert "`" not in message and "$" not in message
    assert await db.fetchval("SELECT count(*) FROM users") == 0


async def test_an_unknown_field_is_told_with_those_there_are(client, assert_error):
    response = await client.post(SUBMIT, json={"user_id": 7, "score": 1, "usernme": "ada"})
    message = await assert_error(response, 400, "invalid_body")
    assert "usernme" in message and "username" in message
