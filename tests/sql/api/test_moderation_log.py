import asyncpg
import pytest

from tests.support.oracle import rows
from tests.support.sql import fill

LOG = "SELECT action, user_id, filter::text, sessions, players FROM api.moderation_log"


async def test_the_newest_first_page_by_page(db):
    await fill(db, 10, 20, 30)
    await db.execute("SELECT api.void_sessions('key 1 mod', 'a', 1)")
    await db.execute("SELECT api.void_sessions('key 1 mod', 'b', p_above => 15, p_board => 'overall')")
    await db.execute("SELECT api.ban_players('psql', 'c', '{1,2}')")
    await db.execute("SELECT api.ban_players('psql', 'd', '{3}')")
    assert rows(await db.fetch(f"{LOG}()")) == [
        ("ban", 3, None, 0, 1),
        ("ban", None, None, 0, 2),
        ("void", None, '{"above": 15, "board": "overall"}', 2, 2),
        ("void", 1, None, 1, 1),
    ]
    last = (await db.fetch("SELECT id FROM api.moderation_log(2)"))[-1]["id"]
    assert [row[0] for row in await db.fetch(f"{LOG}(1, $1)", last)] == ["void"]
    first = await db.fetchrow("SELECT * FROM api.moderation_log() ORDER BY id LIMIT 1")
    assert (first["operator"], first["reason"], first["until"]) == ("key 1 mod", "a", None)


async def test_of_one_player_also_where_they_are_one_of_many(db):
    await fill(db, 10, 20, 30)
    ban = await db.fetchval("SELECT act FROM api.ban_players('psql', 'c', '{1,2}')")
    await db.execute("SELECT api.void_sessions('m', 'b', 3)")
    await db.execute("SELECT api.undo_act('m', 'b', $1)", ban)
    assert [row["action"] for row in await db.fetch(f"{LOG}(p_user_id => 2)")] == ["undo", "ban"]
    assert [row["action"] for row in await db.fetch(f"{LOG}(p_user_id => 3)")] == ["void"]
    assert await db.fetch(f"{LOG}(p_user_id => 4)") == []


@pytest.mark.parametrize(("arguments", "sqlstate"), [("0", "LB001"), ("1001", "LB001"), ("1, NULL, 0", "LB002")])
async def test_bad_arguments(db, arguments, sqlstate):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.fetch(f"{LOG}({arguments})")
    assert caught.value.sqlstate == sqlstate
