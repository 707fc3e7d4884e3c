"""What engines and proxies do to a body: empty values, a byte order mark, a lost end, another media type."""

import re

SUBMIT = "/api/leaderboard/submit"
BATCH = f"{SUBMIT}/batch"
TOP = "/api/leaderboard/top"
JSON = {"Content-Type": "application/json"}


async def test_an_empty_name_or_mode_is_not_given(client, db, subtests):
    """Unity writes an absent string as an empty one."""
    for n, (name, mode) in enumerate([("", ""), (None, None), ("", None)], start=1):
        with subtests.test(name=name, mode=mode):
            body = {"user_id": n, "score": 5, "username": name, "game_mode": mode}
            response = await client.post(SUBMIT, json=body)
            assert response.status == 200, await response.text()
            outcomes = await (await client.post(BATCH, json=[{**body, "idempotency_key": None}])).json()
            assert outcomes[0]["status"] == "accepted", outcomes
            row = await db.fetchrow(
                "SELECT u.username, array_agg(DISTINCT s.game_mode), count(*) FROM users u"
                " JOIN game_sessions s ON s.user_id = u.id WHERE u.id = $1 GROUP BY 1",
                n,
            )
            assert tuple(row) == (f"user_{n}", ["solo"], 2)


async def test_an_empty_mode_and_the_default_are_one_submission(client):
    headers = {"Idempotency-Key": "match-1"}
    body = {"user_id": 7, "score": 5}
    first = await client.post(SUBMIT, json={**body, "game_mode": ""}, headers=headers)
    again = await client.post(SUBMIT, json=body, headers=headers)
    assert [(await answer.json())["duplicate"] for answer in (first, again)] == [False, True]


async def test_an_empty_key_is_not_passed_over(client, assert_error, db):
    """Whoever sends one means to be counted once; without it a retry would be counted again."""
    response = await client.post(SUBMIT, json={"user_id": 7, "score": 5}, headers={"Idempotency-Key": ""})
    assert "leave it out" in await assert_error(response, 400, "invalid_submission_key")
    response = await client.post(BATCH, json=[{"user_id": 7, "score": 5, "idempotency_key": ""}])
    (outcome,) = await response.json()
    assert outcome["error"]["code"] == "invalid_submission_key"
    assert "leave it out" in outcome["error"]["message"]
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == 0


async def test_a_byte_order_mark_is_skipped(client):
    for path, body in (SUBMIT, b'{"user_id": 7, "score": 5}'), (BATCH, b'[{"user_id": 7, "score": 5.0}]'):
        response = await client.post(path, data=b"\xef\xbb\xbf" + body, headers=JSON)
        assert response.status == 200, await response.text()


WHOLE = (
    rb'{"user_id": 7.0, "score": -1.5e+2, "username": "a\"b\\\u00e9\ud83d\ude00 ' + "é€😀".encode() + b'",'
    rb' "x": [null, true, false, {"y": "]}"}]}'
)


async def test_a_body_that_was_cut_is_told_so_wherever(client, assert_error):
    """Every beginning of a body. Before the first colon a batch is no batch, which is told first; and what a
    submission cannot be is told when it comes."""
    in_list = b"[" + WHOLE.replace(b'"x"', b'"x"') + b"]"
    for length in range(1, len(in_list)):
        response = await client.post(BATCH, data=in_list[:length], headers=JSON)
        message = await assert_error(response, 400, "malformed_json")
        assert f"is truncated after {length} bytes" in message, in_list[:length]
    body = WHOLE[: WHOLE.index(b', "x"')] + b"}"
    for length in range(1, len(body)):
        response = await client.post(SUBMIT, data=body[:length], headers=JSON)
        message = await assert_error(response, 400, "malformed_json")
        assert f"is truncated after {length} bytes" in message, body[:length]


