"""The service adds and closes seasons by itself, says so, and drops old ones from its cache."""

import asyncio
import logging

import psycopg
import pytest

from service import background
from service.observability import metrics
from tests.support.api import get
from tests.support.seasons import add_board, add_season
from tests.support.waiting import until

CLOSED = "SELECT bool_and(closed_at IS NOT NULL AND cleared) FROM rankings WHERE ends_at < now()"


@pytest.fixture(autouse=True)
def often(monkeypatch):
    monkeypatch.setattr(background, "SEASONS_SECONDS", 0.05)


async def test_a_season_is_closed(db, client, caplog):
    caplog.set_level(logging.INFO, "service.background")
    closed, steps = metrics.SEASONS_CLOSED[()].value, metrics.SEASON_UPKEEP[()].count
    await add_board(db, "manual", manual_seasons="true")
    await add_season(db, "manual", 1, -200, -100, [5, 7, 5])
    await add_season(db, "manual", 2, -100, 100, [1])
    await until(lambda: db.fetchval(CLOSED))
    assert metrics.SEASONS_CLOSED[()].value == closed + 1
    assert metrics.SEASON_UPKEEP[()].count >= steps + 3
    (record,) = [record for record in caplog.records if record.message == "season closed"]
    assert (record.board, record.season, record.players) == ("manual", 1, 3)
    assert [row["total_score"] for row in await get(client, "/top?board=manual@1")] == [7, 5, 5]


async def test_a_season_that_is_dropped_leaves_the_cache(db, client):
    await add_board(db, "manual", manual_seasons="true")
    await add_season(db, "manual", 1, -300, -200, [5])
    await add_season(db, "manual", 2, -200, -100, [6])
    await add_season(db, "manual", 3, -100, 100, [7])
    await until(lambda: db.fetchval(CLOSED))
    assert await get(client, "/top?board=manual@1")
    await db.execute("UPDATE boards SET keep_seasons = 1 WHERE name = 'manual'")

    async def gone():
        async with client.get("/api/leaderboard/top?board=manual@1") as response:
            return response.status == 404

    await until(gone, seconds=5)
    assert [row["total_score"] for row in await get(client, "/top?board=manual@2")] == [6]


async def test_it_goes_on_after_a_failure(db, client, caplog):
    """A database that refuses: said once, and nothing is lost."""
    caplog.set_level(logging.INFO, "service.background")
    await add_board(db, "manual", manual_seasons="true")
    await db.execute("ALTER FUNCTION api.close_seasons() RENAME TO close_seasons_elsewhere")
    await until(lambda: _said(caplog, "closing a season failed, retrying"))
    await add_season(db, "manual", 1, -200, -100, [5])
    await db.execute("ALTER FUNCTION api.close_seasons_elsewhere() RENAME TO close_seasons")
    await until(lambda: db.fetchval(CLOSED))
    await until(lambda: _said(caplog, "closing a season works again"))


async def _said(caplog, message):
    return [record for record in caplog.records if record.getMessage() == message]


async def test_an_archive_may_take_longer_than_a_statement_may(db, new_client, monkeypatch):
    """STATEMENT_TIMEOUT_MS is for what clients wait for."""
    await db.execute(
        "CREATE OR REPLACE FUNCTION archive.write(p_ranking_id integer, p_deleted bigint[] DEFAULT NULL)"
        " RETURNS bigint LANGUAGE sql"
        " AS 'SELECT pg_sleep(0.5); SELECT 0::bigint'"
    )
    await new_client(statement_timeout_ms=200)
    await add_board(db, "manual", manual_seasons="true")
    await add_season(db, "manual", 1, -200, -100, [5])
    await until(lambda: db.fetchval(CLOSED))


async def test_a_service_that_stops_meanwhile(db, settings, new_client, database_url):
    """It does not wait for the archive, which another one writes later."""
    await db.execute("SELECT api.close_seasons()")
    client = await new_client()
    await add_board(db, "manual", manual_seasons="true")
    with psycopg.connect(database_url) as holder:
        holder.execute("SELECT internal.lock_deletion()")  # the archive waits for it
        over = await add_season(db, "manual", 1, -200, -100, [5])
        await until(lambda: db.fetchval("SELECT count(*) > 0 FROM pg_locks WHERE NOT granted"))
        async with asyncio.timeout(20):
            await client.close()
        holder.rollback()
    assert await db.fetchval("SELECT closed_at IS NULL FROM rankings WHERE id = $1", over)
    await new_client()
    await until(lambda: db.fetchval(CLOSED))
