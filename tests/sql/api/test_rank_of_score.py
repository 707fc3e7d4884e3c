import asyncpg
import pytest

from tests.support.oracle import rows
from tests.support.sql import fill

LARGEST = 9223372036854775807


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (31, (1, 4, 100.0)),
        (30, (1, 4, 100.0)),
        (29, (3, 4, 50.0)),
        (20, (3, 4, 50.0)),
        (9, (5, 4, 0.0)),
        (LARGEST, (1, 4, 100.0)),
        (-LARGEST - 1, (5, 4, 0.0)),
    ],
)
async def test_the_rank_that_a_total_would_have(db, score, expected):
    await fill(db, 10, 30, 20, 30)
    assert tuple(await db.fetchrow("SELECT * FROM api.rank_of_score($1)", score)) == expected


async def test_an_empty_board(db):
    assert rows(await db.fetch("SELECT * FROM api.rank_of_score(5)")) == [(1, 0, 100.0)]


@pytest.mark.parametrize("score", [-LARGEST - 1, -5, LARGEST])
async def test_nothing_is_counted(db, score):
    await fill(db, 10, 20)
    await db.execute("SELECT api.rank_of_score($1)", score)
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == 2


@pytest.mark.parametrize(
    ("arguments", "sqlstate"), [("NULL", "LB001"), ("1, 'x'", "LB010"), ("1, 'overall@previous'", "LB014")]
)
async def test_errors(db, arguments, sqlstate):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetch(f"SELECT * FROM api.rank_of_score({arguments})")
    assert caught.value.sqlstate == sqlstate
