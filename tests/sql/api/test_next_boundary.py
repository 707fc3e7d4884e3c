"""How long answers stay the same: the next time at which a season begins or ends, for programs and for the cache."""

import pytest

from tests.support.seasons import add_board, add_season, close_seasons

STATUS = "SELECT boundaries, boundary_ms FROM api.cache_status()"


async def remaining(db):
    return await db.fetchval("SELECT api.next_boundary()")


async def test_there_is_none_without_seasons(db):
    assert await remaining(db) is None
    assert tuple(await db.fetchrow(STATUS)) == ("", None)


@pytest.mark.parametrize(("starts", "ends"), [(-100, 100), (100, 200), (-3000, 100)])
async def test_the_next_one(db, starts, ends):
    await add_board(db, "manual", manual_seasons="true")
    await add_season(db, "manual", 1, -5000, -3000)
    await add_season(db, "manual", 2, starts, ends)
    assert 60_000 < await remaining(db) <= 100_000
    assert 60_000 < (await db.fetchrow(STATUS))["boundary_ms"] <= 100_000


async def test_at_most_an_hour(db):
    await add_board(db, "manual", manual_seasons="true")
    await add_season(db, "manual", 1, -100, 10_000)
    assert await remaining(db) == 3_600_000


async def test_the_marker_differs_once_a_boundary_has_passed(db):
    await add_board(db, "manual", manual_seasons="true")
    await add_season(db, "manual", 1, -100, 0.3)
    await add_season(db, "manual", 2, 0.3, 100)
    before = await db.fetchval(STATUS)
    assert before == await db.fetchval(STATUS)
    await db.execute("SELECT pg_sleep(0.3)")
    assert before != await db.fetchval(STATUS)


async def test_the_marker_differs_after_a_season_was_ended(db):
    await add_board(db, "manual", manual_seasons="true")
    await add_season(db, "manual", 1, -100, 10_000)
    before = await db.fetchval(STATUS)
    await db.execute("SELECT api.end_season('manual')")
    assert before != await db.fetchval(STATUS)


async def test_while_a_season_is_missing_nothing_is_kept(db):
    await add_board(db, "daily", period="1 day")
    assert await remaining(db) == 0
    assert (await db.fetchrow(STATUS))["boundary_ms"] == 0
    await close_seasons(db)
    assert await remaining(db) > 0


async def test_boards_that_are_not_open_lack_none(db):
    await add_board(db, "later", period="1 day", opens_at="2100-01-01Z")
    await add_board(db, "over", period="1 day", closes_at="2020-01-01Z")
    assert await remaining(db) is None


async def test_closed_seasons_do_not_count(db):
    await add_board(db, "manual", manual_seasons="true")
    await add_season(db, "manual", 1, -200, -100, [1])
    before = await db.fetchval(STATUS)
    await close_seasons(db)
    assert tuple(await db.fetchrow(STATUS)) == (before, None)


async def test_a_plain_board_that_closes(db):
    await db.execute("UPDATE rankings SET ends_at = now() + interval '100 s' WHERE id = 1")
    assert 60_000 < await remaining(db) <= 100_000
