import asyncio

import asyncpg
import pytest

from tests.support.oracle import assert_exact, rows
from tests.support.sql import fill, submit

VOIDS = "SELECT user_id, void_id FROM game_sessions ORDER BY id"


async def undo(db, act):
    return await db.fetchval("SELECT act FROM api.undo_act('m', 'r', $1)", act)


async def test_what_another_act_covers_stays_void(db):
    await submit(db, (1, 10), (2, 20), (3, 30))
    first = await db.fetchval("SELECT act FROM api.void_sessions('m', 'r', 1)")
    second = await db.fetchval("SELECT act FROM api.void_sessions('m', 'r', p_above => 0)")
    tried = await db.fetchrow("SELECT * FROM api.undo_act('m', 'r', $1, true)", second)
    assert tuple(tried) == (None, 2, 2, 2)
    again = await undo(db, first)
    assert {row[1] for row in await db.fetch(VOIDS)} == {second}
    await undo(db, second)
    assert {row[1] for row in await db.fetch(VOIDS)} == {None}
    await undo(db, again)
    assert rows(await db.fetch(VOIDS)) == [(1, first), (2, None), (3, None)]
    await assert_exact(db)


async def test_bans(db):
    await fill(db, 50, 40)
    ban = await db.fetchval("SELECT act FROM api.ban_players('m', 'r', '{1,2}')")
    hide = await db.fetchval("SELECT act FROM api.ban_players('m', 'r', '{2}', p_hide => true)")
    bans = "SELECT ban_id FROM users ORDER BY id"
    assert rows(await db.fetch(bans)) == [(ban,), (hide,)]
    await undo(db, hide)
    assert rows(await db.fetch(bans)) == [(ban,), (ban,)]
    await undo(db, ban)
    assert rows(await db.fetch(bans)) == [(None,), (None,)]
    await assert_exact(db)


async def test_only_the_last_of_a_chain_can_be_undone(db):
    await fill(db, 50)
    act = await db.fetchval("SELECT act FROM api.void_sessions('m', 'r', 1)")
    second = await undo(db, act)
    with pytest.raises(asyncpg.PostgresError, match=f"act {act} was undone already, by act {second}") as caught:
        await undo(db, act)
    assert caught.value.sqlstate == "LB036"
    third = await undo(db, second)
    await undo(db, third)
    log = await db.fetch("SELECT undoes, undone_by FROM api.moderation_log()")
    assert [row["undoes"] for row in log] == [third, second, act, None]
    assert [row["undone_by"] for row in log[1:]] == [row["id"] for row in await db.fetch(
        "SELECT id FROM moderation WHERE undoes IS NOT NULL ORDER BY id DESC"
    )]  # fmt: skip


async def test_two_moderators_at_once(db, connect):
    await fill(db, 50)
    act = await db.fetchval("SELECT act FROM api.void_sessions('m', 'r', 1)")
    other = await connect()
    transaction = db.transaction()
    await transaction.start()
    await undo(db, act)
    task = asyncio.ensure_future(undo(other, act))
    await asyncio.sleep(0.05)
    await transaction.commit()
    with pytest.raises(asyncpg.PostgresError) as caught:
        await task
    assert caught.value.sqlstate == "LB036"


async def test_sessions_that_plain_sql_gave_to_another_player(db):
    await fill(db, 50, 40)
    act = await db.fetchval("SELECT act FROM api.void_sessions('m', 'r', 1)")
    await db.execute("UPDATE game_sessions SET user_id = 2 WHERE user_id = 1")
    await undo(db, act)
    assert rows(await db.fetch("SELECT user_id, total_score FROM api.top_players()")) == [(2, 90)]
    await assert_exact(db)


async def test_errors(db):
    for act, sqlstate in ((1, "LB016"), (None, "LB016")):
        with pytest.raises(asyncpg.PostgresError) as caught:
            await undo(db, act)
        assert caught.value.sqlstate == sqlstate
    await db.execute("INSERT INTO moderation (operator, reason, action, sessions) VALUES ('m', 'r', 'recompute', 0)")
    with pytest.raises(asyncpg.PostgresError) as caught:
        await undo(db, await db.fetchval("SELECT max(id) FROM moderation"))
    assert caught.value.sqlstate == "LB036"
