import asyncpg
import pytest

from tests.support.oracle import assert_exact, rows
from tests.support.sql import fill

SOON = "now() + interval '1 hour'"


async def pass_time(db):
    await db.execute("UPDATE moderation SET until = clock_timestamp() WHERE until IS NOT NULL")


async def lift(db):
    steps = 0
    while await db.fetchval("SELECT api.lift_bans()"):
        steps += 1
    return steps


async def test_a_ban_ends_when_its_time_is_over(db):
    await fill(db, 50, 40, 30)
    await db.execute(f"SELECT api.ban_players('m', 'r', '{{1,2}}', {SOON})")
    await db.execute("SELECT api.ban_players('m', 'r', '{2}')")  # replaces it
    await pass_time(db)
    assert await lift(db) == 2
    assert rows(await db.fetch("SELECT user_id FROM api.top_players()")) == [(1,), (3,)]
    log = rows(await db.fetch("SELECT operator, action, user_id, players FROM api.moderation_log(1)"))
    assert log == [("leaderboard", "unban", 1, 1)]
    assert await lift(db) == 0
    await assert_exact(db)


async def test_a_ban_that_is_over_does_not_come_back(db):
    await fill(db, 50, 40)
    first = await db.fetchval(f"SELECT act FROM api.ban_players('m', 'r', '{{1}}', {SOON})")
    second = await db.fetchval("SELECT act FROM api.ban_players('m', 'r', '{1}')")
    await pass_time(db)
    await lift(db)
    await db.execute("SELECT api.undo_act('m', 'r', $1)", second)
    assert await db.fetchval("SELECT ban_id FROM users WHERE id = 1") is None
    undone = await db.fetchval("SELECT act FROM api.undo_act('m', 'r', $1)", first)
    await db.execute("SELECT api.undo_act('m', 'r', $1)", undone)
    assert await db.fetchval("SELECT ban_id FROM users WHERE id = 1") is None
    await assert_exact(db)


async def test_step_by_step(db):
    await db.execute("INSERT INTO users (id, username) SELECT g, 'u' || g FROM generate_series(1, 1001) AS g")
    await db.execute(f"SELECT api.ban_players('m', 'r', ARRAY(SELECT generate_series(1, 1001)::bigint), {SOON})")
    await pass_time(db)
    assert await lift(db) == 4  # 500, 500, 1, and that none is left
    assert await db.fetchval("SELECT count(*) FROM users WHERE ban_id IS NOT NULL") == 0


async def test_one_session_at_a_time(db, connect):
    await fill(db, 50)
    await db.execute(f"SELECT api.ban_players('m', 'r', '{{1}}', {SOON})")
    await pass_time(db)
    other = await connect()
    async with other.transaction():
        assert await other.fetchval("SELECT api.lift_bans()") is True
        assert await db.fetchval("SELECT api.lift_bans()") is False


async def test_a_ban_that_cannot_end_does_not_hold_up_others(db):
    await db.execute("SELECT api.set_score_rules('overall', p_max_score => 9007199254740991)")
    await fill(db, 9007199254740991, 40)
    act = await db.fetchval(f"SELECT act FROM api.ban_players('m', 'r', '{{1}}', {SOON})")
    # A submission would be refused.
    await db.execute("INSERT INTO game_sessions (user_id, score) VALUES (1, 1)")
    await db.execute(f"SELECT api.ban_players('m', 'r', '{{2}}', {SOON})")
    await pass_time(db)
    assert await db.fetchval("SELECT api.lift_bans()") is True
    assert await db.fetchval("SELECT api.lift_bans()") is True
    assert rows(await db.fetch("SELECT user_id FROM api.top_players()")) == [(2,)]
    with pytest.raises(asyncpg.PostgresError, match=f"the ban of act {act} cannot end") as caught:
        await db.fetchval("SELECT api.lift_bans()")
    assert caught.value.sqlstate == "LB023"
    await db.execute("SELECT api.void_sessions('m', 'r', p_above => 1)")
    assert await lift(db) == 2
    await assert_exact(db)
