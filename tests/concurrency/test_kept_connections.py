"""Connections that go from one statement to the next: what is prepared on them, and what takes them out of use."""

import asyncio
import contextlib
import dataclasses
from collections.abc import AsyncIterator

import asyncpg
import pytest

from service.database import kept_connections
from service.database.functions import PLAYER_RANK, Database
from service.database.pool import Pool
from service.errors import ApiError
from service.model import Submission
from service.observability import metrics
from service.settings import Settings
from tests.support.databases import PostgresServer
from tests.support.waiting import until


@pytest.fixture(scope="session")
def postgres(stock_postgres: PostgresServer) -> PostgresServer:
    return stock_postgres


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    async with opened(settings) as database:
        await submit(database)
        yield database


@contextlib.asynccontextmanager
async def opened(settings: Settings, **changes: int) -> AsyncIterator[Database]:
    database = await Database.connect(dataclasses.replace(settings, **changes))
    try:
        yield database
    finally:
        await database.close()


async def submit(database: Database, user_id: int = 1) -> str:
    (outcome,) = await database.submit_scores([Submission(user_id, 5, "solo", None, None)], "overall", False)
    return outcome.status


async def pid_of(database: Database) -> int:
    async with database.pool.connection() as connection:
        return connection.get_server_pid()


async def sessions(db: asyncpg.Connection) -> list[int]:
    rows = await db.fetch(
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'leaderboard' AND datname = current_database()"
    )
    return [pid for (pid,) in rows]


async def code_of(call: "asyncio.Future[object]") -> str:
    with pytest.raises(ApiError) as failed:
        await call
    return failed.value.failure.code


def gauges(database: Database) -> dict[str, float | None]:
    database.pool.update_gauges()
    return {state: metrics.POOL[state,].value for state in ("used", "open", "most")}


# --- prepared statements


async def test_calls_one_after_the_other_share_a_connection_and_a_prepared_statement(database: Database) -> None:
    pid = await pid_of(database)
    for _ in range(5):
        # Also if the server refuses the very first one.
        assert await code_of(asyncio.ensure_future(database.player_rank(2, "overall"))) == "unknown_player"
        await database.player_rank(1, "overall")
    async with database.pool.connection() as connection:
        found = await connection.fetch("SELECT statement FROM pg_prepared_statements")
        assert [text for (text,) in found].count(PLAYER_RANK) == 1
        assert connection.get_server_pid() == pid


@pytest.mark.parametrize("statement", ["DEALLOCATE ALL", "DISCARD ALL"])
async def test_a_session_that_forgot_its_statements_fails_no_call(database: Database, statement: str) -> None:
    pid = await pid_of(database)
    await database.player_rank(1, "overall")
    await database.health()
    async with database.pool.connection() as connection:
        await connection.execute(statement)
    assert (await database.health()).missing == []
    assert (await database.player_rank(1, "overall")).total_score == 5
    assert await submit(database) == "accepted"
    assert await pid_of(database) == pid


async def test_a_deploy_that_changes_a_result_fails_no_call(settings: Settings, db: asyncpg.Connection) -> None:
    async def deploy(result: str) -> None:
        async with db.transaction():
            await db.execute("DROP FUNCTION IF EXISTS api.changing()")
            await db.execute(f"CREATE FUNCTION api.changing() RETURNS TABLE (a {result}) LANGUAGE sql RETURN 7")
            await db.execute("GRANT EXECUTE ON FUNCTION api.changing() TO leaderboard_service")

    await deploy("integer")
    statement = "SELECT c.a FROM api.changing() AS c"
    pool = await Pool.connect(settings, [statement])
    try:
        for result, value in ("integer", 7), ("text", "7"), ("bigint", 7):
            await deploy(result)
            for writes in False, True:
                ((found,),) = await pool.call(statement, writes=writes)
                assert found == value
    finally:
        await pool.close()


# --- errors


async def test_a_refused_statement_leaves_the_connection_in_use(database: Database) -> None:
    pid = await pid_of(database)
    assert await code_of(asyncio.ensure_future(database.player_rank(1, "nowhere"))) == "unknown_board"
    assert await pid_of(database) == pid


async def test_a_statement_over_its_time_ends_and_its_connection_stays(settings: Settings) -> None:
    async with opened(settings, statement_timeout_ms=100) as database:
        pid = await pid_of(database)
        async with database.pool.connection() as blocker:
            await blocker.execute("SELECT pg_advisory_lock(42)")
            other = await pid_of(database)
            with pytest.raises(asyncpg.QueryCanceledError):
                async with database.pool.connection() as connection:
                    await connection.execute("SELECT pg_advisory_lock(42)")
            await blocker.execute("SELECT pg_advisory_unlock_all()")
        assert {await pid_of(database) for _ in range(3)} <= {pid, other}


async def several(database: Database, db: asyncpg.Connection, number: int) -> set[int]:
    """The process ids of so many connections that are free now."""
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(number):
            await stack.enter_async_context(database.pool.connection())
    found = set(await sessions(db))
    assert len(found) == number
    return found


async def test_connections_that_were_ended_while_free_fail_no_call(database: Database, db: asyncpg.Connection) -> None:
    before = await several(database, db, 4)
    for pid in before:
        assert await db.fetchval("SELECT pg_terminate_backend($1, 5000)", pid)
    await until(lambda: gauges(database)["open"] == 0)
    outcomes = await asyncio.gather(*(submit(database, user_id) for user_id in range(1, 9)))
    assert set(outcomes) == {"accepted"}
    assert before.isdisjoint(await sessions(db))


