"""What is answered from Redis and what is not, counted by Redis and by PostgreSQL. `IN_REDIS`: the processes keep
nothing themselves.
"""

import asyncio

from tests.cache.conftest import submit_with_psql
from tests.support.api import get, submit
from tests.support.stalls import PLAYER_RANK, slow_down

TOP = ("top_players", "integer, bigint, integer, text, bigint")
IN_REDIS = {"cache_memory_mb": 0}


def keyspace(redis_client):
    stats = redis_client.info("stats")
    return stats["keyspace_hits"], stats["keyspace_misses"]


async def test_the_first_read_misses_and_the_second_hits(new_client, redis_client, count_calls, subtests):
    client = await new_client(**IN_REDIS)
    await submit(client, 7, 10)
    for path, function in (
        ("/top", TOP),
        ("/rank/7", PLAYER_RANK),
        ("/around/7", ("players_around", "bigint, integer, text")),
        ("/distribution", ("score_distribution", "integer, text")),
        ("/top?place=1", ("players_from_place", "bigint, integer, text")),
        ("/rank-of?score=5", ("rank_of_score", "bigint, text")),
        ("/threshold?percent=10", ("threshold", "bigint, double precision, text")),
    ):
        with subtests.test(path=path):
            calls = await count_calls(*function)
            before = keyspace(redis_client)
            first = await get(client, path)
            between = keyspace(redis_client)
            second = await get(client, path)
            after = keyspace(redis_client)
            assert first == second
            assert await calls() == 1
            # The epoch is there both times, the value the second time.
            assert (between[0] - before[0], between[1] - before[1]) == (1, 1)
            assert (after[0] - between[0], after[1] - between[1]) == (2, 0)


async def test_a_season_is_kept_like_a_board(new_client, db, count_calls):
    client = await new_client()
    await db.execute("SELECT api.create_board('arena', p_manual_seasons => true)")
    await submit(client, 7, 10)
    calls = await count_calls(*TOP)
    for season in "current", "1":
        before = await calls()
        for _ in range(2):
            assert [row["total_score"] for row in await get(client, f"/top?board=arena&season={season}")] == [10]
        assert await calls() - before == 1


async def test_a_hit_is_one_command(new_client, redis_client):
    client = await new_client(**IN_REDIS)
    await submit(client, 7, 10)
    await get(client, "/rank/7")
    redis_client.config_resetstat()
    await get(client, "/rank/7")
    commands = {name for name in redis_client.info("commandstats") if "config" not in name}
    assert commands == {"cmdstat_mget"}
    assert redis_client.info("commandstats")["cmdstat_mget"]["calls"] == 1


async def test_a_submission_makes_everything_out_of_date(new_client, count_calls):
    client = await new_client()
    await submit(client, 7, 10)
    calls = await count_calls(*PLAYER_RANK)
    for n in range(1, 4):
        assert (await get(client, "/rank/7"))["total_score"] == 9 + n
        assert (await get(client, "/rank/7"))["total_score"] == 9 + n
        assert await calls() == n
        await submit(client, 8 if n == 5 else 7, 1)


async def test_a_rejected_submission_does_not(new_client, count_calls):
    client = await new_client()
    await submit(client, 7, 10)
    calls = await count_calls(*PLAYER_RANK)
    await get(client, "/rank/7")
    response = await client.post("/api/leaderboard/submit", json={"user_id": 7, "score": -1})
    assert response.status == 422
    await client.post("/api/leaderboard/submit/batch", json=[{"user_id": 7, "score": -1}])
    await get(client, "/rank/7")
    assert await calls() == 1


async def test_a_replay_does_because_its_first_answer_may_have_been_lost(new_client, db):
    client = await new_client()
    await submit(client, 7, 10)
    assert (await get(client, "/rank/7"))["total_score"] == 10
    await db.execute("SELECT FROM api.submit_score(7, 5, 'solo', NULL, 'match-1')")
    assert (await get(client, "/rank/7"))["total_score"] == 10
    response = await client.post(
        "/api/leaderboard/submit", json={"user_id": 7, "score": 5}, headers={"Idempotency-Key": "match-1"}
    )
    assert (await response.json())["duplicate"] is True
    assert (await get(client, "/rank/7"))["total_score"] == 15


async def test_questions_do_not_share_answers(new_client, db):
    client = await new_client(**IN_REDIS)
    await db.execute("SELECT api.create_board('team', 'team')")
    for user_id in range(1, 6):
        await submit(client, user_id, user_id)
    questions = [
        "/top?limit=2",
        "/top?limit=3",
        "/top?limit=2&after=4.4",
        "/top?limit=2&board=team",
        "/rank/1",
        "/rank/2",
        "/around/3?span=0",
        "/around/3?span=1",
        "/around/2?span=1",
        "/distribution?buckets=1",
        "/distribution?buckets=2",
        "/distribution?buckets=1&board=team",
    ]
    first = [await get(client, question) for question in questions]
    second = [await get(client, question) for question in questions]
    assert first == second
    assert [first[n] for n in range(12) if first[n] in first[:n]] == [[]]  # both lists of the empty board


