"""GET /healthz and GET /readyz"""

import asyncio
import contextlib
import dataclasses
import functools

import pytest

from service.app import create_app
from service.database import migrate
from service.database.functions import Database
from service.errors import ApiError
from service.http import app_keys
from service.model import Submission
from tests.support.waiting import until

SUBMIT = "/api/leaderboard/submit"
READY = {
    "status": "ready",
    "database": {"status": "up", "detail": None},
    "schema": {"status": "current", "detail": None},
    "cache": {"status": "up", "detail": None},
    "rank_index": {"pending_deltas": 0, "horizon_age": 0},
}


async def test_healthz(client):
    response = await client.get("/healthz")
    assert (response.status, await response.json()) == (200, {"status": "ok"})


async def test_ready(client):
    response = await client.get("/readyz")
    body = await response.json()
    assert response.status == 200
    assert body["rank_index"].pop("horizon_age") >= 0  # other tests run on the same server
    assert body == {**READY, "rank_index": {"pending_deltas": 0}}


async def test_pending_deltas_are_counted(aiohttp_client, settings):
    slow = dataclasses.replace(settings, fold_interval_ms=60_000, watch_interval_ms=60_000)
    client = await aiohttp_client(create_app(slow))
    for _ in range(2):  # the first one is folded at once
        await client.post("/api/leaderboard/submit", json={"user_id": 1, "score": 1})
        await client.get("/readyz")

    async def pending():
        body = await (await client.get("/readyz")).json()
        return body["rank_index"]["pending_deltas"] >= 1

    await until(pending)


async def test_without_the_cache_it_is_degraded_and_ready(aiohttp_client, settings):
    client = await aiohttp_client(create_app(dataclasses.replace(settings, redis_url="redis://127.0.0.1:1/0")))
    response = await client.get("/readyz")
    body = await response.json()
    assert response.status == 200
    assert (body["status"], body["cache"]["status"]) == ("degraded", "down")
    assert "127.0.0.1" not in str(body)


async def test_without_the_database_it_is_not_ready_and_alive(client, db):
    await db.execute("ALTER ROLE leaderboard_service CONNECTION LIMIT 0")
    try:

        async def down():
            # Again and again: a connection that was let in just before does not show at once.
            await db.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            return (await client.get("/readyz")).status == 503

        await until(down)
        response = await client.get("/readyz")
        body = await response.json()
        assert response.status == 503
        assert (body["status"], body["database"]["status"]) == ("unavailable", "down")
        assert body["schema"]["status"] == "unknown"
        assert (await client.get("/healthz")).status == 200
    finally:
        await db.execute("ALTER ROLE leaderboard_service CONNECTION LIMIT -1")

    async def ready():
        return (await client.get("/readyz")).status == 200

    await until(ready)


async def test_a_read_only_database_is_not_ready(new_client, db, assert_error):
    """As a hosted service makes it when the disk is nearly full. The setting holds for new sessions, and a service that
    gets no other requests than those for /readyz notices that it is gone.
    """
    name = await db.fetchval("SELECT current_database()")
    await db.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    client = await new_client()
    response = await client.get("/readyz")
    body = await response.json()
    assert (response.status, body["status"], body["database"]["status"]) == (503, "unavailable", "not_writable")
    assert "read-only (default_transaction_read_only)" in body["database"]["detail"]
    message = await assert_error(
        await client.post(SUBMIT, json={"user_id": 1, "score": 1}), 503, "database_unavailable"
    )
    assert "read-only at the moment; nothing was changed, please retry" in message
    assert (await client.get("/api/leaderboard/top")).status == 200
    await db.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
    await until(functools.partial(is_ready, client))
    assert (await client.post(SUBMIT, json={"user_id": 1, "score": 1})).status == 200


