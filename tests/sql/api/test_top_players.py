import asyncpg
import pytest

from tests.support.oracle import assert_exact, rows
from tests.support.sql import fill


async def test_ties_share_a_rank_and_the_next_rank_skips(db):
    await fill(db, 50, 70, 70, 60, 50, 50, 10)
    top = rows(await db.fetch("SELECT rank, user_id, total_score FROM api.top_players()"))
    assert top == [(1, 2, 70), (1, 3, 70), (3, 4, 60), (4, 1, 50), (4, 5, 50), (4, 6, 50), (7, 7, 10)]


async def test_gives_ten_rows_by_default_and_the_limit_otherwise(db):
    await fill(db, *range(30))
    assert len(await db.fetch("SELECT * FROM api.top_players()")) == 10
    assert len(await db.fetch("SELECT * FROM api.top_players(1)")) == 1
    assert len(await db.fetch("SELECT * FROM api.top_players(1000)")) == 30


async def test_pages_through_ties_without_gap_or_repetition(db):
    await fill(db, *([5] * 10), *([7] * 4), 6, 1, 1)
    await assert_exact(db)


async def test_a_page_may_follow_a_place_that_nobody_holds(db):
    await fill(db, 10, 20, 30)
    page = rows(await db.fetch("SELECT rank, user_id FROM api.top_players(10, 25, 99)"))
    assert page == [(2, 2), (3, 1)]
    assert await db.fetch("SELECT * FROM api.top_players(10, -5, 1)") == []


async def test_an_empty_board(db):
    assert await db.fetch("SELECT * FROM api.top_players()") == []


@pytest.mark.parametrize(
    ("arguments", "sqlstate"),
    [
        ("0", "LB001"),
        ("1001", "LB001"),
        ("NULL", "LB001"),
        ("10, 5", "LB001"),
        ("10, NULL, 5", "LB001"),
        ("10, p_board => 'x'", "LB010"),
    ],
)
async def test_bad_arguments(db, arguments, sqlstate):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetch(f"SELECT * FROM api.top_players({arguments})")
    assert caught.value.sqlstate == sqlstate
