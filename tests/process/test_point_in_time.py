"""A base backup and the archived log, restored to a moment between two submissions: the commands of docs/backup.md."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest
import redis

from service.embedded import EmbeddedValkey
from service.embedded.postgres import program
from tests.support.databases import execute_on
from tests.support.service import Service, scratch_folder
from tests.support.stock_postgres import OWNER, StockPostgres, system_binaries
from tests.support.waiting import eventually

SUBMIT = "/api/leaderboard/submit"
ARCHIVE = (
    "mkdir -p ../archive && test ! -f ../archive/%f"
    " && cp %p ../archive/%f.part && sync ../archive/%f.part && mv ../archive/%f.part ../archive/%f"
)
WRONG_RANKS = """
    SELECT t.* FROM api.top_players(1000) AS t
    WHERE t.rank <> 1 + (SELECT count(*) FROM leaderboard AS l WHERE l.board_id = 1 AND l.total_score > t.total_score)
"""

Start = Callable[[str], Service]
Restore = Callable[..., str]


class Archived(NamedTuple):
    """A server that is lost: its folder has a base backup and the log's archive, and `whole` is the archive's copy from
    before an accident. `moment` is between two submissions.
    """

    server: StockPostgres
    whole: Path
    moment: str


@pytest.fixture(scope="module")
def start(valkey: EmbeddedValkey) -> Iterator[Start]:
    """Starts the service on a database. All of them share one Redis, as they do when a database is restored."""
    started: list[Service] = []
    with redis.Redis.from_url(valkey.url) as client:
        client.flushall()
    with scratch_folder() as folder:

        def start_on(url: str) -> Service:
            started.append(Service(folder / "data", DATABASE_URL=url, REDIS_URL=valkey.url))
            return started[-1].ready()

        yield start_on
        for one in started:
            one.process.kill()
            one.process.wait()


def submit(running: Service, user_id: int, score: int, key: str) -> tuple[int, bool]:
    """The total, and whether it was a replay."""
    status, body = running.request(SUBMIT, {"user_id": user_id, "score": score}, **{"Idempotency-Key": key})
    assert status == 200, body
    return body["total_score"], body["duplicate"]


def rank(running: Service, user_id: int) -> int:
    status, body = running.request(f"/api/leaderboard/rank/{user_id}")
    assert status == 200, body
    return int(body["rank"])


def read(url: str, statement: str) -> list[Any]:
    with psycopg.connect(url) as connection:
        return connection.execute(statement).fetchall()  # type: ignore[call-overload,no-any-return]


@pytest.fixture(scope="module", params=["system", "embedded"])
def archived(request: pytest.FixtureRequest, start: Start) -> Iterator[Archived]:
    """Scores come in, a base backup is made meanwhile, more scores come, and in the end all are deleted."""
    bin_folder = system_binaries() if request.param == "system" else program("postgres").parent
    server = StockPostgres(bin_folder, {"archive_mode": "on", "archive_command": ARCHIVE})
    try:
        server.start()
        # As on a hosted server: the owner is no superuser.
        execute_on(server, "CREATE ROLE leaderboard_service LOGIN NOINHERIT")
        execute_on(server, "CREATE ROLE studio LOGIN")
        execute_on(server, "GRANT leaderboard_service TO studio")
        execute_on(server, "CREATE DATABASE scores OWNER studio")
        running = start(server.url("studio", "scores"))
        for player in range(1, 21):
            submit(running, player, player * 10, f"first-{player}")
        login = ["-h", str(server.folder), "-U", OWNER]
        server.run("pg_basebackup", *login, "-D", "base", "--checkpoint=fast", "--wal-method=none")
        assert submit(running, 7, 1000, "before") == (1070, False)
        moment = read(server.url("studio", "scores"), "SELECT clock_timestamp()::text")[0][0]
        assert submit(running, 8, 5000, "after") == (5080, False)
        assert (rank(running, 8), rank(running, 7)) == (1, 2)
        running.stop()
        archive(server)
        server.run("/bin/cp", "-a", "archive", "whole")
        with psycopg.connect(server.url("studio", "scores")) as connection:
            connection.execute("DELETE FROM game_sessions")
        archive(server)
        server.shut_down(signal.SIGQUIT)
        yield Archived(server, server.folder / "whole", moment)
    finally:
        server.stop()


def archive(server: StockPostgres) -> None:
    """Waits until all of the log is archived, as archive_timeout would bring it about."""
    with psycopg.connect(server.url(database="postgres"), autocommit=True) as connection:
        (last,) = connection.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone() or ("",)
    eventually((server.folder / "archive" / last).exists, "the archiving")


@pytest.fixture
def restore(archived: Archived) -> Iterator[Restore]:
    """`restore(archive, setting=value, ...)` makes a new server from the base backup and the archive; returns the
    owner's URL of the database. It has archives of its own from then on.
    """
    server = StockPostgres(archived.server.bin_folder, archived.server.settings)

    def make(archive: Path, **target: str) -> str:
        server.run("/bin/cp", "-a", archived.server.folder / "base", "data")
        server.run("/usr/bin/touch", "data/recovery.signal")
        server.settings.update(restore_command=f"cp {archive}/%f %p", recovery_target_action="promote", **target)
        server.start()
        url = server.url("studio", "scores")
        eventually(lambda: read(url, "SELECT pg_is_in_recovery()") == [(False,)], "the end of the recovery")
        return url

    yield make
    server.stop()


def test_restored_to_a_moment_it_serves_and_keys_replay(archived: Archived, restore: Restore, start: Start) -> None:
    url = restore(archived.server.folder / "archive", recovery_target_time=archived.moment)
    assert read(url, "SELECT count(*), max(score) FROM game_sessions") == [(21, 1000)]
    assert read(url, "SELECT * FROM api.verify_leaderboard()") == []
    running = start(url)
    # What was restored is not counted again. What came after the moment counts once, when its client retries.
    assert rank(running, 7) == 1
    assert submit(running, 7, 1000, "before") == (1070, True)
    assert rank(running, 8) == 14
    assert submit(running, 8, 5000, "after") == (5080, False)
    assert submit(running, 8, 5000, "after") == (5080, True)
    assert submit(running, 900, 1, "new-player") == (1, False)
    assert rank(running, 8) == 1
    assert running.request("/readyz")[1]["status"] == "ready"
    running.stop()
    assert read(url, "SELECT * FROM api.verify_leaderboard()") == []
    assert read(url, WRONG_RANKS) == []


def test_restored_to_the_end_of_the_archive_nothing_is_missing(
    archived: Archived, restore: Restore, start: Start
) -> None:
    url = restore(archived.whole)
    running = start(url)
    assert submit(running, 8, 5000, "after") == (5080, True)
    assert (rank(running, 8), rank(running, 7)) == (1, 2)
    running.stop()
    assert read(url, "SELECT count(*) FROM game_sessions") == [(22,)]
    assert read(url, "SELECT * FROM api.verify_leaderboard()") == []
    assert read(url, WRONG_RANKS) == []
