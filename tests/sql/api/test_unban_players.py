import asyncpg
import pytest

from tests.support.oracle import assert_exact, rows
from tests.support.sql import fill, submit


async def test_they_come_back_with_all_that_counts(db):
    await db.execute(
        "SELECT api.create_board('best', p_aggregate => 'best'), api.create_board('last', p_aggregate => 'last'),"
        " api.create_board('first', p_aggregate => 'first'), api.create_board('count', p_aggregate => 'count')"
    )
    await fill(db, 50, 40, 30)
    await db.execute("SELECT api.ban_players('m', 'r', '{2,3}')")
    await submit(db, (2, 60), (2, 1), (3, 5))
    await db.execute("SELECT api.void_sessions('m', 'r', p_above => 55)")
    tried = await db.fetchrow("SELECT * FROM api.unban_players('m', 'r', '{1,2}', true)")
    assert tuple(tried) == (None, 0, 1, 5)
    assert tuple(await db.fetchrow("SELECT * FROM api.unban_players('m', 'r', '{1,2,2}')"))[1:] == (0, 1, 5)
    found = await db.fetch(
        "SELECT b.name, l.total_score FROM leaderboard AS l JOIN boards AS b ON b.id = l.board_id"
        " WHERE l.user_id = 2 ORDER BY b.id"
    )
    assert rows(found) == [("overall", 41), ("best", 40), ("last", 1), ("first", 40), ("count", 2)]
    for board in ("overall", "best", "last", "first", "count"):
        await assert_exact(db, board)


async def test_players_who_are_not_banned(db):
    await fill(db, 10)
    assert tuple(await db.fetchrow("SELECT * FROM api.unban_players('m', 'r', '{1}')")) == (None, 0, 0, 0)
    assert await db.fetch("SELECT * FROM api.moderation_log()") == []


async def test_errors(db):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetch("SELECT * FROM api.unban_players('m', 'r', '{5}')")
    assert caught.value.sqlstate == "LB011"


async def test_a_total_that_would_leave_its_range(db):
    """The player stays banned until a moderator makes sessions void."""
    await db.execute("SELECT api.set_score_rules('overall', p_max_score => 9007199254740991)")
    await fill(db, 9007199254740991)
    await db.execute("SELECT api.ban_players('m', 'r', '{1}')")
    # A submission would be refused.
    await db.execute("INSERT INTO game_sessions (user_id, score) VALUES (1, 1)")
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetch("SELECT * FROM api.unban_players('m', 'r', '{1}')")
    assert caught.value.sqlstate == "LB023"
    assert await db.fetchval("SELECT ban_id IS NOT NULL FROM users WHERE id = 1")
    await db.execute("SELECT api.void_sessions('m', 'r', p_above => 1), api.unban_players('m', 'r', '{1}')")
    assert await db.fetchval("SELECT total_score FROM api.player_rank(1)") == 1
    await assert_exact(db)
