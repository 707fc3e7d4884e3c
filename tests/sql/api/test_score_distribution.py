import asyncpg
import pytest

from tests.support.oracle import assert_exact, rows
from tests.support.sql import fill


async def test_ranges_of_equal_width_from_lowest_to_highest(db):
    await fill(db, 10, 11, 19, 20, 29, 30)
    found = rows(await db.fetch("SELECT * FROM api.score_distribution(2)"))
    assert found == [(10, 20, 4), (21, 31, 2)]


async def test_fewer_ranges_where_there_are_fewer_totals(db):
    await fill(db, 5, 5, 5)
    assert rows(await db.fetch("SELECT * FROM api.score_distribution(50)")) == [(5, 5, 3)]


async def test_counts_pending_and_folded_players_alike(db):
    await fill(db, *(i * i for i in range(100)))
    await db.execute("SELECT api.submit_score(1, 5000)")
    await assert_exact(db)


async def test_an_empty_board(db):
    assert await db.fetch("SELECT * FROM api.score_distribution()") == []


@pytest.mark.parametrize(
    ("arguments", "sqlstate"), [("0", "LB001"), ("1001", "LB001"), ("NULL", "LB001"), ("5, 'x'", "LB010")]
)
async def test_errors(db, arguments, sqlstate):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetch(f"SELECT * FROM api.score_distribution({arguments})")
    assert caught.value.sqlstate == sqlstate
