"""The service behind PgBouncer: docs/poolers.md."""

import asyncio
import configparser
import contextlib
import dataclasses
import itertools
import re
from urllib.parse import urlsplit

import asyncpg
import pytest

from service.app import create_app
from service.database import migrate
from service.database.connect import connect
from service.database.functions import Database
from service.database.pool import DatabaseUnusableError
from service.database.pooler import is_in_transaction_mode
from service.model import Submission
from tests.support import ROOT
from tests.support.databases import execute_on
from tests.support.pgbouncer import USUAL_IGNORED, PgBouncer
from tests.support.pgbouncer import program as pgbouncer_program
from tests.support.stock_postgres import StockPostgres, system_binaries
from tests.support.waiting import until

SUBMIT = "/api/leaderboard/submit"
#: What was set in a session, except what PgBouncer sets itself for each client.
SETTINGS = """
    SELECT name FROM pg_settings
    WHERE source = 'session' AND lower(name) NOT LIKE 'transaction_%' AND lower(name) NOT IN (
        'application_name', 'client_encoding', 'datestyle', 'intervalstyle', 'standard_conforming_strings', 'timezone'
    )
    ORDER BY name"""
CLIENTS = 16


def documented():
    """The settings of the complete pgbouncer.ini files in the documentation, in their order, but the addresses."""
    for text in re.findall(r"```ini\n(.*?)```", (ROOT / "docs" / "poolers.md").read_text(), re.DOTALL):
        ini = configparser.ConfigParser(interpolation=None)
        ini.read_string(text)
        yield {name: value for name, value in ini["pgbouncer"].items() if not name.startswith(("listen_", "auth_"))}


SESSION_MODE, TRANSACTION_MODE = documented()
#: The supported ones.
MODES = [("system", SESSION_MODE), ("prepared", SESSION_MODE), ("prepared", TRANSACTION_MODE)]
#: Each mode and each version once, where the mode is what matters.
EACH_MODE = [MODES[0], MODES[2]]


@pytest.fixture(scope="module")
def postgres():
    """A server that may be restarted, and whose socket PgBouncer's user can open."""
    server = StockPostgres(system_binaries())
    server.start()
    yield server
    server.stop()


@pytest.fixture
def pgbouncer(postgres):
    """`pgbouncer(version, setting=value, ...)` starts a PgBouncer in front of the test's server."""
    started = []

    def start(version, **settings):
        started.append(PgBouncer(pgbouncer_program(version), postgres, **settings))
        started[-1].start()
        return started[-1]

    yield start
    for one in started:
        one.stop()


def behind(settings, pooler, *, one_login=False):
    """The settings of a service that reaches its database through the pooler."""
    name = urlsplit(settings.database_url).path[1:]
    if one_login:
        return dataclasses.replace(settings, database_url=pooler.url(database=name), service_database_url=None)
    return dataclasses.replace(settings, service_database_url=pooler.url("leaderboard_service", name))


@contextlib.asynccontextmanager
async def opened(settings):
    database = await Database.connect(settings)
    try:
        yield database
    finally:
        await database.close()


async def prepare_role(settings, pooler):
    """Runs the statements that the refusal names, as a reader of the log would."""
    with pytest.raises(DatabaseUnusableError, match="in transaction mode, where SET does not last") as refused:
        await Database.connect(settings)
    (statements,) = re.findall(r"run (ALTER ROLE .*); as leaderboard_service itself", str(refused.value))
    connection = await asyncpg.connect(settings.service_database_url)
    await connection.execute(statements)
    await connection.close()
    pooler.command("RECONNECT")


@pytest.mark.parametrize("ignored", ["", USUAL_IGNORED], ids=["as it comes", "usual"])
@pytest.mark.parametrize("one_login", [False, True], ids=["two logins", "one login"])
@pytest.mark.parametrize("version", ["system", "prepared"])
async def test_session_mode(settings, pgbouncer, version, one_login, ignored):
    """Whether PgBouncer refuses the settings of the login or ignores them, each connection gets them."""
    pooler = pgbouncer(version, **SESSION_MODE, ignore_startup_parameters=ignored)
    async with opened(behind(settings, pooler, one_login=one_login)) as database:
        async with database.pool.connection() as one, database.pool.connection() as other:
            for connection in one, other:
                assert await connection.fetchval("SELECT current_user") == "leaderboard_service"
                assert await connection.fetchval("SHOW statement_timeout") == "5s"
                assert await connection.fetchval("SHOW jit") == "off"
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.fetch("SELECT * FROM public.users")
        (outcome,) = await database.submit_scores([Submission(1, 5, "solo", None, None)], "overall", False)
        assert outcome.status == "accepted"


