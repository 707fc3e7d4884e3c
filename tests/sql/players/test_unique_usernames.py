"""Whether two players may have one name is a setting of the installation."""

import asyncio

import asyncpg
import pytest

from tests.support.sql import submit

UNIQUE = "SELECT api.set_unique_usernames($1)"
NAMES = "SELECT id, username FROM users ORDER BY id"


async def test_names_are_unique_until_it_is_ended(db):
    await submit(db, (1, 5, None, "ada"))
    assert (await submit(db, (2, 5, None, "ada")))[0][7] == "LB020"
    assert await db.fetchval(UNIQUE, False) is False
    assert (await submit(db, (2, 5, None, "ada"), (3, 5, None, "bob")))[0][1] == "accepted"
    assert await db.fetchval("SELECT api.rename_player(3, 'ada')") == "ada"
    await db.execute("INSERT INTO users (id, username) VALUES (9, 'ada')")
    assert [tuple(row) for row in await db.fetch(NAMES)] == [(1, "ada"), (2, "ada"), (3, "ada"), (9, "ada")]
    assert [row["user_id"] for row in await db.fetch("SELECT * FROM api.players_by_name('ADA', 2, 'ada', 1)")] == [2, 3]
    assert await db.fetchval(UNIQUE, False) is False, "again"


async def test_they_are_unique_again_only_if_none_is_there_twice(db):
    await db.execute(UNIQUE, False)
    await submit(db, (1, 5, None, "ada"), (2, 5, None, "ada"), (3, 5, None, "bob"), (4, 5, None, "bob"))
    with pytest.raises(asyncpg.PostgresError) as raised:
        await db.execute(UNIQUE, True)
    assert raised.value.sqlstate == "LB020"
    assert raised.value.message == 'several players have one name: "ada": players 1, 2; "bob": players 3, 4'
    await db.execute("SELECT api.rename_player(2, 'ada 2'), api.rename_player(4, 'bob 2')")
    assert await db.fetchval(UNIQUE, True) is True
    assert await db.fetchval(UNIQUE, True) is True, "again"
    assert (await submit(db, (5, 5, None, "ada")))[0][7] == "LB020"
    with pytest.raises(asyncpg.PostgresError, match="taken"):
        await db.execute("SELECT api.rename_player(1, 'bob')")


async def test_it_gives_way_to_transactions_that_hold_players(db, connect):
    await submit(db, (1, 5))
    other = await connect()
    transaction = other.transaction()
    await transaction.start()
    await submit(other, (1, 5))
    task = asyncio.ensure_future(db.fetchval(UNIQUE, False))
    third = await connect()
    assert (await submit(third, (2, 5)))[0][1] == "accepted", "others wait for a moment only"
    await transaction.commit()
    assert await task is False
