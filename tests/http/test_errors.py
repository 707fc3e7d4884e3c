"""Every error code, and what a client is told of faults that are not its own. One test a code, where a code
needs a situation of its own; the others stand with the route they belong to."""

import dataclasses
import re
from pathlib import Path

import asyncpg
import pytest
from aiohttp import web

from service.app import create_app
from service.database import pool, sqlstates
from service.http.routes import ROUTES
from tests.support.databases import execute_on
from tests.support.stalls import blocked_submit, service_backends
from tests.support.waiting import until

SUBMIT = "/api/leaderboard/submit"
BOARDS = "/api/leaderboard/boards"


@pytest.fixture
def documented():
    """Here the database is made to answer what it never would: an undocumented error is no surprise."""


async def raise_in_boards(db, body):
    """Makes GET /boards run into `body`, a piece of PL/pgSQL."""
    arguments, result = await db.fetchrow(
        "SELECT pg_get_function_arguments(oid), pg_get_function_result(oid) FROM pg_proc"
        " WHERE oid = 'api.list_boards'::regproc"
    )
    await db.execute(
        f"CREATE OR REPLACE FUNCTION api.list_boards({arguments}) RETURNS {result}"
        f" LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ BEGIN {body} END $$"
    )


async def test_every_code_of_the_database_has_its_answer(db):
    codes = {row["sqlstate"]: row["code"] for row in await db.fetch("SELECT * FROM api.error_codes()")}
    ours = {state: failure.code for state, failure in sqlstates.SQLSTATES.items() if state.startswith("LB")}
    assert ours == codes


async def test_every_sqlstate_gets_its_status_and_code(client, assert_error, db, subtests):
    for sqlstate, failure in sqlstates.SQLSTATES.items():
        with subtests.test(sqlstate=sqlstate):
            await raise_in_boards(db, f"RAISE EXCEPTION 'what it says' USING ERRCODE = '{sqlstate}';")
            message = await assert_error(await client.get(BOARDS), failure.status, failure.code)
            told = sqlstate.startswith("LB") and failure.status < 500
            assert ("what it says" in message) == told


async def test_internal_error_tells_nothing_of_the_database(client, assert_error, db, caplog):
    await raise_in_boards(db, "RAISE division_by_zero USING MESSAGE = 'the secret';")
    response = await client.get(BOARDS)
    message = await assert_error(response, 500, "internal_error")
    assert "secret" not in message and "division" not in message
    tracebacks = [record for record in caplog.records if record.exc_info]
    assert len(tracebacks) == 1
    assert "the secret" in str(tracebacks[0].exc_info[1].__cause__ or tracebacks[0].exc_info[1])


async def test_username_taken(client, assert_error, submit):
    await submit(1, 1, username="ada")
    response = await client.post(SUBMIT, json={"user_id": 2, "score": 1, "username": "ada"})
    await assert_error(response, 409, "username_taken")


async def test_submission_key_reused(client, assert_error, db, subtests):
    headers = {"Idempotency-Key": "match-1"}
    await client.post(SUBMIT, json={"user_id": 7, "score": 10}, headers=headers)
    for other in {"score": 11}, {"game_mode": "team"}:
        with subtests.test(other=other):
            response = await client.post(SUBMIT, json={"user_id": 7, "score": 10, **other}, headers=headers)
            await assert_error(response, 422, "submission_key_reused")
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == 1


async def test_invalid_submission_key(client, assert_error, subtests):
    for key in "", "two words", "k" * 256, "tab\tin", "clé":
        with subtests.test(key=key):
            response = await client.post(SUBMIT, json={"user_id": 7, "score": 1}, headers={"Idempotency-Key": key})
            await assert_error(response, 400, "invalid_submission_key")


