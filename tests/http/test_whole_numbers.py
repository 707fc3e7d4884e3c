"""Whole numbers are taken however JSON writes them, wherever an integer is asked, and never through a double:
GameMaker and Godot have no integers and write 7.0."""

from fractions import Fraction
from json import dumps, loads

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.http.whole_number import whole_number

SUBMIT = "/api/leaderboard/submit"
BATCH = f"{SUBMIT}/batch"
JSON = {"Content-Type": "application/json"}

#: How 7, 100 and 0 may be written.
SEVEN = ["7", "7.0", "7.000", "7e0", "0.7e1", "70e-1", "7000000000000000000000E-21"]
HUNDRED = ["100", "100.00", "1e2", "1E+2", "1.0e2", "0.1e3", "10000e-2"]
ZERO = ["0", "-0", "-0.0", "0e400", "0.000e-999999999999"]
#: What is beyond the bounds, exactly or far away: 2^53 + 1 is no double.
BEYOND = [
    *("9007199254740993", "9007199254740993.0", "9007199254740992.0", "1e16", "1e300", "-1e300", "1e400"),
    *("-1e400", "1e999999999999999999999", "1" + "0" * 400 + ".0"),
]
NOT_WHOLE = ["100.5", "1e-1", "100.00000000000000000001", "9007199254740991.5", "1e-400", "5e-324", "-0.1"]


@given(
    st.from_regex(r"\A-?(0|[1-9][0-9]{0,25})(\.[0-9]{1,25})?([eE][+-]?[0-9]{1,2})?\Z"),
)
def test_every_digit_is_read(text):
    exactly = Fraction(text)
    number = whole_number(text)
    if exactly.denominator != 1:
        assert number is None
    elif abs(exactly) < 2**63:
        assert number == exactly
    else:
        assert number is not None and abs(number) >= 2**63 and (number < 0) == (exactly < 0)


@pytest.mark.parametrize("text", ["", " 7", "7 ", "+7", "07", "7.", ".7", "7e", "0x7", "7_0", "٣", "NaN", "--7"])
def test_what_json_does_not_call_a_number_is_none(text):
    assert whole_number(text) is None


@pytest.mark.parametrize(
    ("user_id", "score", "counted"),
    [
        *((text, "100", 100) for text in SEVEN),
        *(("7.0", text, 100) for text in HUNDRED),
        *(("7", text, 0) for text in ZERO),
        ("7", "1.5e1", 15),
        ("7.0", "2147483647.0", 2147483647),
    ],
)
async def test_whole_numbers_are_counted(client, db, user_id, score, counted):
    body = f'{{"user_id":{user_id},"score":{score}}}'
    response = await client.post(SUBMIT, data=body, headers=JSON)
    assert response.status == 200, await response.text()
    text = await response.text()
    assert f'"user_id":7,"score":{counted},"total_score":{counted}' in text
    (outcome,) = loads(await (await client.post(BATCH, data=f"[{body}]", headers=JSON)).text())
    assert (outcome["status"], outcome["total_score"]) == ("accepted", 2 * counted)
    assert await db.fetchval("SELECT array_agg(score) FROM game_sessions") == [counted] * 2


async def test_a_score_as_large_as_they_come_keeps_its_digits(client, db):
    await db.execute("SELECT api.create_board('huge', 'huge', 'best', -9007199254740991, 9007199254740991)")
    for text in "9007199254740991.0", "-9.007199254740991e15", "90071992547409910e-1":
        response = await client.post(
            f"{SUBMIT}?board=huge",
            data=f'{{"user_id":7,"score":{text},"game_mode":"huge"}}',
            headers=JSON,
        )
        assert (await response.json())["score"] == int(Fraction(text)), text


async def test_what_is_not_whole_is_told_so(client, assert_error, db, subtests):
    for text in NOT_WHOLE:
        with subtests.test(text=text):
            response = await client.post(SUBMIT, data=f'{{"user_id":7,"score":{text}}}', headers=JSON)
            assert await assert_error(response, 400, "invalid_body") == "score must be a whole number"
            response = await client.post(SUBMIT, data=f'{{"user_id":{text},"score":7.0}}', headers=JSON)
            assert await assert_error(response, 400, "invalid_body") == "user_id must be a whole number"
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == 0