@pytest.mark.parametrize("ignored", ["", USUAL_IGNORED], ids=["as it comes", "usual"])
@pytest.mark.parametrize("round_robin", ["0", "1"])
async def test_transaction_mode(settings, pgbouncer, ignored, round_robin):
    pooler = pgbouncer(
        "prepared", **TRANSACTION_MODE, ignore_startup_parameters=ignored, server_round_robin=round_robin
    )
    changed = behind(settings, pooler)
    await prepare_role(changed, pooler)
    async with opened(changed) as database:
        outcomes = await asyncio.gather(
            *(
                database.submit_scores([Submission(player, 5, "solo", None, None)], "overall", True)
                for player in range(1, 20)
            )
        )
        assert {outcome.status for (outcome,) in outcomes} == {"accepted"}
        assert (await database.health()).missing == []
    # Nothing was set that other clients of the same server connection would get.
    for _ in range(10):
        connection = await asyncpg.connect(changed.service_database_url)
        # asyncpg turns jit off before it looks at the type of an array. The role has it off, too.
        assert {row["name"] for row in await connection.fetch(SETTINGS)} <= {"jit"}
        await connection.close()


async def test_transaction_mode_needs_the_login_of_the_service(settings, pgbouncer):
    pooler = pgbouncer("prepared", **TRANSACTION_MODE, ignore_startup_parameters=USUAL_IGNORED)
    with pytest.raises(DatabaseUnusableError, match="SET ROLE does not last: set SERVICE_DATABASE_URL"):
        await Database.connect(behind(settings, pooler, one_login=True))


@pytest.mark.parametrize(
    ("version", "mode", "reason"),
    [
        ("system", {"pool_mode": "transaction"}, "transaction mode without prepared statements.*pool_mode = session"),
        ("system", {"pool_mode": "transaction", "server_round_robin": "1"}, "without prepared statements"),
        ("prepared", TRANSACTION_MODE | {"max_prepared_statements": "0"}, "max_prepared_statements = 200"),
        ("system", {"pool_mode": "statement"}, "statement mode.*pool_mode = session or transaction"),
        ("prepared", {"pool_mode": "statement"}, "statement mode"),
    ],
)
async def test_other_modes_are_refused_at_once(settings, pgbouncer, version, mode, reason):
    if version == "system" and pgbouncer_program("system") == pgbouncer_program("prepared"):
        mode = {**mode, "max_prepared_statements": "0"}
    pooler = pgbouncer(version, **mode)
    for one_login in False, True, False:
        with pytest.raises(DatabaseUnusableError, match=reason):
            await Database.connect(behind(settings, pooler, one_login=one_login))


async def test_a_pooler_that_logs_in_as_another_role_is_refused(settings, pgbouncer):
    pooler = pgbouncer("system", **SESSION_MODE)
    pooler.server += " user=leaderboard_owner"
    pooler.reload()
    with pytest.raises(DatabaseUnusableError, match="the pooler logs in as leaderboard_owner"):
        await Database.connect(behind(settings, pooler))


@pytest.mark.parametrize("mode", ["session", "transaction"])
async def test_a_pooler_without_room_is_refused(settings, pgbouncer, mode, monkeypatch):
    monkeypatch.setattr("service.database.pool.START_WAIT_SECONDS", 0)
    pooler = pgbouncer("prepared", pool_mode=mode, default_pool_size="1")
    with pytest.raises(DatabaseUnusableError, match=r"no second server connection .*default_pool_size"):
        await Database.connect(behind(settings, pooler))


@pytest.mark.parametrize(("version", "mode"), EACH_MODE)
@pytest.mark.parametrize("round_robin", ["0", "1"])
async def test_the_mode_is_found_beside_busy_clients(database_url, pgbouncer, version, mode, round_robin):
    """Other clients of the pooler take and free the very server connections that the test looks at."""
    pooler = pgbouncer(version, **mode, server_round_robin=round_robin, max_client_conn="100")
    url = pooler.url(database=urlsplit(database_url).path[1:])

    async def keep_busy():
        connection = await asyncpg.connect(url)
        try:
            while True:
                await connection.execute("SELECT 1")
        finally:
            connection.terminate()

    busy = [asyncio.create_task(keep_busy()) for _ in range(CLIENTS)]
    try:
        for _ in range(10):
            connection = await connect(url)
            assert await is_in_transaction_mode(connection) == (mode is TRANSACTION_MODE)
            connection.terminate()
    finally:
        for task in busy:
            task.cancel()
        await asyncio.gather(*busy, return_exceptions=True)


async def test_a_change_to_transaction_mode_is_noticed(settings, pgbouncer, aiohttp_client, caplog):
    """The pooler then mixes the sessions of connections that it keeps, some of which have SET ROLE and others not."""
    pooler = pgbouncer("prepared", **SESSION_MODE)
    client = await aiohttp_client(create_app(behind(settings, pooler, one_login=True)))
    await asyncio.gather(*(client.get(f"/api/leaderboard/rank/{player}") for player in range(1, 30)))
    pooler.reload(**TRANSACTION_MODE)

    async def refused():
        await asyncio.gather(*(client.post(SUBMIT, json={"user_id": n, "score": 1}) for n in range(1, 30)))
        response = await client.get("/readyz")
        return response.status == 503 and "session settings are wrong" in caplog.text

    await until(refused, 30)
    pooler.reload(**SESSION_MODE)
    pooler.command("RECONNECT")

    async def ready():
        return (await client.get("/readyz")).status == 200

    await until(ready, 30)


