"""Submissions that arrive while a transaction is under way share the next one: none is lost or doubled."""

import asyncio
import dataclasses

import asyncpg
import pytest

from service.app import create_app
from service.batching import FullError
from service.http import app_keys
from service.leaderboard import submissions
from service.observability import metrics
from tests.support.stalls import blocked_submit, service_backends
from tests.support.waiting import until

SUBMIT = "/api/leaderboard/submit"


@pytest.fixture
def documented():
    """Tests change functions of the database here, so undocumented errors are no surprise."""


@pytest.fixture(autouse=True)
def one_at_a_time(monkeypatch):
    """One blocked transaction then lets a test decide what the next one contains."""
    monkeypatch.setattr(submissions, "STALL_SECONDS", 60)


TRANSACTIONS = "SELECT count(DISTINCT xmin::text) FROM game_sessions WHERE score = 10"


async def send(client, user_id, score=10, key=None, **params):
    headers = {"Idempotency-Key": key} if key else {}
    return await client.post(SUBMIT, json={"user_id": user_id, "score": score}, headers=headers, params=params)


async def blocked_transaction(client, db, user_id, **kwargs):
    """A submission whose transaction waits in the database for the boards lock, which all players need."""
    await client.post(SUBMIT, json={"user_id": user_id, "score": 1})
    lock = db.transaction()
    await lock.start()
    await db.execute("SELECT internal.lock_boards()")
    request = asyncio.create_task(client.post(SUBMIT, json={"user_id": user_id, "score": 10}, **kwargs))
    await until(lambda: service_backends(db))
    return request, lock


async def waiting(app, count):
    """Until `count` submissions wait for the next transaction."""
    leaderboard = app[app_keys.LEADERBOARD]

    async def reached():
        leaderboard.update_gauges()
        return metrics.QUEUE["submit",].value >= count

    await until(reached)


async def test_simultaneous_requests_share_a_transaction(client, db):
    first, lock = await blocked_transaction(client, db, 1)
    others = [asyncio.create_task(send(client, user_id)) for user_id in range(2, 42)]
    await waiting(client.app, 40)
    await lock.rollback()
    answers = await asyncio.gather(first, *others)
    assert {answer.status for answer in answers} == {200}
    assert [(await answer.json())["user_id"] for answer in answers] == list(range(1, 42))
    assert await db.fetchval(TRANSACTIONS) == 2


async def test_a_lone_client_does_not_wait(client, db):
    for user_id in range(1, 6):
        assert (await send(client, user_id)).status == 200
    assert await db.fetchval(TRANSACTIONS) == 5


async def test_boards_and_ranks_asked_for_side_by_side(client, db):
    await db.execute("SELECT api.create_board('other')")
    first, lock = await blocked_transaction(client, db, 1)
    others = [
        asyncio.create_task(send(client, 2, board="other")),
        asyncio.create_task(send(client, 3, include="rank")),
        asyncio.create_task(send(client, 4, board="nowhere")),
        asyncio.create_task(send(client, 5)),
    ]
    await waiting(client.app, 4)
    await lock.rollback()
    await first
    answers = await asyncio.gather(*others)
    assert [answer.status for answer in answers] == [200, 200, 404, 200]
    assert (await answers[1].json())["previous_rank"] is None
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []


async def test_a_rejected_item_does_not_affect_the_others(client, db):
    first, lock = await blocked_transaction(client, db, 1)
    others = [asyncio.create_task(send(client, 2, score)) for score in (10, -1, 20)]
    await waiting(client.app, 3)
    await lock.rollback()
    await first
    assert [answer.status for answer in await asyncio.gather(*others)] == [200, 422, 200]
    assert await db.fetchval("SELECT total_score FROM leaderboard WHERE user_id = 2") == 30


async def test_an_item_that_fails_the_whole_transaction_fails_alone(client, db):
    await db.execute("""
        CREATE FUNCTION public.poison() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.score = 666 THEN RAISE division_by_zero; END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER poison BEFORE INSERT ON game_sessions FOR EACH ROW EXECUTE FUNCTION public.poison();
    """)
    first, lock = await blocked_transaction(client, db, 1)
    others = [asyncio.create_task(send(client, user_id, 666 if user_id == 3 else 10)) for user_id in (2, 3, 4)]
    await waiting(client.app, 3)
    await lock.rollback()
    await first
    answers = await asyncio.gather(*others)
    assert [answer.status for answer in answers] == [200, 500, 200]
    assert (await answers[1].json())["error"]["code"] == "internal_error"
    assert await db.fetchval("SELECT array_agg(user_id ORDER BY user_id) FROM leaderboard") == [1, 2, 4]


