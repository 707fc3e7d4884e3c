"""32 connections on overlapping players, with folds and rebuilds beside them.

Nothing is lost, nothing counts twice, and ranks are exact all along.
"""

import asyncio
import itertools
import random

import asyncpg
import pytest

from tests.support.oracle import WRONG_RANKS, assert_exact

CONNECTIONS = 32
CALLS = 40
PLAYERS = 60


@pytest.fixture
async def pool(database_url):
    pool = await asyncpg.create_pool(database_url, min_size=CONNECTIONS + 4, max_size=CONNECTIONS + 4)
    yield pool
    await pool.close()


async def submitter(pool, seed, counted):
    rng = random.Random(seed)
    async with pool.acquire() as db:
        for _ in range(CALLS):
            players = [rng.randint(1, PLAYERS) for _ in range(rng.choice([1, 1, 1, 5, 20]))]
            scores = [rng.randint(0, 200) for _ in players]
            modes = [rng.choice(["solo", "team"]) for _ in players]
            keys = [rng.choice([None, f"{rng.randint(1, 400)}"]) for _ in players]
            outcomes = await db.fetch(
                "SELECT * FROM api.submit_scores($1, $2, $3, NULL, $4)", players, scores, modes, keys
            )
            for player, score, outcome in zip(players, scores, outcomes, strict=True):
                if outcome["status"] == "accepted":
                    counted.append((player, score))


async def repeat(pool, statement, stop):
    async with pool.acquire() as db:
        while not stop.is_set():
            await db.execute(statement)
            await asyncio.sleep(0.01)


async def watch(pool, stop, looks):
    """Each look is one snapshot: what the index says against RANK()."""
    async with pool.acquire() as db:
        while not stop.is_set():
            for board in ("overall", "best"):
                assert await db.fetch(WRONG_RANKS, board) == []
            assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []
            looks.append(len(looks))


async def test_submits_folds_rebuilds_and_reads_side_by_side(pool):
    await pool.execute("SELECT api.create_board('best', 'team', 'best')")
    await pool.execute("SELECT api.create_board('last', NULL, 'last')")
    stop = asyncio.Event()
    counted = []
    looks = []
    beside = [
        asyncio.create_task(repeat(pool, "SELECT api.fold_ranks()", stop)),
        asyncio.create_task(repeat(pool, "SELECT api.rebuild_leaderboard()", stop)),
        asyncio.create_task(repeat(pool, "SELECT api.materialize_ranks()", stop)),
        asyncio.create_task(watch(pool, stop, looks)),
    ]
    seeds = itertools.count()
    try:
        while len(looks) < 3 and not beside[-1].done():  # on a busy machine a look takes its time
            await asyncio.gather(*(submitter(pool, next(seeds), counted) for _ in range(CONNECTIONS)))
    finally:
        stop.set()
    await asyncio.gather(*beside)

    ledger = await pool.fetch("SELECT user_id, score FROM game_sessions")
    assert sorted(map(tuple, ledger)) == sorted(counted)
    async with pool.acquire() as db:
        for board in ("overall", "best", "last"):
            await assert_exact(db, board)
    assert await pool.fetchval("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()") == 0


async def test_calls_that_wait_for_players_beside_calls_that_skip_them(pool):
    """Alone and in batches, now and then with new players and names."""
    await pool.execute("SELECT api.create_board('best', 'team', 'best')")
    await pool.execute("SELECT api.submit_scores(array_agg(p), array_agg(0)) FROM generate_series(1, 40) AS p")
    counted = []

    async def submit(seed):
        rng = random.Random(seed)
        async with pool.acquire() as db:
            await db.execute(f"SET leaderboard.busy_players = '{'skip' if seed % 2 else ''}'")
            for call in range(CALLS):
                left = [
                    (rng.randint(1, 45), rng.randint(0, 9), rng.choice([None, "team"]),
                     rng.choice([None] * 60 + [f"{seed}-{call}"]), rng.choice([None, f"{seed}-{call}-{item}"]))
                    for item in range(rng.choice([1, 2, 8, 30]))
                ]  # fmt: skip
                while left:
                    outcomes = await db.fetch(
                        "SELECT * FROM api.submit_scores($1, $2, $3, $4, $5)",
                        *(list(column) for column in zip(*left, strict=True)),
                    )
                    assert {outcome["status"] for outcome in outcomes} <= {"accepted", "busy"}
                    counted.extend((o["user_id"], o["score"]) for o in outcomes if o["status"] == "accepted")
                    left = [item for item, o in zip(left, outcomes, strict=True) if o["status"] == "busy"]

    await asyncio.gather(*(submit(seed) for seed in range(8)))
    ledger = await pool.fetch("SELECT user_id, score FROM game_sessions WHERE id > 40")
    assert sorted(counted) == sorted((row["user_id"], row["score"]) for row in ledger)
    assert await pool.fetch("SELECT * FROM api.verify_leaderboard()") == []
    for board in ("overall", "best"):
        await assert_exact(pool, board)