@pytest.mark.parametrize(("version", "mode"), MODES)
async def test_every_call_of_many_clients_succeeds(postgres, pgbouncer, settings, aiohttp_client, version, mode):
    """At once, after a reload of PgBouncer, and once PgBouncer or PostgreSQL is back after a restart."""
    pooler = pgbouncer(version, **mode)
    behind_it = behind(dataclasses.replace(settings, pool_size=8), pooler, one_login=mode is SESSION_MODE)
    if mode is TRANSACTION_MODE:
        await prepare_role(behind_it, pooler)
    client = await aiohttp_client(create_app(behind_it))
    expected = dict.fromkeys(range(1, CLIENTS + 1), 0)
    numbers = itertools.count(1)

    async def play(player):
        for _ in range(3):
            score = next(numbers)
            async with client.post(SUBMIT, json={"user_id": player, "score": score}) as response:
                assert response.status == 200, await response.text()
            expected[player] += score
            for path in f"rank/{player}", "top", f"around/{player}", "boards":
                async with client.get(f"/api/leaderboard/{path}") as response:
                    assert response.status == 200, await response.text()

    async def is_ready():
        return (await client.get("/readyz")).status == 200

    def restart_server():
        postgres.shut_down()
        postgres.start()

    # Not in other threads, whose end would end the servers that they start.
    for disturb in None, pooler.reload, lambda: pooler.command("RECONNECT"), pooler.restart, restart_server:
        if disturb is not None:
            disturb()
            await until(is_ready, 60)
        await asyncio.gather(*(play(player) for player in expected))
    async with client.get("/api/leaderboard/top", params={"limit": "100"}) as response:
        totals = {row["user_id"]: row["total_score"] for row in await response.json()}
    assert totals == expected

    db = await asyncpg.connect(settings.database_url)
    try:
        assert dict(await db.fetch("SELECT user_id, sum(score)::bigint FROM game_sessions GROUP BY 1")) == expected
        assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []
    finally:
        await db.close()


@pytest.mark.parametrize("pooled", [False, True], ids=["direct", "pooled"])
async def test_a_standby_is_not_ready(postgres, pgbouncer, settings, aiohttp_client, assert_error, pooled):
    """As when a failover leaves the address on the wrong server. PgBouncer keeps the connections of its clients."""
    if pooled:
        pooler = pgbouncer("prepared", **TRANSACTION_MODE)
        settings = behind(settings, pooler)
        await prepare_role(settings, pooler)
    client = await aiohttp_client(create_app(settings))
    assert (await client.get("/readyz")).status == 200
    signal = postgres.data / "standby.signal"
    postgres.shut_down()
    signal.touch()
    try:
        postgres.start()

        async def is_refused():
            return (await (await client.get("/readyz")).json())["database"]["status"] == "not_writable"

        await until(is_refused, 60)
        state = (await (await client.get("/readyz")).json())["database"]
        assert "standby" in state["detail"]
        response = await client.post(SUBMIT, json={"user_id": 1, "score": 1})
        message = await assert_error(response, 503, "database_unavailable")
        assert "read-only at the moment; nothing was changed, please retry" in message
        assert response.headers["Retry-After"]
    finally:
        execute_on(postgres, "SELECT pg_promote()")

    async def is_ready():
        return (await client.get("/readyz")).status == 200

    await until(is_ready, 60)
    assert (await client.post(SUBMIT, json={"user_id": 1, "score": 1})).status == 200


@pytest.mark.parametrize(
    ("version", "mode"), [*EACH_MODE, ("system", {"pool_mode": "transaction"})], ids=lambda part: str(part)
)
async def test_a_deploy_works_and_leaves_nothing(postgres, pgbouncer, version, mode):
    """A deploy is one transaction, and what it sets ends with it."""
    pooler = pgbouncer(version, **mode | {"default_pool_size": "1"})
    name = f"deployed_{MODES.index((version, mode)) if (version, mode) in MODES else 'plain'}"
    execute_on(postgres, f"CREATE DATABASE {name}")
    try:
        for _ in range(2):
            migrate.apply(pooler.url(database=name))
        connection = await asyncpg.connect(pooler.url(database=name), statement_cache_size=0)
        assert [row["name"] for row in await connection.fetch(SETTINGS)] == []
        assert await connection.fetch("SELECT name FROM pg_prepared_statements WHERE name !~ '^PGBOUNCER'") == []
        await connection.close()
    finally:
        execute_on(postgres, f"DROP DATABASE {name} WITH (FORCE)")