async def test_a_connection_that_is_ended_under_a_statement_is_dropped(
    database: Database, db: asyncpg.Connection
) -> None:
    pid = await pid_of(database)
    async with db.transaction():
        await db.execute("SELECT FROM leaderboard WHERE user_id = 1 FOR UPDATE")
        call = asyncio.ensure_future(submit(database))
        await until(lambda: is_blocked(db))
        await db.execute("SELECT pg_terminate_backend($1)", pid)
        assert await code_of(call) == "outcome_unknown"
    assert await submit(database) == "accepted"
    assert await pid_of(database) != pid


async def is_blocked(db: asyncpg.Connection) -> bool:
    """Whether a session waits for a lock of this one."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))"
    return bool(await db.fetchval(query) == 1)


async def test_a_statement_that_was_given_up_is_ended_before_the_next(
    settings: Settings, db: asyncpg.Connection
) -> None:
    async with opened(settings, pool_size=1) as database:
        await submit(database)
        async with db.transaction():
            await db.execute("SELECT FROM leaderboard WHERE user_id = 1 FOR UPDATE")
            call = asyncio.ensure_future(submit(database))
            await until(lambda: is_blocked(db))
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            assert not await is_blocked(db)
            assert await submit(database, 2) == "accepted"
        assert (await database.player_rank(1, "overall")).total_score == 5


# --- the calls that wait


async def test_calls_that_wait_have_their_turn_in_order(settings: Settings) -> None:
    async with opened(settings, pool_size=1) as database:
        turns: list[int] = []

        async def call(number: int) -> None:
            async with database.pool.connection() as connection:
                turns.append(number)
                await connection.fetchval("SELECT 1")

        async with database.pool.connection():
            waiting = [asyncio.create_task(call(number)) for number in range(4)]
            await asyncio.sleep(0)
            waiting[1].cancel()
        # It comes while the connection is free, but not for it.
        await asyncio.gather(call(4), *waiting, return_exceptions=True)
        assert turns == [0, 2, 3, 4]


async def test_a_call_waits_for_a_connection_as_long_as_it_may(settings: Settings) -> None:
    async with opened(settings, pool_size=1, pool_timeout_ms=100) as database:
        async with database.pool.connection():
            for _ in range(3):
                with pytest.raises(ApiError, match="no database connection became free in time") as failed:
                    await submit(database)
                assert failed.value.failure.code == "database_unavailable"
        assert await submit(database) == "accepted"


# --- expiry, idleness, the end


async def test_expired_connections_are_made_anew_also_those_in_use(database: Database, db: asyncpg.Connection) -> None:
    before = await several(database, db, 3)
    async with database.pool.connection() as connection:
        await database.pool._connections.expire()
        assert connection.get_server_pid() in before
        assert await connection.fetchval("SELECT 1") == 1
    assert await pid_of(database) not in before

    async def are_gone() -> bool:
        return before.isdisjoint(await sessions(db))

    await until(are_gone)


@pytest.mark.parametrize("ends", [False, True])
async def test_a_server_whose_statements_end_is_not_silent(
    database: Database, monkeypatch: pytest.MonkeyPatch, ends: bool
) -> None:
    """Even if it takes no new connections and the next statement has the connection already."""
    monkeypatch.setattr("service.database.pool._SILENT_SECONDS", 0.0)
    async with contextlib.AsyncExitStack() as stack, contextlib.AsyncExitStack() as short:
        await stack.enter_async_context(database.pool.connection())
        one = await short.enter_async_context(database.pool.connection())

        async def takes_no_connection(*_: object) -> bool:
            if ends:
                await short.aclose()
                assert await short.enter_async_context(database.pool.connection()) is one
            return False

        monkeypatch.setattr(database.pool._connector, "answers", takes_no_connection)
        dropped: list[object] = []
        monkeypatch.setattr(database.pool._connector, "drop", dropped.append)
        await database.pool._drop_silent_servers()
        assert dropped == ([] if ends else [one.target])


async def test_idle_connections_are_closed(
    database: Database, db: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    await database.pool._connections.close_idle()
    assert gauges(database)["open"] == 1
    monkeypatch.setattr(kept_connections, "IDLE_SECONDS", -1.0)
    async with database.pool.connection() as connection:
        await database.pool._connections.close_idle()
        assert await connection.fetchval("SELECT 1") == 1
    await database.pool._connections.close_idle()
    assert gauges(database)["open"] == 0
    assert await submit(database) == "accepted"


async def test_the_gauges_tell_used_from_open(database: Database) -> None:
    assert gauges(database) == {"used": 0, "open": 1, "most": 4}
    async with database.pool.connection(), database.pool.connection():
        assert gauges(database) == {"used": 2, "open": 2, "most": 4}
    assert gauges(database) == {"used": 0, "open": 2, "most": 4}


async def test_closing_waits_for_statements_and_leaves_no_session(settings: Settings, db: asyncpg.Connection) -> None:
    database = await Database.connect(settings)
    await submit(database)
    async with db.transaction():
        await db.execute("SELECT FROM leaderboard WHERE user_id = 1 FOR UPDATE")
        call = asyncio.ensure_future(submit(database))
        await until(lambda: is_blocked(db))
        closing = asyncio.ensure_future(database.close())
        await asyncio.sleep(0)
    assert await call == "accepted"
    await closing

    async def are_gone() -> bool:
        return await sessions(db) == []

    await until(are_gone)
    assert await code_of(asyncio.ensure_future(submit(database))) == "database_unavailable"
