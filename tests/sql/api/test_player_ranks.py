import asyncpg
import pytest

from tests.support.oracle import rows
from tests.support.sql import fill


async def test_ranks_on_the_board_and_among_the_listed(db):
    await fill(db, 50, 40, 40, 30, 20)
    found = rows(
        await db.fetch(
            "SELECT user_id, total_score, rank, rank_among, players "
            "FROM api.player_ranks(ARRAY[5, 3, 2, 3, 77, 0, NULL])"
        )
    )
    assert found == [(2, 40, 2, 1, 5), (3, 40, 2, 1, 5), (5, 20, 5, 3, 5)]


async def test_nobody(db):
    assert await db.fetch("SELECT * FROM api.player_ranks('{}')") == []
    assert await db.fetch("SELECT * FROM api.player_ranks(ARRAY[1, 2])") == []


@pytest.mark.parametrize(
    ("arguments", "sqlstate"),
    [("NULL", "LB001"), ("array_fill(1::bigint, ARRAY[1001])", "LB001"), ("'{1}', 'x'", "LB010")],
)
async def test_errors(db, arguments, sqlstate):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetch(f"SELECT * FROM api.player_ranks({arguments})")
    assert caught.value.sqlstate == sqlstate
