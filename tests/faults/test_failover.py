"""A primary with a standby fails under load, and the standby takes over."""

import asyncio
import uuid
from typing import Any

import asyncpg
import psycopg
import pytest

from service.database.timeline import FormerPrimaryError, Timelines
from service.settings import SERVICE_ROLE
from tests.faults.failover import ANOTHER_PRIMARY, FailoverStack, failover_drill
from tests.support.service import Service
from tests.support.waiting import eventually, until

WAITING = "wait_event = 'SyncRep'"


@pytest.mark.parametrize("synchronous", ["system"], indirect=True)
@pytest.mark.parametrize(
    "name",
    [
        "primary crashes",
        "primary freezes and wakes up",
        "former primary returns",
        "standby freezes and is given up",
        "standby freezes, waits are cancelled, primary crashes",
    ],
)
async def test_nothing_is_lost_with_a_synchronous_standby(synchronous: FailoverStack, name: str) -> None:
    found = await failover_drill(synchronous, name)
    assert found.report.problems == []
    assert (found.report.lost, found.report.doubled) == (0, 0)


@pytest.mark.parametrize("name", ["primary freezes", "standby is promoted beside the primary"])
async def test_nothing_is_doubled_with_an_asynchronous_one(asynchronous: FailoverStack, name: str) -> None:
    found = await failover_drill(asynchronous, name)
    assert found.report.problems == []
    assert found.report.doubled == 0


# --- a synchronous standby that does not answer -------------------------------------------------------------


async def test_a_commit_that_only_the_primary_has_is_not_acknowledged(synchronous: FailoverStack) -> None:
    """If the wait for the standby is cancelled, PostgreSQL reports success, with a warning."""
    await synchronous.attached()
    pair, key = synchronous.pair, uuid.uuid4().hex
    user_id = 5_000_001

    async def submit() -> tuple[int, Any]:
        body = {"user_id": user_id, "score": 7}
        return await asyncio.to_thread(
            lambda: synchronous.service.request("/api/leaderboard/submit", body, **{"Idempotency-Key": key})
        )

    def waiting() -> object:
        return pair.primary.sql(f"SELECT count(*) FROM pg_stat_activity WHERE {WAITING} AND query ~ 'submit_scores'")

    pair.standby.freeze()
    try:
        # The second attempt finds the key: it is a replay, and must wait for the standby all the same.
        for _ in range(2):
            attempt = asyncio.create_task(submit())
            await asyncio.to_thread(eventually, waiting)
            pair.primary.sql(f"SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE {WAITING}")
            status, answer = await attempt
            assert (status, answer["error"]["code"]) == (503, "outcome_unknown")
            assert pair.primary.sql(f"SELECT count(*) FROM game_sessions WHERE user_id = {user_id}") == 1
        # Reads do not wait for the standby.
        status, answer = await asyncio.to_thread(synchronous.service.request, "/api/leaderboard/top")
        assert status == 200
    finally:
        pair.standby.thaw()
    status, answer = await submit()
    assert (status, answer["duplicate"], answer["total_score"]) == (200, True, 7)
    assert pair.standby.sql(f"SELECT count(*) FROM game_sessions WHERE user_id = {user_id}") == 1


async def test_writes_that_time_out_leave_no_session_behind(synchronous: FailoverStack) -> None:
    """statement_timeout does not end a wait for the standby. If each call left its session waiting, PostgreSQL would
    soon be out of connections.
    """
    await synchronous.attached()
    pair = synchronous.pair
    pair.standby.freeze()
    try:
        calls = [asyncio.to_thread(synchronous.service.submit, 5_000_010 + number, 1) for number in range(4)]
        for status, answer in await asyncio.gather(*calls):
            assert (status, answer["error"]["code"]) == (503, "outcome_unknown")
        # Cancelled meanwhile: only folds, which are tried again and again, may wait.
        waiting = f"SELECT count(*) FROM pg_stat_activity WHERE {WAITING} AND query ~ 'submit_scores'"
        await asyncio.to_thread(eventually, lambda: pair.primary.sql(waiting) == 0)
    finally:
        pair.standby.thaw()


# --- after a failover ---------------------------------------------------------------------------------------


async def test_a_lost_write_does_not_live_on_in_the_cache(asynchronous: FailoverStack) -> None:
    await asynchronous.attached()
    service, pair, user_id = asynchronous.service, asynchronous.pair, 5_000_002

    def total() -> int:
        status, answer = service.request(f"/api/leaderboard/rank/{user_id}")
        assert status == 200, answer
        return int(answer["total_score"])

    service.submit(user_id, 1)
    at = pair.primary.sql("SELECT pg_current_wal_flush_lsn()")
    eventually(lambda: pair.standby.sql(f"SELECT pg_last_wal_replay_lsn() >= '{at}'"))
    pair.standby.stop()
    service.submit(user_id, 10)
    assert total() == 11
    pair.primary.crash()
    pair.standby.start()
    pair.promote()
    eventually(lambda: service.request("/readyz")[0] == 200)
    assert total() == 1


