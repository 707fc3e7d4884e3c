"""POST /plays, and submissions with the tickets that it gives."""

import pytest

PLAYS, SUBMIT = "/api/leaderboard/plays", "/api/leaderboard/submit"


async def play(client, **fields):
    async with client.post(PLAYS, json=fields) as response:
        assert response.status == 200, await response.text()
        return await response.json()


async def test_a_ticket_counts_once(client, assert_error):
    begun = await play(client, player="steam:1", game_mode="race")
    assert list(begun) == ["ticket", "user_id", "game_mode", "min_seconds", "expires_at", "player"]
    assert (begun["game_mode"], begun["min_seconds"], begun["player"]) == ("race", 0, "steam:1")
    score = {"player": "steam:1", "score": 5, "game_mode": "race", "ticket": begun["ticket"]}
    first = await (await client.post(SUBMIT, json=score)).json()
    again = await (await client.post(SUBMIT, json=score)).json()
    assert (first["duplicate"], again["duplicate"]) == (False, True)
    assert (first["total_score"], again["total_score"], first["user_id"]) == (5, 5, begun["user_id"])
    response = await client.post(SUBMIT, json={**score, "score": 6})
    await assert_error(response, 422, "submission_key_reused")


async def test_a_ticket_may_be_sent_as_the_key(client, subtests):
    for send in "header", "ticket", "both", "item", "item's ticket":
        with subtests.test(send):
            ticket = (await play(client, user_id=7))["ticket"]
            score = {"user_id": 7, "score": 5}
            if send.startswith("item"):
                score["ticket" if "ticket" in send else "idempotency_key"] = ticket
                response = await client.post(f"{SUBMIT}/batch", json=[score])
                assert [item["status"] for item in await response.json()] == ["accepted"]
                continue
            headers = {"Idempotency-Key": ticket} if send in ("header", "both") else {}
            if send in ("ticket", "both"):
                score["ticket"] = ticket
            response = await client.post(SUBMIT, json=score, headers=headers)
            assert (response.status, (await response.json())["duplicate"]) == (200, False)


async def test_tickets_of_others_and_other_modes_are_refused(client, db, assert_error):
    ticket = (await play(client, user_id=7, game_mode="race"))["ticket"]
    for score in (
        {"user_id": 8, "score": 5, "game_mode": "race"},
        {"user_id": 7, "score": 5, "game_mode": "solo"},
        {"user_id": 7, "score": 5, "game_mode": "race", "ticket": ticket[:-1] + ("0" if ticket[-1] != "0" else "1")},
    ):
        await assert_error(await client.post(SUBMIT, json={"ticket": ticket, **score}), 422, "invalid_ticket")
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == 0


async def test_rules_of_plays(client, db, assert_error):
    await db.execute(
        "SELECT api.set_score_rules('overall', p_require_ticket => true, p_min_play_seconds => 3600,"
        " p_max_play_seconds => 7200)"
    )
    (board,) = await (await client.get("/api/leaderboard/boards")).json()
    assert (board["require_ticket"], board["min_play_seconds"], board["max_play_seconds"]) == (True, 3600, 7200)
    await assert_error(await client.post(SUBMIT, json={"user_id": 7, "score": 5}), 422, "ticket_required")
    begun = await play(client, user_id=7)
    assert begun["min_seconds"] == 3600
    response = await client.post(SUBMIT, json={"user_id": 7, "score": 5, "ticket": begun["ticket"]})
    await assert_error(response, 422, "played_too_fast")


@pytest.mark.parametrize(
    ("fields", "status", "code", "message"),
    [
        ({}, 400, "invalid_body", "user_id, or player"),
        ({"user_id": 7, "player": "a"}, 400, "invalid_body", "not both"),
        ({"user_id": 0}, 400, "invalid_user_id", "1 to 2147483647"),
        ({"player": "7"}, 400, "invalid_player", "send it as user_id"),
        ({"user_id": 7, "game_mode": "x" * 51}, 400, "invalid_game_mode", "1 to 50"),
        ({"user_id": 7, "board": "none"}, 404, "unknown_board", "none"),
        ({"user_id": 7, "board": 5}, 400, "invalid_body", "board"),
        ({"user_id": 7, "mode": "race"}, 400, "invalid_body", "the fields are user_id, player, game_mode, board"),
        ({"user_id": 7, "board": "race", "game_mode": "solo"}, 422, "game_mode_not_on_board", "race only"),
    ],
)
async def test_bad_plays(client, db, assert_error, fields, status, code, message):
    await db.execute("SELECT api.create_board('race', 'race')")
    assert message in await assert_error(await client.post(PLAYS, json=fields), status, code)
    assert await db.fetchval("SELECT count(*) FROM users") == 0


@pytest.mark.parametrize(
    ("fields", "headers", "status", "code", "message"),
    [
        ({"ticket": "x"}, {}, 422, "invalid_ticket", "POST /api/leaderboard/plays gives one"),
        ({"ticket": "play1" + "0" * 300}, {}, 422, "invalid_ticket", "POST /api/leaderboard/plays gives one"),
        ({"ticket": "play1" + "0" * 120}, {"Idempotency-Key": "k"}, 400, "invalid_body", "one of the two"),
        ({"ticket": 5}, {}, 400, "invalid_body", "ticket"),
    ],
)
async def test_bad_tickets(client, assert_error, fields, headers, status, code, message):
    response = await client.post(SUBMIT, json={"user_id": 7, "score": 5, **fields}, headers=headers)
    assert message in await assert_error(response, status, code)


async def test_an_empty_ticket_is_none(client):
    for ticket in "", None:
        response = await client.post(SUBMIT, json={"user_id": 7, "score": 5, "ticket": ticket})
        assert response.status == 200