async def test_what_is_beyond_the_bounds_is_refused_not_rounded(client, assert_error, db, subtests):
    await db.execute("SELECT api.create_board('huge', 'huge', 'best', -9007199254740991, 9007199254740991)")
    for text in BEYOND:
        with subtests.test(text=text):
            for user_id in "7", "7.0":
                response = await client.post(
                    f"{SUBMIT}?board=huge",
                    data=f'{{"user_id":{user_id},"score":{text},"game_mode":"huge"}}',
                    headers=JSON,
                )
                await assert_error(response, 422, "score_out_of_bounds")
            response = await client.post(SUBMIT, data=f'{{"user_id":{text},"score":1}}', headers=JSON)
            await assert_error(response, 400, "invalid_user_id")
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == 0


async def test_items_of_a_batch_are_read_each_alone(client):
    items = ['{"user_id":7.0,"score":1e2}', '{"user_id":7,"score":0.5}', '{"user_id":8e0,"score":5}', "7.0"]
    response = await client.post(BATCH, data=f"[{','.join(items)}]", headers=JSON)
    outcomes = await response.json()
    assert [outcome["status"] for outcome in outcomes] == ["accepted", "rejected", "accepted", "rejected"]
    assert outcomes[1]["error"] == {"code": "invalid_body", "message": "score must be a whole number"}
    assert outcomes[3]["error"]["code"] == "invalid_body"


async def test_everything_else_is_as_strict_beside_them(client, assert_error, subtests):
    for rest, code in [
        ('"score":"1.0"', "invalid_body"),
        ('"score":true', "invalid_body"),
        ('"score":1,"bonus":1.0', "invalid_body"),
        ('"score":1,"username":1.0', "invalid_body"),
        ('"score":1,"username":" ada"', "invalid_username"),
        ('"score":1,"game_mode":"a\\u0000b"', "invalid_game_mode"),
        ('"score":NaN', "malformed_json"),
        ('"score":-Infinity', "malformed_json"),
        ('"score":1.', "malformed_json"),
        ('"score":01.0', "malformed_json"),
        ('"score":1,"username":"\\ud83d"', "malformed_json"),
    ]:
        with subtests.test(rest=rest):
            response = await client.post(SUBMIT, data=f'{{"user_id":7.0,{rest}}}', headers=JSON)
            await assert_error(response, 400, code)


async def test_in_paths_and_queries_as_well(client, submit):
    for user_id in range(1, 13):
        await submit(user_id, user_id)
    for one, other in [
        ("top?limit=5", "top?limit=5.0"),
        ("top?limit=10", "top?limit=1e1"),
        ("rank/7", "rank/7.0"),
        ("around/7?span=2", "around/7e0?span=2.00"),
        ("around/7?span=0", "around/7?span=-0"),
        ("ranks?user_ids=7,8,10", "ranks?user_ids=7.0,8,1e1"),
        ("distribution?buckets=3", "distribution?buckets=3.0"),
    ]:
        answers = [await client.get(f"/api/leaderboard/{path}") for path in (one, other)]
        assert [answer.status for answer in answers] == [200, 200], other
        assert await answers[0].read() == await answers[1].read()


async def test_a_query_s_fraction_is_told(client, assert_error):
    response = await client.get("/api/leaderboard/top?limit=5.5")
    message = await assert_error(response, 400, "invalid_parameter")
    assert message == "limit must be a whole number, not '5.5'"
    # Not a number that can be a user id: an external id.
    await assert_error(await client.get("/api/leaderboard/rank/7.5"), 404, "unknown_player")


async def test_a_retry_that_writes_its_numbers_otherwise_is_the_same(client):
    headers = {**JSON, "Idempotency-Key": "match-1"}
    bodies = dumps({"user_id": 7, "score": 100}), dumps({"user_id": 7.0, "score": 100.0})
    answers = [await (await client.post(SUBMIT, data=body, headers=headers)).json() for body in bodies]
    assert [answer["duplicate"] for answer in answers] == [False, True]