async def test_a_lost_connection_is_an_unknown_outcome_and_a_retry_with_the_key_counts_once(client, db):
    first, lock = await blocked_transaction(client, db, 1, headers={"Idempotency-Key": "k"})
    others = [asyncio.create_task(send(client, user_id, key="k")) for user_id in (2, 3)]
    await waiting(client.app, 2)
    (backend,) = await service_backends(db)
    await db.execute("SELECT pg_terminate_backend($1)", backend["pid"])
    answer = await first
    assert answer.status == 503
    assert (await answer.json())["error"]["code"] == "outcome_unknown"
    assert "Idempotency-Key" in (await answer.json())["error"]["message"]
    await lock.rollback()
    assert [answer.status for answer in await asyncio.gather(*others)] == [200, 200]
    assert (await send(client, 1, key="k")).status == 200
    assert (await (await send(client, 1, key="k")).json())["duplicate"] is True
    assert await db.fetchval("SELECT count(*) FROM game_sessions WHERE score = 10") == 3


async def test_a_client_that_leaves_affects_no_other_one_and_its_submission_counts(client, db):
    first, lock = await blocked_transaction(client, db, 1)
    others = [asyncio.create_task(send(client, user_id)) for user_id in (2, 3, 4)]
    await waiting(client.app, 3)
    others[1].cancel()
    await lock.rollback()
    await first
    answers = await asyncio.gather(*others, return_exceptions=True)
    assert [getattr(answer, "status", type(answer)) for answer in answers] == [
        200,
        asyncio.CancelledError,
        200,
    ]
    assert await db.fetchval("SELECT count(*) FROM game_sessions WHERE score = 10") == 4
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []


async def test_a_full_queue_refuses_at_once(aiohttp_client, settings, db):
    client = await aiohttp_client(create_app(dataclasses.replace(settings, max_waiting=3)))
    first, lock = await blocked_transaction(client, db, 1)
    others = [asyncio.create_task(send(client, user_id)) for user_id in (2, 3, 4)]
    await waiting(client.app, 3)
    refused = await asyncio.wait_for(send(client, 5), 10)
    assert refused.status == 503
    assert refused.headers["Retry-After"] == "1"
    assert (await refused.json())["error"]["code"] == "overloaded"
    assert not any(other.done() for other in others)
    await lock.rollback()
    assert [answer.status for answer in await asyncio.gather(first, *others)] == [200] * 4
    assert await db.fetchval("SELECT count(*) FROM users WHERE id = 5") == 0


@pytest.mark.parametrize("players", [1, 2, 30])
async def test_simultaneous_rank_reads(client, db, players):
    await db.execute("SELECT api.submit_scores(array_agg(g), array_agg(g * 5)) FROM generate_series(1, 30) AS g")
    reads = [client.get(f"/api/leaderboard/rank/{user_id}") for user_id in [*range(1, players + 1), 999]]
    reads.append(client.get("/api/leaderboard/rank/1", params={"board": "nowhere"}))
    answers = await asyncio.gather(*reads)
    assert [answer.status for answer in answers] == [200] * players + [404, 404]
    for user_id, answer in zip(range(1, players + 1), answers, strict=False):
        alone = await db.fetchrow("SELECT * FROM api.player_rank($1)", user_id)
        # Both are NULL on a board that has neither, and then no part of the answer.
        assert (alone["display"], alone["season"]) == (None, None)
        assert await answer.json() == {name: value for name, value in alone.items() if value is not None}
    assert (await answers[-2].json())["error"] == {
        "code": "unknown_player",
        "message": "player 999 is not on board overall",
    }
    assert (await answers[-1].json())["error"]["code"] == "unknown_board"


async def test_the_message_for_an_unknown_player_is_the_databases(client, db):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await db.execute("SELECT api.player_rank(999)")
    both = await asyncio.gather(client.get("/api/leaderboard/rank/999"), client.get("/api/leaderboard/rank/998"))
    assert (await both[0].json())["error"]["message"] == caught.value.args[0]


async def test_all_who_share_a_read_that_is_refused_get_the_error(client, assert_error):
    """Those that joined the read used to wait forever when it was refused."""
    await client.post(SUBMIT, json={"user_id": 7, "score": 5})
    reads = client.app[app_keys.LEADERBOARD]._rank_reads
    misses, flights = reads._misses, reads._flights

    class Full:
        async def __call__(self, read):
            async with asyncio.timeout(10):
                while sum(len(waiting) for _, waiting in flights._calls.values()) < 4:
                    await asyncio.sleep(0.01)
            raise FullError

        def join(self, read, receiver):
            return False

    reads._misses = Full()
    async with asyncio.timeout(20):
        answers = await asyncio.gather(*(client.get("/api/leaderboard/rank/7") for _ in range(4)))
    reads._misses = misses
    for answer in answers:
        await assert_error(answer, 503, "overloaded")
    assert not flights._calls


async def test_a_locked_player_delays_no_other_one(aiohttp_client, settings, db, monkeypatch):
    monkeypatch.undo()
    client = await aiohttp_client(create_app(settings))
    first, lock = await blocked_submit(client, db, 1)
    for user_id in range(2, 12):
        assert (await asyncio.wait_for(send(client, user_id), 3)).status == 200
    assert not first.done()
    await lock.rollback()
    assert (await first).status == 200


