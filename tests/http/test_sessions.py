"""The settings of the service's database sessions, whatever its role sets for itself."""

import dataclasses

import asyncpg
import pytest

from service.app import create_app
from service.database.connect import connect
from service.database.functions import Database
from service.database.pool import DatabaseUnusableError
from service.database.session import Session
from service.model import Submission
from tests.support.waiting import until

SUBMIT = "/api/leaderboard/submit"

#: What the service's role can set for itself, and what its sessions must have all the same.
HELD = {
    "synchronous_commit": ("off", "on"),
    "default_transaction_read_only": ("on", "off"),
    "default_transaction_isolation": ("serializable", "read committed"),
    "default_transaction_deferrable": ("on", "off"),
    "search_path": ("public", "pg_catalog"),
    "statement_timeout": ("0", "5s"),
    "lock_timeout": ("1ms", "0"),
    "idle_session_timeout": ("1ms", "0"),
    "jit": ("on", "off"),
    "jit_above_cost": ("0", "100000"),
    "enable_indexscan": ("off", "on"),
    "plan_cache_mode": ("force_custom_plan", "auto"),
    "transform_null_equals": ("on", "off"),
    "row_security": ("off", "on"),
    "work_mem": ("64kB", "4MB"),
    "role": ("none", "none"),
    "leaderboard.busy_players": ("skip", ""),
    "session_replication_role": (None, "origin"),
}


@pytest.fixture
async def altered(db):
    """The service's role has altered itself for the test's database, which goes with it."""
    name = await db.fetchval("SELECT current_database()")
    for setting, (value, _) in HELD.items():
        if value is not None:
            await db.execute(f"ALTER ROLE leaderboard_service IN DATABASE {name} SET {setting} = '{value}'")


async def sessions_of(opened):
    async with opened.pool.connection() as connection:
        return {
            name: await connection.fetchval("SELECT coalesce(current_setting($1, true), '')", name) for name in HELD
        }


async def test_settings_of_the_role_are_ignored(settings, altered, caplog):
    opened = await Database.connect(settings)
    try:
        assert await sessions_of(opened) == {name: held for name, (_, held) in HELD.items()}
        (outcome,) = await opened.submit_scores([Submission(1, 5, "solo", None, None)], "overall", False)
        assert outcome.status == "accepted"
    finally:
        await opened.close()
    told = [record.message for record in caplog.records if "the database role of the service sets" in record.message]
    assert len(told) == 1
    assert "synchronous_commit" in told[0] and "enable_indexscan" in told[0]


async def test_a_pooler_that_drops_the_startup_settings_does_no_harm(settings, altered, db):
    """Then a new connection has its role's settings until it is checked."""
    name = await db.fetchval("SELECT current_database()")
    # It would end the session before that.
    await db.execute(f"ALTER ROLE leaderboard_service IN DATABASE {name} RESET idle_session_timeout")
    for one in settings, by_the_owner(settings):
        connection = await connect(one.service_url)
        try:
            await Session(one).apply(connection)
            found = {
                name: await connection.fetchval("SELECT coalesce(current_setting($1, true), '')", name) for name in HELD
            }
            role = "none" if one is settings else "leaderboard_service"
            # The owner's session brings the server's own settings, which are the operator's.
            own = {"synchronous_commit", "work_mem"} if one is not settings else set()
            expected = {name: held for name, (_, held) in HELD.items()} | {"role": role}
            assert {n: v for n, v in found.items() if n not in own} == {
                n: v for n, v in expected.items() if n not in own
            }
        finally:
            await connection.close()


async def test_every_new_connection_is_checked(settings, db, altered):
    opened = await Database.connect(settings)
    try:
        for _ in range(2):
            async with opened.pool.connection() as connection:
                pid = await connection.fetchval("SELECT pg_backend_pid()")
                assert await connection.fetchval("SHOW synchronous_commit") == "on"
            await db.execute("SELECT pg_terminate_backend($1, 5000)", pid)
            await until(connection.is_closed)
    finally:
        await opened.close()


async def test_settings_of_the_operator_stay(settings, db):
    name = await db.fetchval("SELECT current_database()")
    await db.execute(f"ALTER DATABASE {name} SET synchronous_commit = 'remote_apply'")
    await db.execute(f"ALTER DATABASE {name} SET work_mem = '7MB'")
    await db.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    for one in settings, by_the_owner(settings):
        opened = await Database.connect(one)
        try:
            found = await sessions_of(opened)
            assert (found["synchronous_commit"], found["work_mem"]) == ("remote_apply", "7MB")
            assert found["default_transaction_read_only"] == "on"
        finally:
            await opened.close()


def by_the_owner(settings):
    return dataclasses.replace(settings, service_database_url=None)


async def test_a_server_that_does_not_wait_for_its_disk_causes_a_warning(settings, db, caplog):
    name = await db.fetchval("SELECT current_database()")
    for value, warned in ("local", False), ("off", True):
        await db.execute(f"ALTER DATABASE {name} SET synchronous_commit = '{value}'")
        opened = await Database.connect(settings)
        await opened.close()
        assert ("a crash can lose acknowledged scores" in caplog.text) is warned


async def test_with_the_owners_url_the_service_takes_its_role(settings):
    opened = await Database.connect(by_the_owner(settings))
    try:
        async with opened.pool.connection() as connection:
            assert await connection.fetchval("SELECT current_user") == "leaderboard_service"
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetch("SELECT * FROM public.users")
    finally:
        await opened.close()


@pytest.mark.parametrize("service_login", [True, False])
async def test_a_session_that_cannot_be_corrected_is_refused(settings, db, caplog, service_login):
    """Only a superuser can switch triggers off, and on again."""
    name = await db.fetchval("SELECT current_database()")
    await db.execute(f"ALTER DATABASE {name} SET session_replication_role = 'replica'")
    with pytest.raises(DatabaseUnusableError, match="session_replication_role = origin"):
        await Database.connect(settings if service_login else by_the_owner(settings))
    assert "closed a database connection whose session settings are wrong" in caplog.text


async def test_a_running_service_answers_503_then(aiohttp_client, settings, db, assert_error):
    client = await aiohttp_client(create_app(settings))
    name = await db.fetchval("SELECT current_database()")
    await db.execute(f"ALTER DATABASE {name} SET session_replication_role = 'replica'")
    await db.fetch(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE usename = 'leaderboard_service' AND datname = $1",
        name,
    )
    response = await client.post(SUBMIT, json={"user_id": 7, "score": 1})
    await assert_error(response, 503, "database_unavailable")
    await db.execute(f"ALTER DATABASE {name} RESET session_replication_role")
    response = await client.post(SUBMIT, json={"user_id": 7, "score": 1})
    assert (await response.json())["total_score"] == 1