async def test_two_idempotency_keys(client, assert_error):
    headers = [("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    response = await client.post(SUBMIT, json={"user_id": 7, "score": 1}, headers=headers)
    await assert_error(response, 400, "invalid_parameter")


async def test_invalid_user_id(client, assert_error, subtests):
    for user_id in 0, -1, 2147483648, 2**63, 10**30:
        with subtests.test(user_id=user_id):
            response = await client.post(SUBMIT, json={"user_id": user_id, "score": 1})
            await assert_error(response, 400, "invalid_user_id")


async def test_score_out_of_bounds(client, assert_error, db, subtests):
    for score in -1, 2147483648, 2**53, 2**63, -(2**63) - 1, 10**30, 10**4000:
        with subtests.test(score=score if abs(score) < 10**31 else "10**4000"):
            response = await client.post(
                SUBMIT,
                data=b'{"user_id": 7, "score": %s}' % (b"1" + b"0" * 4000 if score > 10**31 else str(score).encode()),
                headers={"Content-Type": "application/json"},
            )
            await assert_error(response, 422, "score_out_of_bounds")
    await db.execute("SELECT api.create_board('small', NULL, 'sum', 5, 9)")
    for score in 4, 10:
        response = await client.post(f"{SUBMIT}?board=small", json={"user_id": 7, "score": score})
        await assert_error(response, 422, "score_out_of_bounds")


async def test_invalid_game_mode(client, assert_error, subtests):
    for game_mode in "m" * 51, "a\0b", "a\nb", "a\x7f":
        with subtests.test(game_mode=game_mode):
            response = await client.post(SUBMIT, json={"user_id": 7, "score": 1, "game_mode": game_mode})
            await assert_error(response, 400, "invalid_game_mode")


async def test_invalid_username(client, assert_error, subtests):
    for username in "n" * 256, "a\0b", "a\nb", " ada", "ada ", "a\x85b":
        with subtests.test(username=username):
            response = await client.post(SUBMIT, json={"user_id": 7, "score": 1, "username": username})
            await assert_error(response, 400, "invalid_username")


async def test_game_mode_not_on_board(client, assert_error, db):
    await db.execute("SELECT api.create_board('team', 'team')")
    response = await client.post(f"{SUBMIT}?board=team", json={"user_id": 7, "score": 1})
    await assert_error(response, 422, "game_mode_not_on_board")
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == 0


async def test_total_out_of_range(client, assert_error, db):
    await db.execute("SELECT api.create_board('huge', 'huge', 'sum', 0, 9007199254740991)")
    body = {"user_id": 7, "score": 9007199254740991, "game_mode": "huge"}
    assert (await client.post(f"{SUBMIT}?board=huge", json=body)).status == 200
    await assert_error(await client.post(f"{SUBMIT}?board=huge", json=body), 422, "total_out_of_range")


async def test_unknown_board(client, assert_error):
    response = await client.post(f"{SUBMIT}?board=nope", json={"user_id": 7, "score": 1})
    await assert_error(response, 404, "unknown_board")


async def test_messages_name_calls_and_not_functions(client, assert_error, db, subtests):
    """Where the database sends its callers to a function, over HTTP it is a call."""
    for path in (
        *("top?board=nope", "rank/7?board=nope", "around/7?board=nope", "ranks?user_ids=7&board=nope"),
        "distribution?board=nope",
    ):
        with subtests.test(path=path):
            message = await assert_error(await client.get(f"/api/leaderboard/{path}"), 404, "unknown_board")
            assert message == "there is no board 'nope'; GET /api/leaderboard/boards lists them"
    response = await client.get("/api/leaderboard/top", params={"board": "api.list_boards(); x"})
    message = await assert_error(response, 404, "unknown_board")
    assert message == "there is no board 'api.list_boards(); x'; GET /api/leaderboard/boards lists them"
    with pytest.raises(asyncpg.PostgresError, match=r"api\.list_boards\(\)") as caught:
        await db.fetch("SELECT * FROM api.top_players(p_board => 'nope')")
    assert caught.value.sqlstate == "LB010"


#: Functions that no call of a client reaches, or whose text is a hint: their texts are for psql.
OWNERS = {
    "board/fill_hint.sql",
    "api/close_seasons.sql",
    "api/copy_ranks.sql",
    "internal/repair_hint.sql",
    "ledger/tg_leaderboard__skip_known_total.sql",
}


#: Comments and hints. A client gets the message alone.
_NOT_SENT = re.compile(r"--.*|COMMENT ON [^;]*;|\bHINT\s*=\s*(?:'(?:[^']|'')*'|[^';])*;")


def test_every_function_that_a_message_names_has_its_call():
    folder = Path(__file__).parents[2] / "db" / "functions"
    named = {
        (str(path.relative_to(folder)), function)
        for path in folder.rglob("*.sql")
        for literal in re.findall(r"'(?:[^']|'')*'", _NOT_SENT.sub("", path.read_text()))
        for function in re.findall(r"\bapi\.\w+\(.*?\)", literal)
    }
    assert {function for path, function in named if path not in OWNERS} == set(sqlstates.HTTP_CALLS)
    calls = {f"{route.method} {route.path}" for route in ROUTES}
    assert set(sqlstates.HTTP_CALLS.values()) <= calls


async def test_malformed_json(client, assert_error, subtests):
    for body in (
        b"",
        b" ",
        b"{",
        b"{'user_id': 7}",
        b'{"user_id": 7, "score": NaN}',
        b'{"user_id": 7, "score": Infinity}',
        b'{"user_id": 7, "score": 1} and more',
        b'{"user_id": 7, "score": 1,}',
        b'{"user_id": 7, "score": 01}',
        b'{"user_id": 7, "score": 1, "username": "\xff\xfe"}',
        b"\xef\xbb\xbf",
        b'\xef\xbb\xbf\xef\xbb\xbf{"user_id": 7, "score": 1}',
        '{"user_id": 7, "score": 1}'.encode("utf-16"),
        b"\x00",
    ):
        with subtests.test(body=body):
            response = await client.post(SUBMIT, data=body, headers={"Content-Type": "application/json"})
            await assert_error(response, 400, "malformed_json")


async def test_deep_nesting(client, assert_error, subtests):
    for path, code in (SUBMIT, "invalid_body"), (f"{SUBMIT}/batch", "malformed_json"):
        with subtests.test(path=path):
            response = await client.post(path, data=b"[" * 100_000, headers={"Content-Type": "application/json"})
            await assert_error(response, 400, code)


async def test_unsupported_media_type(client, assert_error, subtests):
    for sent in None, "text/plain", "application/x-www-form-urlencoded", "application/xml", "nonsense":
        with subtests.test(content_type=sent):
            response = await client.post(
                SUBMIT,
                data=b'{"user_id": 7, "score": 1}',
                headers={} if sent is None else {"Content-Type": sent},
                skip_auto_headers=["Content-Type"],
            )
            message = await assert_error(response, 415, "unsupported_media_type")
            assert "Content-Type: application/json" in message


async def test_payload_too_large(aiohttp_client, settings, assert_error):
    client = await aiohttp_client(create_app(dataclasses.replace(settings, max_body_bytes=2048)))
    body = b'{"user_id": 7, "score": 1' + b" " * 2048 + b"}"
    response = await client.post(SUBMIT, data=body, headers={"Content-Type": "application/json"})
    assert "2048" in await assert_error(response, 413, "payload_too_large")
    assert (await client.post(SUBMIT, json={"user_id": 7, "score": 1})).status == 200


async def test_not_found(client, assert_error, subtests):
    for path in (
        "/nope",
        "/api/leaderboard",
        "/api/leaderboard/rank",
        "/api/leaderboard/rank/1/2",
        "/healthz/",
    ):
        with subtests.test(path=path):
            await assert_error(await client.get(path), 404, "not_found")


async def test_method_not_allowed(client, assert_error):
    response = await client.delete(SUBMIT)
    await assert_error(response, 405, "method_not_allowed")
    assert response.headers["Allow"] == "POST"
    response = await client.post("/api/leaderboard/top")
    await assert_error(response, 405, "method_not_allowed")
    assert response.headers["Allow"] == "GET, HEAD"


async def test_bad_request_for_a_body_that_cannot_be_read(client, assert_error):
    response = await client.post(
        SUBMIT, data=b"not gzip", headers={"Content-Type": "application/json", "Content-Encoding": "gzip"}
    )
    message = await assert_error(response, 400, "bad_request")
    assert message == "the body cannot be read: Can not decode content-encoding: gzip"


async def test_transaction_conflict_is_tried_once_more(client, assert_error, db):
    await db.execute("CREATE SEQUENCE public.calls")
    for times, status in (1, 200), (2, 503):
        await db.execute("ALTER SEQUENCE public.calls RESTART")
        await raise_in_boards(
            db,
            f"IF nextval('public.calls') <= {times} THEN RAISE deadlock_detected; END IF; RETURN;",
        )
        response = await client.get(BOARDS)
        assert response.status == status
        assert await db.fetchval("SELECT last_value FROM public.calls") == 2
    await assert_error(response, 503, "transaction_conflict")


async def test_database_timeout(aiohttp_client, settings, assert_error, db):
    client = await aiohttp_client(create_app(dataclasses.replace(settings, statement_timeout_ms=300)))
    headers = {"Idempotency-Key": "match-1"}
    request, transaction = await blocked_submit(client, db, 7, headers=headers)
    await assert_error(await request, 503, "database_timeout")
    await transaction.rollback()
    assert await db.fetchval("SELECT total_score FROM leaderboard WHERE user_id = 7") == 1
    response = await client.post(SUBMIT, json={"user_id": 7, "score": 10}, headers=headers)
    assert (await response.json())["total_score"] == 11


async def test_outcome_unknown(client, assert_error, db):
    headers = {"Idempotency-Key": "match-1"}
    request, transaction = await blocked_submit(client, db, 7, headers=headers)
    ((pid,),) = await service_backends(db)
    await db.execute("SELECT pg_terminate_backend($1)", pid)
    message = await assert_error(await request, 503, "outcome_unknown")
    assert "Idempotency-Key" in message
    await transaction.rollback()
    response = await client.post(SUBMIT, json={"user_id": 7, "score": 10}, headers=headers)
    assert (await response.json())["total_score"] == 11


async def test_database_unavailable_when_no_connection_is_free(aiohttp_client, settings, assert_error, db):
    client = await aiohttp_client(
        create_app(dataclasses.replace(settings, pool_size=1, pool_timeout_ms=200, watch_interval_ms=60_000))
    )
    request, transaction = await blocked_submit(client, db, 7)
    await assert_error(await client.get(BOARDS), 503, "database_unavailable")
    await transaction.rollback()
    assert (await request).status == 200
    assert (await client.get(BOARDS)).status == 200


async def test_database_unavailable_while_it_is_away_and_no_longer(client, assert_error, db, postgres):
    name = await db.fetchval("SELECT current_database()")
    await client.post(SUBMIT, json={"user_id": 7, "score": 1})
    execute_on(postgres, f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    await db.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    for response in (
        await client.post(SUBMIT, json={"user_id": 7, "score": 1}),
        await client.get(BOARDS),
        await client.get("/api/leaderboard/rank/8"),
    ):
        await assert_error(response, 503, "database_unavailable")
    execute_on(postgres, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    response = await client.post(SUBMIT, json={"user_id": 7, "score": 1})
    assert (await response.json())["total_score"] == 2


async def test_player_vanished_is_tried_once_more(client, db, assert_error):
    request, transaction = await blocked_submit(client, db, 7)
    await db.execute("DELETE FROM users WHERE id = 7")
    await transaction.commit()
    response = await request
    assert response.status == 200
    assert (await response.json())["total_score"] == 10


async def test_another_default_isolation_does_not_matter(aiohttp_client, settings, db):
    name = await db.fetchval("SELECT current_database()")
    await db.execute(f"ALTER DATABASE {name} SET default_transaction_isolation = 'serializable'")
    client = await aiohttp_client(create_app(settings))
    response = await client.post(SUBMIT, json={"user_id": 7, "score": 1})
    assert response.status == 200

    async def folded():
        return await db.fetchval("SELECT pending = 0 FROM api.rank_index_status()")

    await until(folded)


async def test_a_start_without_a_database_fails_clearly(settings, monkeypatch, subtests):
    monkeypatch.setattr(pool, "START_WAIT_SECONDS", 0.3)
    for url, word in (
        ("postgresql://nobody:hunter2@127.0.0.1:1/nothing", "127.0.0.1"),
        (settings.service_database_url.replace("leaderboard_service@", "nobody@"), "nobody"),
    ):
        with subtests.test(url=url):
            app = create_app(dataclasses.replace(settings, service_database_url=url))
            with pytest.raises(pool.DatabaseUnusableError) as caught:
                await web.AppRunner(app).setup()
            assert word in str(caught.value)
            assert "hunter2" not in str(caught.value)


async def test_the_service_may_only_call_functions(settings):
    connection = await asyncpg.connect(settings.service_url)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch("SELECT * FROM public.users")
    finally:
        await connection.close()
