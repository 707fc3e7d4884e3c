"""The background tasks: changes made outside this process, and rank changes that wait to be folded."""

import asyncio
import logging

from service import background
from service.settings import Settings
from tests.cache.conftest import submit_with_psql
from tests.support.api import get, submit
from tests.support.waiting import until


async def until_total_is(client, user_id, total):
    async def shown():
        return (await get(client, f"/rank/{user_id}"))["total_score"] == total

    await until(shown, seconds=5)


async def pending(db):
    return await db.fetchval("SELECT pending FROM api.rank_index_status()")


async def until_folded(db):
    async def folded():
        return not await pending(db)

    await until(folded, seconds=5)


def test_changes_are_polled_more_than_once_a_second():
    assert Settings().watch_interval_ms <= 500


async def test_a_submission_by_psql_shows(client, db):
    await submit(client, 7, 10)
    assert (await get(client, "/rank/7"))["total_score"] == 10
    for total in 15, 20:
        await submit_with_psql(db, 7, 5)
        await until_total_is(client, 7, total)


async def test_other_changes_by_the_owner_show(client, db):
    await submit(client, 7, 10)
    await submit(client, 8, 20)
    assert len(await get(client, "/top")) == 2
    await db.execute("UPDATE leaderboard SET total_score = 99 WHERE user_id = 7")
    await until_total_is(client, 7, 99)
    await db.execute("DELETE FROM users WHERE id = 8")

    async def one_is_left():
        return len(await get(client, "/top")) == 1

    await until(one_is_left, seconds=5)


async def test_own_submissions_are_folded(new_client, db):
    client = await new_client()
    await submit(client, 7, 1)
    await until_folded(db)


async def test_those_of_psql_are_folded(client, db):
    await submit_with_psql(db, 7, 1)
    await until_folded(db)


async def test_nothing_is_folded_while_nothing_is_written(new_client, db):
    client = await new_client(fold_interval_ms=10)
    await submit(client, 7, 1)
    await until_folded(db)
    await asyncio.sleep(0.1)
    await db.execute(
        "CREATE SEQUENCE public.folds;"
        "CREATE OR REPLACE FUNCTION api.fold_ranks() RETURNS bigint LANGUAGE sql VOLATILE SECURITY DEFINER"
        " SET search_path = pg_catalog, pg_temp AS $$ SELECT nextval('public.folds') $$"
    )
    await asyncio.sleep(0.3)
    assert await db.fetchval("SELECT is_called FROM public.folds") is False


async def test_all_tasks_survive_an_outage_and_log_it_once(client, db, caplog):
    await submit(client, 7, 10)
    await db.execute("ALTER ROLE leaderboard_service CONNECTION LIMIT 0")
    try:
        await db.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await submit_with_psql(db, 7, 5)
        await asyncio.sleep(1.5)
    finally:
        await db.execute("ALTER ROLE leaderboard_service CONNECTION LIMIT -1")
    await until_total_is(client, 7, 15)
    await until_folded(db)
    warnings = [r for r in caplog.records if r.name == "service.background" and r.levelno == logging.WARNING]
    assert len({record.getMessage() for record in warnings}) == len(warnings)


async def test_a_session_whose_transaction_stays_open_is_logged_once(new_client, db, connect, caplog, monkeypatch):
    monkeypatch.setattr(background, "OLD_SECONDS", 0.0)
    monkeypatch.setattr(background, "OLD_TRANSACTIONS", 3)
    client = await new_client(watch_interval_ms=50)
    other = await connect()
    caplog.set_level(logging.INFO)

    def lines(text):
        return [record for record in caplog.records if text in record.getMessage()]

    async with other.transaction():
        await other.execute("SELECT pg_current_xact_id()")
        for score in range(6):
            await submit(client, 7, score)
        await until(lambda: lines("stays open"))
        await asyncio.sleep(0.3)
        (line,) = lines("stays open")
        assert line.pid == other.get_server_pid()
        assert line.database == await db.fetchval("SELECT current_database()")
        assert line.state == "idle in transaction"
    await until(lambda: lines("has ended"))