async def test_a_submission_that_waits_too_long_is_refused(aiohttp_client, settings, db, monkeypatch):
    monkeypatch.setattr(submissions, "MAX_WAIT_SECONDS", 0.2)
    client = await aiohttp_client(create_app(settings))
    first, lock = await blocked_transaction(client, db, 1)
    late = asyncio.create_task(send(client, 2))
    await asyncio.sleep(0.4)
    await lock.rollback()
    assert (await first).status == 200
    assert (await late).status == 503
    assert (await (await late).json())["error"]["code"] == "overloaded"
    assert await db.fetchval("SELECT count(*) FROM users") == 1
    assert (await send(client, 2)).status == 200


async def test_a_locked_player_fails_no_other_submission_of_the_transaction(aiohttp_client, settings, db):
    """It is skipped at once and made again alone, waiting as long as a statement may take. The others never wait."""
    client = await aiohttp_client(create_app(dataclasses.replace(settings, statement_timeout_ms=1000)))
    await client.post(SUBMIT, json={"user_id": 7, "score": 1})
    first, boards = await blocked_transaction(client, db, 1)
    calls = [asyncio.create_task(send(client, user_id, key="k")) for user_id in (2, 7, 3, 7, 4, 5)]
    await waiting(client.app, 6)
    await boards.rollback()
    assert (await first).status == 200
    player = db.transaction()
    await player.start()
    await db.execute("SELECT FROM users WHERE id = 7 FOR UPDATE")
    for _ in range(3):
        calls += [asyncio.create_task(send(client, user_id)) for user_id in (7, 2, 3, 4)]
        for call in calls[-3:]:
            assert (await asyncio.wait_for(call, 10)).status == 200
    await player.rollback()
    answers = await asyncio.gather(*calls)
    codes = {200: "", 503: ""}
    for answer in answers:
        codes[answer.status] = await answer.text()
    if codes[503]:
        assert "database_timeout" in codes[503]
    for user_id in (2, 3, 4):
        assert await db.fetchval("SELECT count(*) FROM game_sessions WHERE user_id = $1", user_id) == 4
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []


async def test_a_skipped_item_is_not_counted_and_nothing_else_changes(db, connect):
    other = await connect()
    await db.execute("SELECT api.submit_scores('{1,2,3}', '{10,20,30}')")
    async with other.transaction():
        await other.execute("SELECT FROM users WHERE id = 2 FOR UPDATE")
        async with db.transaction():
            await db.execute("SELECT set_config('leaderboard.busy_players', 'skip', true)")
            rows = await db.fetch(
                "SELECT item, status, total_score FROM api.submit_scores("
                "'{2,1,2,9,3}', '{1,1,1,1,1}', NULL, NULL, '{a,b,a,c,NULL}', p_with_rank => true)"
            )
    assert [tuple(row) for row in rows] == [
        (1, "busy", None),
        (2, "accepted", 11),
        (3, "busy", None),
        (4, "accepted", 1),
        (5, "accepted", 31),
    ]
    assert await db.fetchval("SELECT count(*) FROM submission_keys WHERE user_id = 2") == 0
    (again,) = await db.fetch("SELECT status, total_score FROM api.submit_scores('{2}', '{1}', NULL, NULL, '{a}')")
    assert tuple(again) == ("accepted", 21)
    assert await db.fetch("SELECT * FROM api.verify_leaderboard()") == []


async def test_clients_batches_are_bounded_and_leave_connections_to_the_others(aiohttp_client, settings, db):
    client = await aiohttp_client(create_app(dataclasses.replace(settings, max_waiting=300)))
    await client.post(SUBMIT, json={"user_id": 7, "score": 1})
    async with db.transaction():
        await db.execute("SELECT FROM users WHERE id = 7 FOR UPDATE")
        batches = [
            asyncio.create_task(client.post(f"{SUBMIT}/batch", json=[{"user_id": 7, "score": 1}])) for _ in range(8)
        ]
        # One under way, three may wait; the rest is refused at once.
        done, _ = await asyncio.wait(batches, return_when=asyncio.FIRST_COMPLETED, timeout=10)
        while len(done) < 4:
            more, _ = await asyncio.wait(set(batches) - done, return_when=asyncio.FIRST_COMPLETED, timeout=10)
            assert more
            done |= more
        for refused in done:
            assert refused.result().status == 503
            assert (await refused.result().json())["error"]["code"] == "overloaded"
        for user_id in (1, 2, 3):
            assert (await asyncio.wait_for(send(client, user_id), 10)).status == 200
        assert (await asyncio.wait_for(client.get("/api/leaderboard/rank/7"), 10)).status == 200
    answers = await asyncio.gather(*(set(batches) - done))
    assert [answer.status for answer in answers] == [200] * 4