async def test_ranks_fold_after_a_failover(asynchronous: FailoverStack) -> None:
    """With transactions that had not ended: one that was running, one that was prepared."""
    await asynchronous.attached()
    pair = asynchronous.pair
    name = f"t{uuid.uuid4().hex}"

    def delta(connection: psycopg.Connection[Any], user_id: int) -> None:
        connection.execute("SELECT api.submit_score(%s, 3)", [user_id])

    other, prepared, running = (psycopg.connect(pair.primary.url(), autocommit=number == 0) for number in range(3))
    delta(running, 5_000_003)
    delta(prepared, 5_000_004)
    prepared.execute(f"PREPARE TRANSACTION '{name}'")  # type: ignore[call-overload]
    delta(other, 5_000_005)
    other.execute("SELECT api.fold_ranks()")
    assert other.execute("SELECT max(cardinality(in_flight)) >= 2 FROM rank_state").fetchall() == [(True,)]
    at = pair.primary.sql("SELECT pg_current_wal_flush_lsn()")
    eventually(lambda: pair.standby.sql(f"SELECT pg_last_wal_replay_lsn() >= '{at}'"))
    pair.primary.crash()
    for connection in (other, prepared, running):
        connection.close()
    pair.promote()
    eventually(lambda: pair.primary.is_primary)
    for end in (None, f"COMMIT PREPARED '{name}'"):
        if end is not None:
            pair.primary.sql(end)
        pair.primary.sql("SELECT api.submit_score(5000006, 1)")
        # A fold leaves what is newer than a transaction that runs beside it, such as one of the service.
        eventually(
            lambda: (
                pair.primary.sql("SELECT api.fold_ranks()") is not None
                and pair.primary.sql("SELECT pending FROM api.rank_index_status()") == 0
            )
        )
        assert pair.primary.sql("SELECT count(*) FROM api.verify_leaderboard()") == 0
    found = "SELECT array_agg(user_id ORDER BY user_id) FROM leaderboard WHERE user_id BETWEEN 5000003 AND 5000006"
    assert pair.primary.sql(found) == [5_000_004, 5_000_005, 5_000_006]


# --- the guard ----------------------------------------------------------------------------------------------


async def test_a_former_primary_is_refused(asynchronous: FailoverStack, caplog: pytest.LogCaptureFixture) -> None:
    await asynchronous.attached()
    pair = asynchronous.pair
    former, timelines, changes = pair.primary, Timelines(), []

    async def on_change() -> None:
        changes.append(1)

    timelines.on_change = on_change
    opened: list[asyncpg.Connection] = []

    async def connect(node: Any, guard: Timelines = timelines) -> asyncpg.Connection:
        opened.append(await asyncpg.connect(node.url(SERVICE_ROLE)))
        await guard.check(opened[-1])
        return opened[-1]

    try:
        old = await connect(former)
        cluster, before = timelines.current.split("/")
        await connect(pair.standby)  # has no timeline of its own
        pair.promote()
        await asyncio.to_thread(eventually, lambda: pair.primary.is_primary)
        assert changes == []
        new = await connect(pair.primary)
        assert changes == [1]
        assert timelines.current == f"{cluster}/{int(before) + 1}"
        await until(old.is_closed)
        assert not new.is_closed()
        for _ in range(2):
            with pytest.raises(FormerPrimaryError, match="stop all processes of the service"):
                await connect(former)
        assert sum("refused a database server" in record.message for record in caplog.records) == 1
        await connect(former, Timelines())  # as after a restart
        await connect(pair.primary)
        assert changes == [1]
    finally:
        for connection in opened:
            connection.terminate()


async def test_a_process_that_only_reaches_the_former_primary_is_told(asynchronous: FailoverStack) -> None:
    """By another process, through Redis: it has never seen the new primary itself."""
    await asynchronous.attached()
    pair, former = asynchronous.pair, asynchronous.pair.primary
    log, moves = asynchronous.service.log, asynchronous.service.log.read_text().count(ANOTHER_PRIMARY)
    alone = Service(
        asynchronous.folder / "alone",
        DATABASE_URL=former.url(),
        SERVICE_DATABASE_URL=former.url(SERVICE_ROLE),
        REDIS_URL=asynchronous.valkey.url,
        MIGRATE_ON_START="0",
        LOG_LEVEL="warning",
    ).ready()
    try:
        assert (await asyncio.to_thread(alone.submit, 5_000_020, 1))[0] == 200
        pair.promote()
        await asyncio.to_thread(eventually, lambda: log.read_text().count(ANOTHER_PRIMARY) > moves)
        await asyncio.to_thread(eventually, lambda: alone.submit(5_000_020, 1)[0] == 503)
        assert (await asyncio.to_thread(alone.request, "/readyz"))[0] == 503
        assert "former primary" in alone.log.read_text()
        assert former.sql("SELECT pg_is_in_recovery()") is False
    finally:
        await asyncio.to_thread(alone.stop)


async def test_another_cluster_is_not_refused(asynchronous: FailoverStack, database_url: str) -> None:
    """As after a restore from a dump."""
    timelines, seen = Timelines(), []
    for url in (asynchronous.pair.primary.url(), database_url, asynchronous.pair.primary.url()):
        connection = await asyncpg.connect(url)
        try:
            await timelines.check(connection)
        finally:
            await connection.close()
        seen.append(timelines.current)
    assert seen[0] == seen[2] != seen[1]


async def test_a_server_that_hides_its_timeline_is_used(
    db: asyncpg.Connection, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    await db.execute("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC")
    timelines = Timelines()
    for _ in range(2):
        connection = await asyncpg.connect(database_url.replace("leaderboard_owner@", f"{SERVICE_ROLE}@"))
        try:
            await timelines.check(connection)
        finally:
            await connection.close()
    assert timelines.current == ""
    (warning,) = [record for record in caplog.records if record.name == "service.database.timeline"]
    assert warning.levelname == "WARNING"
    assert "permission denied" in vars(warning)["reason"]
