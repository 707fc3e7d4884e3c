import asyncpg
import pytest

from tests.support.oracle import assert_exact, rows
from tests.support.sql import fill


async def test_fills_rank_and_says_how_many_changed(db):
    await fill(db, 10, 20, 20)
    await db.execute("SELECT api.submit_score(1, 100)")
    assert rows(await db.fetch("SELECT user_id, rank FROM leaderboard ORDER BY 1")) == [
        (1, 3),
        (2, 1),
        (3, 1),
    ]
    assert await db.fetchval("SELECT api.materialize_ranks()") == 3
    assert rows(await db.fetch("SELECT user_id, rank FROM leaderboard ORDER BY 1")) == [
        (1, 1),
        (2, 2),
        (3, 2),
    ]
    assert await db.fetchval("SELECT api.materialize_ranks()") == 0
    await assert_exact(db)


async def test_changes_no_standing(db):
    await fill(db, *range(20))
    await db.execute("SELECT api.fold_ranks()")
    await db.execute("UPDATE leaderboard SET rank = NULL")
    await db.execute("SELECT api.materialize_ranks()")
    assert await db.fetchval("SELECT pending FROM api.rank_index_status()") == 0


@pytest.mark.parametrize(
    ("isolation", "board", "sqlstate"),
    [("read_committed", "x", "LB010"), ("serializable", "overall", "LB030")],
)
async def test_errors(db, isolation, board, sqlstate):
    with pytest.raises(asyncpg.PostgresError) as caught:
        async with db.transaction(isolation=isolation):
            await db.execute("SELECT api.materialize_ranks($1)", board)
    assert caught.value.sqlstate == sqlstate