async def test_other_faults_are_not_called_a_cut(client, assert_error, subtests):
    for body, words in [
        (rb'{"user_id": 7, "score": 1, "username": "\ud83d"}', "surrogate"),
        (rb'{"user_id": 7, "score": 1, "username": "\ud83d x"}', "surrogate|escape"),
        (b" \r\n", "the body is empty"),
        (b"\xef\xbb\xbf", "the body is empty"),
        (rb'{"user_id": 7, "score": 1, "username": "\q', "escape"),
        (b'{"user_id": 7, "score": 1, "username": "a\nb', "invalid character"),
        (rb'{"user_id": 7, "score": 1, "username": "\u12"}', "escape"),
        (b"{'user_id': 7", "byte 1"),
        (b'{"user_id" 7, "score": "x', "byte 11"),
        (b'{"user_id": 7,,', "byte 14"),
        (b'{"user_id": 7, "score": 1}}', "trailing"),
        (b"%7b%22user_id%22%3a7%2c%22score%22%3a1%7d", "URL encoding.*UploadHandlerRaw"),
        (b'{"user_id": 7, "score": 1.}', "number"),
        (b'{"user_id": 7, "score": 1} {', "trailing"),
    ]:
        with subtests.test(body=body):
            response = await client.post(SUBMIT, data=body, headers=JSON)
            message = await assert_error(response, 400, "malformed_json")
            assert "truncated" not in message
            assert re.search(words, message), message


async def test_a_cache_buster_is_passed_over(client, submit, assert_error):
    for user_id in 1, 2, 3:
        await submit(user_id, user_id)
    plain = await client.get(f"{TOP}?limit=1")
    for query in "?_=1764078000&limit=1", "?limit=1&_=1", "?_=&limit=1&_=2":
        response = await client.get(f"{TOP}{query}")
        assert response.status == 200, query
        assert response.headers["Link"] == plain.headers["Link"] == f'<{TOP}?limit=1&after=3.3>; rel="next"'
        assert await response.read() == await plain.read()
    response = await client.post(f"{SUBMIT}?_=1&include=rank", json={"user_id": 9, "score": 50})
    assert (await response.json())["rank"] == 1
    for path in (
        "/healthz?_=1",
        "/api/leaderboard/boards?_=1",
        "/api/leaderboard/rank/1?_=1",
        "/openapi.json?_=1",
    ):
        assert (await client.get(path)).status == 200, path
    for query in "?__=1", "?t=1", "?x_=1", "?_[]=1":
        await assert_error(await client.get(f"{TOP}{query}"), 400, "invalid_parameter")


async def test_another_media_type_is_told_how_the_header_is_set(client, assert_error):
    for path in SUBMIT, BATCH:
        for sent in "application/x-www-form-urlencoded", "text/plain;charset=UTF-8", "multipart/form-data":
            response = await client.post(path, data=b"user_id=7&score=5", headers={"Content-Type": sent})
            message = await assert_error(response, 415, "unsupported_media_type")
            assert sent in message
            for word in "fetch: ", "UnityWebRequest.Post(", "HTTPClient.METHOD_POST", "ds_map_add(":
                assert word in message
            assert message.count("application/json") == 5
            assert len(message) < 500


async def test_json_is_utf_8_whatever_is_announced(client, assert_error, subtests):
    for charset in "utf-16", "UTF-16LE", "latin1", "utf-7", '"utf-16"', "nonsense":
        with subtests.test(charset=charset):
            response = await client.post(
                SUBMIT,
                data=b'{"user_id": 7, "score": 1}',
                headers={"Content-Type": f"application/json; charset={charset}"},
            )
            message = await assert_error(response, 415, "unsupported_media_type")
            assert "charset=utf-8" in message
    for charset in "utf-8", "UTF-8", '"utf-8"', "utf8":
        with subtests.test(charset=charset):
            response = await client.post(
                SUBMIT,
                data=b'{"user_id": 7, "score": 1}',
                headers={"Content-Type": f"application/json; charset={charset}"},
            )
            assert response.status == 200