async def test_an_unknown_player_is_not_remembered(new_client, db):
    client = await new_client()
    await submit(client, 1, 1)
    assert (await client.get("/api/leaderboard/rank/7")).status == 404
    await submit_with_psql(db, 7, 1)
    assert (await get(client, "/rank/7"))["total_score"] == 1


async def test_lists_of_friends_and_boards_are_not_remembered(new_client, db):
    client = await new_client()
    await submit(client, 7, 1)
    assert (await get(client, "/ranks?user_ids=7"))[0]["total_score"] == 1
    assert (await get(client, "/boards"))[0]["players"] == 1
    await submit_with_psql(db, 7, 1)
    await submit_with_psql(db, 8, 1)
    assert (await get(client, "/ranks?user_ids=7"))[0]["total_score"] == 2
    assert (await get(client, "/boards"))[0]["players"] == 2


async def test_keys_have_a_prefix_and_values_an_end(new_client, redis_client):
    client = await new_client()
    await submit(client, 7, 1)
    for path in "/top", "/rank/7", "/around/7", "/distribution":
        await get(client, path)
    keys = {key.decode() for key in redis_client.keys("*")}
    assert all(key.startswith("leaderboard:") for key in keys)
    assert {key.split(":")[1] for key in keys} == {"top", "rank", "around", "distribution", "epoch", "timeline"}
    assert len(keys) == 6
    assert all(0 < redis_client.ttl(key) <= 30 for key in keys - {"leaderboard:epoch"})


async def test_what_cannot_be_read_counts_as_missing(new_client, redis_client, subtests):
    client = await new_client(**IN_REDIS)
    await submit(client, 7, 10)
    good = await get(client, "/rank/7")
    (key,) = redis_client.keys("leaderboard:rank:7:*")
    epoch = redis_client.get("leaderboard:epoch")
    for value in (
        b"",
        b"garbage",
        epoch,
        epoch + b"\n",
        epoch + b"\n{",
        epoch + b"\nnull",
        epoch + b"\n[]",
        epoch + b'\n{"user_id": "7"}',
        epoch + b'\n"\xff"',
        epoch + b"\n" + b"[" * 100_000,
        b"\n" + redis_client.get(key).partition(b"\n")[2],
    ):
        with subtests.test(value=value[:40]):
            redis_client.set(key, value)
            assert await get(client, "/rank/7") == good
    redis_client.delete(key)
    redis_client.rpush(key, "a list")
    assert await get(client, "/rank/7") == good


async def test_an_epoch_of_another_type_is_replaced(new_client, redis_client):
    client = await new_client()
    await submit(client, 7, 10)
    redis_client.delete("leaderboard:epoch")
    redis_client.rpush("leaderboard:epoch", "a list")
    assert (await get(client, "/rank/7"))["total_score"] == 10
    await asyncio.sleep(0.5)
    assert (await get(client, "/rank/7"))["total_score"] == 10
    assert redis_client.type("leaderboard:epoch") == b"string"


async def test_misses_of_one_key_share_one_read(new_client, count_calls, db):
    client = await new_client()
    await submit(client, 7, 10)
    calls = await count_calls(*PLAYER_RANK)
    await db.execute("SELECT pg_advisory_lock(1)")
    await slow_down(db)
    await connect_to_redis(client, 20)
    reads = [asyncio.create_task(get(client, "/rank/7")) for _ in range(20)]
    await asyncio.sleep(0.3)
    await db.execute("SELECT pg_advisory_unlock(1)")
    answers = await asyncio.gather(*reads)
    assert [answer["total_score"] for answer in answers] == [10] * 20
    assert await calls() == 1


async def test_a_shared_read_that_fails_fails_for_all_and_is_forgotten(new_client, count_calls, db):
    client = await new_client()
    await submit(client, 1, 1)
    calls = await count_calls(*PLAYER_RANK)
    await db.execute("SELECT pg_advisory_lock(1)")
    await slow_down(db)
    await connect_to_redis(client, 5)
    reads = [asyncio.create_task(client.get("/api/leaderboard/rank/7")) for _ in range(5)]
    await asyncio.sleep(0.3)
    await db.execute("SELECT pg_advisory_unlock(1)")
    assert [response.status for response in await asyncio.gather(*reads)] == [404] * 5
    assert await calls() == 1
    await submit_with_psql(db, 7, 1)
    await get(client, "/rank/7")


async def connect_to_redis(client, connections):
    """Has the service open its connections now: each begins with a new epoch, which would disturb the test."""
    await asyncio.gather(*(get(client, "/top") for _ in range(4 * connections)))