async def test_a_setting_that_makes_the_database_read_only_reaches_all_connections(settings, db):
    """Once one of them is made anew. Calls alone, without /readyz, notice when it is gone."""
    opened = await Database.connect(settings)
    pool = opened.pool
    name = await db.fetchval("SELECT current_database()")

    async def submit():
        try:
            await opened.submit_scores([Submission(1, 5, "solo", None, None)], "overall", False)
        except ApiError as error:
            return error.failure.code
        return "accepted"

    async def read_only(connections):
        return [await one.fetchval("SHOW default_transaction_read_only") for one in connections]

    async def several(stack):
        return [await stack.enter_async_context(pool.connection()) for _ in range(3)]

    try:
        async with contextlib.AsyncExitStack() as stack:
            connections = await several(stack)
            await db.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
            assert await read_only(connections) == ["off"] * 3
            await connections[0].execute("SET default_transaction_read_only = on")  # as if it was new

        async def is_refused():
            return await submit() == "database_unavailable"

        await until(is_refused)
        async with contextlib.AsyncExitStack() as stack:
            assert await read_only(await several(stack)) == ["on"] * 3
        await db.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")

        async def is_accepted():
            return await submit() == "accepted"

        await until(is_accepted)
    finally:
        await opened.close()


async def test_many_who_ask_cost_the_database_few_looks(client, monkeypatch):
    """Everybody may ask, so nobody may keep the database busy with it."""
    database, looks = client.app[app_keys.DATABASE], 0
    health = database.health

    async def counted():
        nonlocal looks
        looks += 1
        return await health()

    monkeypatch.setattr(database, "health", counted)
    monkeypatch.setattr("service.readiness.REUSE_SECONDS", 10.0)
    answers = await asyncio.gather(*(client.get("/readyz") for _ in range(100)))
    assert {answer.status for answer in answers} == {200}
    assert looks == 1


async def test_with_another_schema_it_is_not_ready(client, db, assert_error):
    await db.execute("DROP FUNCTION api.players_around(bigint, integer, text)")
    response = await client.get("/readyz")
    body = await response.json()
    assert response.status == 503
    assert (body["status"], body["schema"]["status"]) == ("unavailable", "not_current")
    assert "function api.players_around(bigint, integer, text) does not exist" in body["schema"]["detail"]
    assert "run make migrate" in body["schema"]["detail"]
    await assert_error(await client.get("/api/leaderboard/around/1"), 503, "database_unavailable")


@pytest.mark.parametrize(
    ("revoke", "lacks", "code"),
    [
        ("EXECUTE ON FUNCTION api.top_players(integer, bigint, integer, text, bigint)", "api.top_players", 200),
        ("EXECUTE ON ALL FUNCTIONS IN SCHEMA api", "EXECUTE ON FUNCTION api.alter_board, api.attribute_keys, ", 503),
        ("USAGE ON SCHEMA api", "USAGE ON SCHEMA api", 503),
    ],
)
async def test_without_a_right_it_is_not_ready(new_client, db, database_url, assert_error, revoke, lacks, code):
    """As after pg_restore --no-acl: nothing is missing but the grants."""
    client = await new_client()
    await db.execute(f"REVOKE {revoke} FROM leaderboard_service")
    response = await client.get("/readyz")
    body = await response.json()
    assert response.status == 503
    assert (body["status"], body["database"]["status"]) == ("unavailable", "up")
    assert body["schema"]["status"] == "not_granted"
    assert lacks in body["schema"]["detail"] and "leaderboard_service" in body["schema"]["detail"]
    response = await client.post(SUBMIT, json={"user_id": 1, "score": 1})
    if code == 200:
        assert response.status == 200
        await assert_error(await client.get("/api/leaderboard/top"), 503, "database_unavailable")
    else:
        # Nothing was counted, so the game may send the score again, which succeeds after the deploy.
        message = await assert_error(response, 503, "database_unavailable")
        assert "not set up for this release" in message and "please retry" in message
        assert response.headers["Retry-After"]

    await asyncio.to_thread(migrate.apply, database_url)
    await until(functools.partial(is_ready, client))
    assert (await client.post(SUBMIT, json={"user_id": 1, "score": 1})).status == 200


async def is_ready(client):
    return (await client.get("/readyz")).status == 200


async def test_takes_no_parameters(client, assert_error):
    for path in "/healthz?verbose=1", "/readyz?verbose=1":
        await assert_error(await client.get(path), 400, "invalid_parameter")
