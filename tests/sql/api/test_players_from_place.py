import asyncpg
import pytest

from tests.support.oracle import rows
from tests.support.sql import fill


async def places(db, place, limit):
    return rows(await db.fetch("SELECT rank, user_id FROM api.players_from_place($1, $2)", place, limit))


async def test_a_place_within_a_tie(db):
    await fill(db, 9, 5, 5, 5, 7, 1)
    assert await places(db, 1, 2) == [(1, 1), (2, 5)]
    assert await places(db, 3, 2) == [(3, 2), (3, 3)]
    assert await places(db, 4, 9) == [(3, 3), (3, 4), (6, 6)]
    assert await places(db, 6, 1) == [(6, 6)]
    assert await places(db, 7, 1) == []
    assert await places(db, 9223372036854775807, 1000) == []


async def test_the_last_players(db):
    await fill(db, 9, 5, 5, 7)
    assert await places(db, None, 2) == [(3, 2), (3, 3)]
    assert await places(db, None, 10) == [(1, 1), (2, 4), (3, 2), (3, 3)]


async def test_pending_deltas_move_places(db):
    await fill(db, 9, 5, 5, 7)
    await db.execute("SELECT api.submit_score(2, 100)")
    await db.execute("SELECT api.submit_score(8, 6)")
    assert await places(db, 1, 9) == [(1, 2), (2, 1), (3, 4), (4, 8), (5, 3)]
    assert await places(db, 4, 1) == [(4, 8)]


async def test_totals_beyond_the_tree_are_found_among_the_pending_deltas(db):
    await fill(db, 9, 5)
    await db.execute("SELECT api.submit_score(3, 2147483647)")
    await db.execute("SELECT api.create_board('wide', NULL, 'sum', -9007199254740991, 9007199254740991)")
    assert await places(db, 1, 1) == [(1, 3)]
    await db.execute("SELECT api.submit_score(4, -9007199254740991, p_board => 'wide')")
    assert await db.fetchval("SELECT user_id FROM api.players_from_place(4, 1, 'wide')") == 4


async def test_an_empty_board(db):
    assert await places(db, 1, 1) == []
    assert await places(db, None, 10) == []


@pytest.mark.parametrize(
    ("arguments", "sqlstate"),
    [
        ("0", "LB001"),
        ("-1", "LB001"),
        ("1, 0", "LB001"),
        ("1, 1001", "LB001"),
        ("1, NULL", "LB001"),
        ("1, 1, 'x'", "LB010"),
        ("1, 1, 'overall@current'", "LB014"),
        ("1, 1, NULL", "LB010"),
    ],
)
async def test_errors(db, arguments, sqlstate):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetch(f"SELECT * FROM api.players_from_place({arguments})")
    assert caught.value.sqlstate == sqlstate
