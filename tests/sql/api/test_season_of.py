"""Which season a read of a board is about, and how long it still lasts."""

import asyncpg
import pytest

from tests.support.seasons import add_board, add_season

ROW = "SELECT board, season, ends_in_ms FROM api.season_of($1)"


@pytest.fixture
async def race(db):
    await add_board(db, "race", manual_seasons="true")
    await add_season(db, "race", 1, -200, -100)
    await add_season(db, "race", 2, -100, 100)


async def test_the_season_of_a_read(db, race):
    for reference, number in ("race", 2), ("race@current", 2), ("race@2", 2), ("race@1", 1):
        board, season, ends_in_ms = await db.fetchrow(ROW, reference)
        assert (board, season) == ("race", number)
        assert (0 < ends_in_ms <= 100_000) if number == 2 else (-105_000 < ends_in_ms <= -100_000 + 5000)


async def test_its_times_are_those_of_the_list(db, race):
    listed = await db.fetch("SELECT season, starts_at, ends_at FROM api.list_seasons('race')")
    assert len(listed) == 2
    for season in listed:
        row = await db.fetchrow("SELECT season, starts_at, ends_at FROM api.season_of($1)", f"race@{season[0]}")
        assert tuple(row) == tuple(season)


async def test_the_last_season_of_a_manual_board_has_no_end(db):
    await add_board(db, "arena", manual_seasons="true")
    assert tuple(await db.fetchrow(ROW, "arena")) == ("arena", 1, None)


async def test_a_board_without_seasons(db):
    assert tuple(await db.fetchrow("SELECT * FROM api.season_of()")) == ("overall", None, None, None, None)


@pytest.mark.parametrize(
    ("reference", "sqlstate"), [("none", "LB010"), ("race@9", "LB014"), ("race@previous", "LB014")]
)
async def test_what_is_not_there(db, race, reference, sqlstate):
    with pytest.raises(asyncpg.PostgresError) as error:
        await db.fetchrow(ROW, reference)
    assert error.value.sqlstate == sqlstate
