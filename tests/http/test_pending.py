"""Reads while many rank changes wait to be folded, and while no fold can run."""

import asyncio
import dataclasses
import random

import asyncpg
import pytest

PLAYERS = 10_000
READS = 900
PATHS = {
    "rank": "/api/leaderboard/rank/{player}",
    "top": "/api/leaderboard/top?limit={limit}",
    "around": "/api/leaderboard/around/{player}",
    "ranks": "/api/leaderboard/ranks?user_ids={player},{other},{limit}",
    "distribution": "/api/leaderboard/distribution?buckets={limit}",
}


@pytest.fixture
def settings(settings):
    """900 reads at once that share nothing take their time on a busy machine, with or without changes that
    wait. Reads that each went through 60,000 changes would not be done by then either.
    """
    return dataclasses.replace(settings, pool_timeout_ms=20_000)


@pytest.fixture
async def crowd(db):
    """Ten thousand players, by the SQL that bulk loads use."""
    await db.execute(
        "INSERT INTO users (id, username) SELECT g, 'player' || g FROM generate_series(1, $1) AS g", PLAYERS
    )
    await db.execute("INSERT INTO leaderboard (user_id, total_score) SELECT id, id * 37 % 99991 FROM users")
    await db.execute("SELECT api.fold_ranks()")


async def make_pending(db, deltas):
    for number in range(deltas // 5_000):
        await db.execute(
            "UPDATE leaderboard SET total_score = total_score + 1 + user_id % 7"
            " WHERE user_id % 2 = $1 AND user_id <= 10000",
            number % 2,
        )


async def statuses(client, path, count=READS):
    async def one(number):
        url = path.format(player=1 + number * 11 % PLAYERS, other=1 + number * 7 % PLAYERS, limit=1 + number)
        response = await client.get(url)
        await response.read()
        return response.status

    found = await asyncio.gather(*(one(number) for number in range(count)))
    return {status: found.count(status) for status in set(found)}


async def assert_ranks(db, client):
    """Some ranks, asked for over HTTP, against the plain count, without writes."""
    for player in random.sample(range(1, PLAYERS + 1), 5):
        body = await (await client.get(PATHS["rank"].format(player=player))).json()
        plain = await db.fetchrow(
            "SELECT l.total_score,"
            " 1 + (SELECT count(*) FROM leaderboard AS o WHERE o.total_score > l.total_score)"
            " FROM leaderboard AS l WHERE l.user_id = $1",
            player,
        )
        assert (body["total_score"], body["rank"]) == tuple(plain)


async def test_an_open_transaction_of_another_database_stops_no_read(crowd, client, db, new_database):
    """Folds go on beside it, so nothing piles up."""
    stranger = await asyncpg.connect(new_database())
    try:
        async with stranger.transaction():
            await stranger.execute("SELECT pg_current_xact_id()")
            await make_pending(db, 60_000)
            for path in PATHS.values():
                assert await statuses(client, path) == {200: READS}
            await assert_ranks(db, client)
            async with asyncio.timeout(30):
                while await db.fetchval("SELECT pending FROM api.rank_index_status()"):
                    await asyncio.sleep(0.05)
            assert await db.fetchval("SELECT pid FROM api.horizon_holder()") == stranger.get_server_pid()
    finally:
        await stranger.close()


async def test_ranks_while_no_fold_can_run(crowd, client, db, connect):
    """A call for many ranks costs the pending changes once, not once a player."""
    holder = await connect()
    async with holder.transaction():
        await holder.execute("SELECT internal.lock_fold()")
        await make_pending(db, 300_000)
        assert await db.fetchval("SELECT pending FROM api.rank_index_status()") == 300_000
        assert await statuses(client, PATHS["rank"]) == {200: READS}
        for path in PATHS.values():
            assert await statuses(client, path, 5) == {200: 5}
        await assert_ranks(db, client)
