import asyncio

import asyncpg
import pytest

from tests.support.oracle import rows
from tests.support.sql import fill, submit
from tests.support.waiting import until

TOP = "SELECT rank, user_id, total_score FROM api.top_players(10, p_board => 'cup@1')"
RECOMPUTE = "SELECT api.recompute_season('m', 'r', $1)"


@pytest.fixture
async def closed(db):
    await db.execute("SELECT api.create_board('cup', p_manual_seasons => true)")
    await submit(db, (1, 50), (2, 40), (3, 30), (4, 40), (1, 9))
    await db.execute("SELECT api.end_season('cup')")
    while await db.fetchval("SELECT api.close_seasons()"):
        pass
    return db


async def test_void_sessions_and_bans_take_effect(closed):
    await closed.execute("SELECT api.void_sessions('m', 'r', p_above => 45), api.ban_players('m', 'r', '{2}')")
    assert rows(await closed.fetch(TOP)) == [(1, 1, 59), (2, 2, 40), (2, 4, 40), (4, 3, 30)]
    marker = await closed.fetchval("SELECT change_marker FROM api.rank_index_status()")
    assert await closed.fetchval(RECOMPUTE, "cup@1") == 2
    assert rows(await closed.fetch(TOP)) == [(1, 4, 40), (2, 3, 30), (3, 1, 9)]
    assert marker != await closed.fetchval("SELECT change_marker FROM api.rank_index_status()")
    log = rows(await closed.fetch("SELECT action, filter::text, players FROM api.moderation_log(1)"))
    assert log == [("recompute", '{"board": "cup@1", "revision": 2}', 3)]
    for act in rows(await closed.fetch("SELECT id FROM api.moderation_log() WHERE action <> 'recompute'")):
        await closed.execute("SELECT api.undo_act('m', 'r', $1)", *act)
    assert await closed.fetchval(RECOMPUTE, "cup@previous") == 3
    assert rows(await closed.fetch(TOP)) == [(1, 1, 59), (2, 2, 40), (2, 4, 40), (4, 3, 30)]
    assert await closed.fetch("SELECT * FROM api.verify_leaderboard()") == []


async def test_deleted_players_keep_their_places(closed):
    await closed.execute("DELETE FROM users WHERE id IN (1, 2)")
    assert await closed.fetchval(RECOMPUTE, "cup@1") == 2
    assert sorted(rows(await closed.fetch(TOP))) == [(1, 0, 59), (2, 0, 40), (2, 4, 40), (4, 3, 30)]
    found = await closed.fetchrow("SELECT rank, players FROM api.player_rank(3, 'cup@1')")
    assert tuple(found) == (4, 4)
    assert await closed.fetchval(RECOMPUTE, "cup@1") == 3
    assert await closed.fetch("SELECT * FROM api.verify_leaderboard()") == []
    # Their id may be given again, to a player who was not there.
    await submit(closed, (1, 1))
    with pytest.raises(asyncpg.PostgresError, match="player 1 is not on board cup@1"):
        await closed.fetchrow("SELECT * FROM api.player_rank(1, 'cup@1')")


async def test_of_no_players(closed):
    await closed.execute("SELECT api.void_sessions('m', 'r', p_above => 0)")
    assert await closed.fetchval(RECOMPUTE, "cup@1") == 2
    assert await closed.fetch(TOP) == []
    assert await closed.fetch("SELECT * FROM api.verify_leaderboard()") == []


@pytest.mark.parametrize(
    ("board", "sqlstate"), [("cup", "LB001"), ("cup@2", "LB001"), ("cup@9", "LB014"), ("no@1", "LB010")]
)
async def test_errors(closed, board, sqlstate):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await closed.fetchval(RECOMPUTE, board)
    assert caught.value.sqlstate == sqlstate


async def test_a_board_without_seasons(db):
    await fill(db, 1)
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetchval(RECOMPUTE, "overall@1")
    assert caught.value.sqlstate == "LB014"


async def test_beside_a_delete_of_a_player(closed, connect):
    """Both need the season and the deletion lock: one waits for the other, and neither is a victim of a deadlock."""
    deleting, recomputing = await connect(), await connect()
    transaction = deleting.transaction()
    await transaction.start()
    await deleting.execute("SELECT internal.lock_boards_shared(), internal.lock_deletion_shared()")
    begun = asyncio.create_task(recomputing.fetchval(RECOMPUTE, "cup@1"))
    waiting = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pid = $1)"
    await until(lambda: closed.fetchval(waiting, recomputing.get_server_pid()))
    await deleting.execute("DELETE FROM users WHERE id = 2")
    await transaction.commit()
    assert await begun == 2
    assert sorted(rows(await closed.fetch(TOP))) == [(1, 1, 59), (2, 0, 40), (2, 4, 40), (4, 3, 30)]
