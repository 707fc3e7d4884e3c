import asyncio

import asyncpg
import pytest

from tests.support.oracle import assert_exact
from tests.support.seasons import add_board, add_season, close_seasons
from tests.support.sql import fill_up, submit
from tests.support.waiting import until

LEFT = """
    SELECT (SELECT count(*) FROM boards WHERE id > 1), (SELECT count(*) FROM rankings WHERE id > 1),
           (SELECT count(*) FROM leaderboard WHERE board_id > 1), (SELECT count(*) FROM rank_state WHERE board_id > 1),
           (SELECT count(*) FROM rank_node WHERE board_id > 1), (SELECT count(*) FROM rank_delta WHERE board_id > 1)"""
NOTHING = (0, 0, 0, 0, 0, 0)


async def left(db):
    return tuple(await db.fetchrow(LEFT))


@pytest.mark.parametrize("options", ["", ", p_period => 'daily', p_opens_at => now() - interval '9 days'",
                                     ", p_manual_seasons => true"])  # fmt: skip
async def test_deletes_a_board_and_keeps_the_ledger(db, options):
    await db.execute(f"SELECT api.create_board('b'{options})")
    await submit(db, (1, 5, "solo", None, "k"), (2, 7), board="b")
    await db.execute("SELECT api.delete_board('b', 'b')")
    assert await left(db) == NOTHING
    assert await db.fetchval("SELECT count(*) FROM game_sessions") == 2
    await assert_exact(db)
    # The key is still known: a retry elsewhere is not counted again.
    (again,) = await submit(db, (1, 5, "solo", None, "k"))
    assert again[1] == "rejected"
    await db.execute(f"SELECT api.create_board('b'{options})")
    assert await db.fetchval("SELECT count(*) FROM leaderboard WHERE board_id > 1") == 2
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []


@pytest.mark.parametrize("confirm", ["", ", NULL", ", 'B'", ", 'overall'", ", ''"])
async def test_asks_for_the_name_a_second_time(db, confirm):
    await db.execute("SELECT api.create_board('b')")
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.execute(f"SELECT api.delete_board('b'{confirm})")
    assert caught.value.sqlstate == "LB033"
    assert caught.value.message == (
        "deleting board b deletes its totals and its closed seasons for good; confirm it by its name"
    )
    assert caught.value.hint == "SELECT api.delete_board('b', p_confirm => 'b')"
    assert await db.fetchval("SELECT count(*) FROM boards") == 2


@pytest.mark.parametrize(("board", "code"), [("nowhere", "LB010"), (None, "LB010"), ("overall", "LB001")])
async def test_errors(db, board, code):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.execute("SELECT api.delete_board($1, $1)", board)
    assert caught.value.sqlstate == code


async def test_the_totals_of_a_large_board_are_deleted_in_steps(db):
    await db.execute("INSERT INTO users (username) SELECT 'u' || g FROM generate_series(1, 25000) AS g")
    await db.execute("INSERT INTO game_sessions (user_id, score) SELECT id, id % 5000 FROM users")
    await db.execute("SELECT api.create_board('b'), api.create_board('c')")
    await db.execute("SELECT api.delete_board('b', 'b')")
    assert await left(db) == (1, 2, 50000, 1, *(await left(db))[4:])
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetch("SELECT * FROM api.top_players(p_board => 'b')")
    assert caught.value.sqlstate == "LB010"
    # The name is free at once; submissions and plain SQL pass over what is left.
    await db.execute("SELECT api.create_board('b', NULL, 'count')")
    await submit(db, (1, 5), (2, 7), board="b")
    await db.execute("DELETE FROM users WHERE id IN (3, 4)")
    await db.execute("INSERT INTO game_sessions (user_id, score) VALUES (5, 5)")
    await db.execute("SELECT api.delete_board('c', 'c')")
    assert await fill_up(db) > 20
    assert await db.fetchval("SELECT count(*) FROM rankings") == 2
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []
    await db.execute("SELECT api.delete_board('b', 'b')")
    await fill_up(db)
    assert await left(db) == NOTHING


async def test_a_board_whose_season_is_being_archived(db, connect):
    """The delete waits for the archive, and submissions do not wait for the delete."""
    await add_board(db, "b", manual_seasons="true")
    await add_season(db, "b", 1, -7200, -3600, [3, 2, 1])
    assert [await db.fetchval("SELECT api.close_seasons()") for _ in range(2)] == [True, True]
    closing, deleting = await connect(), await connect()
    waits = "SELECT cardinality(pg_blocking_pids($1)) > 0"
    async with db.transaction():
        await db.execute("SELECT internal.lock_deletion()")  # which the archive needs
        closed = asyncio.create_task(closing.fetchval("SELECT api.close_seasons()"))
        await until(lambda: db.fetchval(waits, closing.get_server_pid()))
        deleted = asyncio.create_task(deleting.execute("SELECT api.delete_board('b', 'b')"))
        await until(lambda: db.fetchval(waits, deleting.get_server_pid()))
        other = await connect()
        await other.execute("SET lock_timeout = '5s'")
        await other.execute("SELECT api.submit_score(1, 5)")
    assert await closed is True
    await deleted
    await close_seasons(db)
    assert await left(db) == NOTHING


async def test_needs_read_committed(db):
    await db.execute("SELECT api.create_board('b')")
    with pytest.raises(asyncpg.PostgresError) as caught:
        async with db.transaction(isolation="repeatable_read"):
            await db.execute("SELECT api.delete_board('b', 'b')")
    assert caught.value.sqlstate == "LB030"