async def test_the_same_keys_from_many_connections_count_once(pool):
    async def one():
        async with pool.acquire() as db:
            return [
                await db.fetchval(
                    "SELECT duplicate FROM api.submit_score(1, $1, p_submission_key => $2)",
                    number,
                    f"key{number}",
                )
                for number in range(20)
            ]

    answers = await asyncio.gather(*(one() for _ in range(16)))
    assert sum(not duplicate for row in answers for duplicate in row) == 20
    assert await pool.fetchval("SELECT total_score FROM leaderboard") == sum(range(20))


async def test_new_players_with_the_same_names_from_many_connections(pool):
    async def one(seed):
        rng = random.Random(seed)
        async with pool.acquire() as db:
            for _ in range(15):
                ids = [rng.randint(1, 300) for _ in range(10)]
                names = [rng.choice([None, f"name{rng.randint(1, 100)}", f"user_{rng.randint(1, 300)}"]) for _ in ids]
                outcomes = await db.fetch("SELECT * FROM api.submit_scores($1, $1, NULL, $2)", ids, names)
                assert {row["error"] for row in outcomes} <= {None, "LB020"}

    await asyncio.gather(*(one(seed) for seed in range(16)))
    assert await pool.fetch("SELECT * FROM api.verify_leaderboard()") == []
    assert await pool.fetchval("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()") == 0


async def test_boards_made_under_load_miss_and_double_nothing(pool):
    stop = asyncio.Event()
    counted = []

    async def make():
        for number in range(8):
            await pool.execute(
                f"SELECT api.create_board('b{number}', $1, $2)",
                [None, "team"][number % 2],
                ["sum", "best", "last"][number % 3],
            )
            await asyncio.sleep(0.02)
        stop.set()

    await asyncio.gather(make(), *(submitter(pool, seed, counted) for seed in range(8)))
    assert await pool.fetch("SELECT * FROM api.verify_leaderboard()") == []
    assert await pool.fetchval("SELECT count(*) FROM game_sessions") == len(counted)
    assert await pool.fetchval("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()") == 0


async def test_players_deleted_under_load(pool):
    stop = asyncio.Event()

    async def submit(seed):
        rng = random.Random(seed)
        vanished = 0
        async with pool.acquire() as db:
            for _ in range(60):
                try:
                    await db.execute("SELECT api.submit_score($1, 5)", rng.randint(1, 5))
                except asyncpg.PostgresError as error:
                    assert error.sqlstate == "LB031"
                    vanished += 1
        return vanished

    async def delete():
        async with pool.acquire() as db:
            while not stop.is_set():
                await db.execute("DELETE FROM users WHERE id = $1", random.randint(1, 5))

    deleter = asyncio.create_task(delete())
    try:
        await asyncio.gather(*(submit(seed) for seed in range(8)))
    finally:
        stop.set()
    await deleter
    async with pool.acquire() as db:
        await assert_exact(db)


async def test_large_calls_for_one_player_at_once_stay_in_range(pool):
    """Each call fits for itself: which of them still do is known once the player is locked."""
    score = 2**41
    await pool.execute("SELECT api.create_board('wide', NULL, 'sum', 0, $1)", score)
    await pool.execute("SELECT api.submit_score(1, 1)")

    async def call():
        async with pool.acquire() as db:
            return await db.fetch(
                "SELECT s.error FROM api.submit_scores($1, $2, p_board => 'wide') AS s",
                [1] * 1000,
                [score] * 1000,
            )

    errors = [row["error"] for rows in await asyncio.gather(*(call() for _ in range(6))) for row in rows]
    counted = (2**53 - 1 - 1) // score
    assert errors.count(None) == counted
    assert errors.count("LB023") == 6000 - counted
    async with pool.acquire() as db:
        assert await db.fetchval("SELECT rank FROM api.player_rank(1, 'wide')") == 1
        await assert_exact(db, "wide")
