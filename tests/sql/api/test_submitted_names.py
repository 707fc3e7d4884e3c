"""api.submitted_names"""

import asyncio

import asyncpg
import pytest

NAMED = """
    WITH outcome AS MATERIALIZED (
        SELECT s.* FROM api.submit_scores($1::bigint[], $2::bigint[], NULL, $3::text[]) AS s
    )
    SELECT n.user_id, n.username
    FROM api.submitted_names(ARRAY(SELECT o.user_id FROM outcome AS o)) AS n
    ORDER BY n.user_id"""


async def names(db, user_ids, usernames):
    found = await db.fetch(NAMED, user_ids, [1] * len(user_ids), usernames)
    return [tuple(row) for row in found]


async def test_players_whom_the_same_statement_registers_are_seen(db):
    assert await names(db, [1, 2], ["ada", None]) == [(1, "ada"), (2, "user_2")]


async def test_a_known_player_keeps_the_name(db):
    await names(db, [1], ["ada"])
    assert await names(db, [1, 2], ["grace", "grace"]) == [(1, "ada"), (2, "grace")]


async def test_a_name_that_was_changed_meanwhile(db, connect):
    """The statement waits for a rename, and then tells the new name."""
    await names(db, [1], ["ada"])
    other = await connect()
    transaction = db.transaction()
    await transaction.start()
    await db.execute("UPDATE public.users SET username = 'grace' WHERE id = 1")
    waiting = asyncio.create_task(names(other, [1], ["ada"]))
    pid = other.get_server_pid()
    async with asyncio.timeout(20):
        while not await db.fetchval("SELECT cardinality(pg_blocking_pids($1)) > 0", pid):
            await asyncio.sleep(0.02)
    await transaction.commit()
    assert await waiting == [(1, "grace")]


async def test_nobody_and_strangers(db):
    assert await db.fetch("SELECT * FROM api.submitted_names('{}')") == []
    await db.execute("SELECT api.submit_score(1, 5)")
    rows = await db.fetch("SELECT * FROM api.submitted_names('{1,7,9223372036854775807}')")
    assert [tuple(row) for row in rows] == [(1, "user_1")]


@pytest.mark.parametrize("user_ids", [None, [1] * 1001])
async def test_bad_arguments(db, user_ids):
    with pytest.raises(asyncpg.PostgresError, match="give 0 to 1000 user ids") as caught:
        await db.fetch("SELECT * FROM api.submitted_names($1)", user_ids)
    assert caught.value.sqlstate == "LB001"
