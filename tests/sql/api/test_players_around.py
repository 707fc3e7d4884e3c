import asyncpg
import pytest

from tests.support.oracle import assert_exact, rows
from tests.support.sql import fill


async def around(db, user_id, span):
    return rows(await db.fetch("SELECT rank, user_id FROM api.players_around($1, $2)", user_id, span))


async def test_neighbours_above_and_below(db):
    await fill(db, 70, 60, 50, 40, 30, 20, 10)
    assert await around(db, 4, 2) == [(2, 2), (3, 3), (4, 4), (5, 5), (6, 6)]
    assert await around(db, 1, 2) == [(1, 1), (2, 2), (3, 3)]
    assert await around(db, 7, 2) == [(5, 5), (6, 6), (7, 7)]
    assert await around(db, 4, 0) == [(4, 4)]


async def test_within_a_tie_neighbours_are_by_id(db):
    await fill(db, 9, 5, 5, 5, 5, 5, 1)
    assert await around(db, 4, 1) == [(2, 3), (2, 4), (2, 5)]
    assert await around(db, 6, 2) == [(2, 4), (2, 5), (2, 6), (7, 7)]
    assert await around(db, 2, 2) == [(1, 1), (2, 2), (2, 3), (2, 4)]


@pytest.mark.parametrize("lowest_wins", [False, True])
async def test_within_a_tie_neighbours_are_in_the_order_of_time(db, lowest_wins):
    await db.execute(
        "SELECT api.create_board('early', NULL, 'best', p_ties => 'earliest', p_lowest_wins => $1)", lowest_wins
    )
    user_ids = [9, 2, 11, 5, 1, 8, 12, 3, 10, 4, 7, 6]
    await db.execute(
        "SELECT api.submit_scores($1, $2, p_board => 'early')", user_ids, [5, 5, 5, 5, 5, 7, 7, 7, 7, 7, 7, 5]
    )
    tied = [9, 2, 11, 5, 1, 6] if lowest_wins else [8, 12, 3, 10, 4, 7]
    found = await db.fetch("SELECT user_id FROM api.players_around($1, 2, 'early')", tied[4])
    assert [row[0] for row in found[:4]] == tied[2:]
    await assert_exact(db, "early")


async def test_five_on_either_side_by_default(db):
    await fill(db, *range(40))
    assert len(await db.fetch("SELECT * FROM api.players_around(20)")) == 11


@pytest.mark.parametrize(
    ("arguments", "sqlstate"),
    [
        ("1, -1", "LB001"),
        ("1, 101", "LB001"),
        ("1, NULL", "LB001"),
        ("9", "LB011"),
        ("NULL", "LB011"),
        ("1, 5, 'x'", "LB010"),
    ],
)
async def test_errors(db, arguments, sqlstate):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetch(f"SELECT * FROM api.players_around({arguments})")
    assert caught.value.sqlstate == sqlstate
