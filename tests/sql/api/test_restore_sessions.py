import asyncpg
import pytest

from tests.support.oracle import assert_exact, rows
from tests.support.sql import fill, submit

TOTALS = "SELECT user_id, total_score FROM api.top_players(1000)"


async def test_void_sessions_count_again(db):
    await submit(db, (1, 10), (1, 900), (2, 950))
    act = await db.fetchval("SELECT act FROM api.void_sessions('m', 'r', p_above => 800)")
    assert rows(await db.fetch(TOTALS)) == [(1, 10)]
    tried = await db.fetchrow("SELECT * FROM api.restore_sessions('m', 'r', 1, p_dry_run => true)")
    assert tuple(tried) == (None, 1, 1, 1)
    assert tuple(await db.fetchrow("SELECT * FROM api.restore_sessions('m', 'r', 1)"))[1:] == (1, 1, 1)
    assert rows(await db.fetch(TOTALS)) == [(1, 910)]
    assert tuple(await db.fetchrow("SELECT * FROM api.restore_sessions('m', 'r', p_act => $1)", act))[1:] == (1, 1, 1)
    assert rows(await db.fetch(TOTALS)) == [(2, 950), (1, 910)]
    await assert_exact(db)


async def test_nothing_to_restore(db):
    await fill(db, 10)
    assert tuple(await db.fetchrow("SELECT * FROM api.restore_sessions('m', 'r', 1)")) == (None, 0, 0, 0)
    assert await db.fetch("SELECT * FROM api.moderation_log()") == []


async def test_a_restore_can_be_undone(db):
    await submit(db, (1, 10), (2, 20))
    void = await db.fetchval("SELECT act FROM api.void_sessions('m', 'r', p_above => 0)")
    restore = await db.fetchval("SELECT act FROM api.restore_sessions('m', 'r', 1)")
    await db.execute("SELECT api.undo_act('m', 'r', $1)", restore)
    assert {row[0] for row in await db.fetch("SELECT void_id FROM game_sessions")} == {void}
    assert await db.fetch(TOTALS) == []


@pytest.mark.parametrize(
    ("arguments", "sqlstate"), [("'m', 'r'", "LB001"), ("'m', 'r', p_act => 1", "LB016"), ("'m', 'r', 0", "LB002")]
)
async def test_bad_arguments(db, arguments, sqlstate):
    await fill(db, 10)
    await db.execute("SELECT api.ban_players('m', 'r', '{1}')")  # act 1, which is no void
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetch(f"SELECT * FROM api.restore_sessions({arguments})")
    assert caught.value.sqlstate == sqlstate


async def test_a_total_that_would_leave_its_range(db):
    """Nothing is half done."""
    await db.execute("SELECT api.set_score_rules('overall', p_max_score => 9007199254740991)")
    await submit(db, (1, 9007199254740991))
    await db.execute("SELECT api.void_sessions('m', 'r', 1)")
    await submit(db, (1, 1))
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetch("SELECT * FROM api.restore_sessions('m', 'r', 1)")
    assert caught.value.sqlstate == "LB023"
    assert rows(await db.fetch(TOTALS)) == [(1, 1)]
    assert len(await db.fetch("SELECT * FROM api.moderation_log()")) == 1
    await assert_exact(db)
