import asyncpg
import pytest

from tests.support.oracle import rows
from tests.support.sql import fill


async def test_the_total_at_a_place(db):
    await fill(db, 10, 30, 20, 30)
    assert rows(await db.fetch("SELECT * FROM api.threshold(2)")) == [(30, None, 2, 4)]
    assert rows(await db.fetch("SELECT * FROM api.threshold(4)")) == [(10, None, 4, 4)]
    assert await db.fetch("SELECT * FROM api.threshold(5)") == []
    assert await db.fetch("SELECT * FROM api.threshold(9223372036854775807)") == []


@pytest.mark.parametrize(
    ("percent", "place"),
    [(1e-300, 1), (0.07, 1), (1, 3), (1 / 3, 1), (0.7, 3), (7, 21), (7.001, 22), (99.9, 300), (100, 300)],
)
async def test_the_best_percent(db, percent, place):
    await fill(db, *range(300, 0, -1))
    found = rows(await db.fetch("SELECT * FROM api.threshold(p_percent => $1)", percent))
    assert found == [(301 - place, None, place, 300)]


@pytest.mark.parametrize("percent", [0.07, 0.7, 7])
async def test_a_percentage_is_the_number_that_was_written(db, percent):
    """As a binary fraction, 0.07 % of 10,000 would be a little more than 7."""
    await db.execute("INSERT INTO users (id, username) SELECT g, 'u' || g FROM generate_series(1, 10000) AS g")
    await db.execute("INSERT INTO leaderboard (user_id, total_score) SELECT id, id FROM users")
    assert await db.fetchval("SELECT place FROM api.threshold(p_percent => $1)", percent) == round(percent * 100)


async def test_an_empty_board(db):
    assert await db.fetch("SELECT * FROM api.threshold(1)") == []
    assert await db.fetch("SELECT * FROM api.threshold(p_percent => 100)") == []


@pytest.mark.parametrize(
    ("arguments", "sqlstate"),
    [
        ("", "LB001"),
        ("1, 10", "LB001"),
        ("0", "LB001"),
        ("-5", "LB001"),
        ("NULL, 0", "LB001"),
        ("NULL, 100.001", "LB001"),
        ("NULL, 'NaN'", "LB001"),
        ("NULL, '-Infinity'", "LB001"),
        ("1, p_board => 'x'", "LB010"),
        ("1, p_board => 'overall@1'", "LB014"),
    ],
)
async def test_errors(db, arguments, sqlstate):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetch(f"SELECT * FROM api.threshold({arguments})")
    assert caught.value.sqlstate == sqlstate
