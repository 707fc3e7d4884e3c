"""Players are renamed, linked, described and erased while they submit: nothing waits for each other in a circle, and
every total and rank is exact in the end.
"""

import asyncio
import json
import random

import asyncpg
import pytest

from tests.support.oracle import assert_exact
from tests.support.sql import submit

#: Refusals that are right, depending on who came first.
EXPECTED = {"LB011", "LB020", "LB031", "LB037"}


async def attempt(call):
    """Awaits it; a refusal that is expected is none of the test's business."""
    try:
        return await call
    except asyncpg.PostgresError as error:
        if error.sqlstate not in EXPECTED:
            raise
    return None


async def submits(db, choose, calls):
    for _ in range(calls):
        items = [(choose.randint(1, 12), choose.randint(1, 99), None, f"n{choose.randint(1, 30)}") for _ in range(4)]
        await attempt(submit(db, *items, with_rank=True))


async def submits_by_external_ids(db, choose, calls):
    for _ in range(calls):
        players = [f"id{choose.randint(1, 12)}" for _ in range(3)]
        await attempt(
            db.fetch("SELECT * FROM api.submit_scores($1, '{5,6,7}', p_players => $2)", [None, None, None], players)
        )


async def plain_sql(db, choose, calls):
    for _ in range(calls):
        players = sorted(choose.sample(range(1, 13), 3))
        await db.execute(
            "INSERT INTO game_sessions (user_id, score)"
            " SELECT u.id, 3 FROM users AS u WHERE u.id = ANY ($1) ORDER BY u.id FOR KEY SHARE",
            players,
        )


async def changes(db, choose, calls):
    for _ in range(calls):
        user_id = choose.randint(1, 12)
        name, player = f"n{choose.randint(1, 30)}", f"id{choose.randint(1, 12)}"
        call = choose.choice(
            [
                ("SELECT api.rename_player($1, $2)", user_id, name),
                ("SELECT api.rename_player($1, $2)", user_id, name),
                ("SELECT api.link_player($1, $2)", user_id, player),
                ("SELECT api.unlink_player($1)", player),
                ("SELECT api.set_attributes($1, $2)", user_id, json.dumps({"country": choose.choice(["DE", None])})),
                ('UPDATE users SET attributes = \'{"platform": "PC"}\' WHERE id = $1', user_id),
            ]
        )
        await attempt(db.execute(*call))


async def erases(db, choose, calls):
    for _ in range(calls):
        user_id = choose.randint(1, 12)
        await attempt(db.execute("SELECT api.erase_player($1, $1)", user_id))
        await asyncio.sleep(0.01)


async def reads(db, choose, calls):
    for _ in range(calls):
        user_id = choose.randint(1, 12)
        await db.fetch("SELECT * FROM api.players_by_name($1)", f"n{choose.randint(1, 3)}")
        await attempt(db.fetch("SELECT * FROM api.player_profile($1)", user_id))
        await attempt(db.fetch("SELECT * FROM api.player_sessions($1, 5)", user_id))
        document = await attempt(db.fetchval("SELECT api.export_player($1)", user_id))
        if document is not None:
            document = json.loads(document)
            totals = {row["board"]: row["total_score"] for row in document["boards"]}
            scores = [row["score"] for row in document["sessions"]]
            assert totals == ({"overall": sum(scores), "best": max(scores)} if scores else {}), "of one moment"


@pytest.mark.parametrize("seed", [1, 2])
async def test_no_deadlock_and_exact_in_the_end(db, connect, seed):
    await db.execute("SELECT api.create_board('best', p_aggregate => 'best')")
    await submit(db, *[(user_id, 5) for user_id in range(1, 13)])
    tasks = (
        submits,
        submits,
        submits_by_external_ids,
        submits_by_external_ids,
        plain_sql,
        changes,
        changes,
        erases,
        reads,
    )
    await asyncio.gather(
        *[task(await connect(), random.Random(seed * 100 + number), 60) for number, task in enumerate(tasks)]
    )
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []
    for board in ("overall", "best"):
        await assert_exact(db, board)
    assert await db.fetchval("SELECT count(*) - count(DISTINCT username) FROM users") == 0
    found = await db.fetchval("SELECT array_agg(user_id ORDER BY user_id) FROM api.players_by_name('', 1000)")
    assert found == await db.fetchval("SELECT array_agg(id ORDER BY id) FROM users")


async def test_two_players_swap_their_names_at_once(db, connect):
    await submit(db, (1, 5, None, "a"), (2, 5, None, "b"))
    one, two = await connect(), await connect()
    for _ in range(20):
        names = [row[0] for row in await db.fetch("SELECT username FROM users ORDER BY id")]
        rename = "SELECT api.rename_player($1, $2)"
        await asyncio.gather(attempt(one.execute(rename, 1, names[1])), attempt(two.execute(rename, 2, names[0])))
        await asyncio.gather(attempt(one.execute(rename, 1, "c")), attempt(two.execute(rename, 2, "c")))
        assert await db.fetchval("SELECT count(DISTINCT username) FROM users") == 2


@pytest.mark.parametrize("items", [[(1, 7)], [(1, 3), (1, 4)]])
async def test_a_submit_that_waits_for_an_erased_player_counts_from_nothing(db, connect, items):
    await submit(db, (1, 5))
    other = await connect()
    async with db.transaction():
        await db.execute("SELECT api.erase_player(1, 1)")
        waiting = asyncio.ensure_future(attempt(submit(other, *items)))
        while not await db.fetchval(
            "SELECT EXISTS (SELECT FROM pg_locks AS l WHERE NOT l.granted AND l.pid = $1)", other.get_server_pid()
        ):
            await asyncio.sleep(0.01)
    # Or it is told that the player was deleted.
    outcomes = await waiting or await submit(other, *items)
    assert outcomes[-1][4] == 7
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []


async def test_a_dropped_attribute_beside_calls_that_set_it(db, connect):
    await submit(db, *[(user_id, 5) for user_id in range(1, 60)])
    others = [await connect() for _ in range(4)]

    async def sets(connection, choose):
        for _ in range(80):
            try:
                await connection.execute('SELECT api.set_attributes($1, \'{"platform": "PC"}\')', choose.randint(1, 59))
            except asyncpg.PostgresError as error:
                assert error.sqlstate == "LB017"

    async def drops():
        await asyncio.sleep(0.05)
        while await db.fetchval("SELECT api.drop_attribute('platform')"):
            pass

    await asyncio.gather(*[sets(one, random.Random(number)) for number, one in enumerate(others)], drops())
    assert await db.fetchval("SELECT count(*) FROM users WHERE attributes IS NOT NULL") == 0
