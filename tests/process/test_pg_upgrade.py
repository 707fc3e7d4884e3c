"""PostgreSQL's major version changes, by pg_upgrade and by pg_dump: the commands of docs/upgrades.md."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from service.database import migrate
from service.embedded import EmbeddedValkey
from service.embedded.postgres import program
from tests.support.databases import execute_on
from tests.support.seasons import ARCHIVES, CLOSED_SEASON
from tests.support.service import Service
from tests.support.stock_postgres import OWNER, StockPostgres, system_binaries

CONTENT = """
    SELECT 'user', u.id, u.username, u.join_date::text FROM users AS u
    UNION ALL SELECT 'session', g.id, g.user_id::text, format('%s', g) FROM game_sessions AS g
    UNION ALL SELECT 'total', l.user_id, l.board_id::text, format('%s', l) FROM leaderboard AS l
    UNION ALL SELECT 'key', k.user_id, k.key, format('%s', k) FROM submission_keys AS k
    ORDER BY 1, 2, 3, 4
"""
INDEX = "SELECT s.board_id, s.players, s.horizon, s.in_flight FROM rank_state AS s ORDER BY 1"
WRONG_RANKS = """
    SELECT t.* FROM api.top_players(1000) AS t
    WHERE t.rank <> 1 + (SELECT count(*) FROM leaderboard AS l WHERE l.board_id = 1 AND l.total_score > t.total_score)
"""
NEXT_XID = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"


def read(url: str, statement: str) -> list[Any]:
    with psycopg.connect(url) as connection:
        return connection.execute(statement).fetchall()  # type: ignore[call-overload,no-any-return]


def set_up(server: StockPostgres) -> str:
    """Roles and an empty database, as on a hosted server: the owner is no superuser. Returns the owner's URL."""
    execute_on(server, "CREATE ROLE leaderboard_service LOGIN NOINHERIT")
    execute_on(server, "CREATE ROLE studio LOGIN")
    execute_on(server, "GRANT leaderboard_service TO studio")
    execute_on(server, "CREATE DATABASE scores OWNER studio")
    return server.url("studio", "scores")


def play(url: str, tag: str, players: int = 300) -> None:
    """A submission with a key for each player, in one call, by the service's role."""
    with psycopg.connect(url) as connection:
        connection.execute("SET ROLE leaderboard_service")
        connection.execute(
            "SELECT count(o.*) FROM (SELECT array_agg(i) AS ids, array_agg(1 + i %% 40) AS scores,"
            " array_agg(%s || i) AS keys FROM generate_series(1, %s) AS i) AS n CROSS JOIN LATERAL api.submit_scores("
            "n.ids, n.scores, p_submission_keys => n.keys) AS o",
            [tag, players],
        )


@pytest.fixture
def servers() -> Iterator[Callable[..., StockPostgres]]:
    """`servers(True)` is the system's PostgreSQL, `servers(False)` the embedded version."""
    made: list[StockPostgres] = []

    def make(system: bool) -> StockPostgres:
        made.append(StockPostgres(system_binaries() if system else program("postgres").parent))
        return made[-1]

    yield make
    for one in made:
        one.stop()


@pytest.fixture
def old(servers: Callable[..., StockPostgres]) -> StockPostgres:
    """The system's server with scores, some of them folded into the rank index and some still pending."""
    server = servers(True)
    server.start()
    url = set_up(server)
    migrate.apply(url)
    with psycopg.connect(url) as connection:
        # Takes transaction ids, so that this server is far ahead of a new one.
        connection.execute("CREATE TEMPORARY TABLE taken (id integer)")
        connection.execute(
            "DO $$ BEGIN FOR i IN 1..20000 LOOP"
            " BEGIN INSERT INTO taken VALUES (i); EXCEPTION WHEN division_by_zero THEN NULL; END;"
            " END LOOP; END $$"
        )
    play(url, "folded-")
    with psycopg.connect(url) as connection:
        connection.execute("SELECT api.fold_ranks()")
    play(url, "pending-")
    with psycopg.connect(url) as connection:
        connection.execute(CLOSED_SEASON)
    return server


def check_that_it_goes_on(url: str, folder: Path, valkey: EmbeddedValkey) -> None:
    """The service serves the database: keys replay, ranks are exact, new scores count."""
    assert read(url, "SELECT * FROM api.verify_leaderboard()") == []
    assert read(url, WRONG_RANKS) == []
    running = Service(folder / "data", DATABASE_URL=url, REDIS_URL=valkey.url)
    try:
        running.ready()
        body = {"user_id": 39, "score": 40}
        for key, total, duplicate in (("pending-39", 80, True), ("new", 120, False), ("new", 120, True)):
            status, answer = running.request("/api/leaderboard/submit", body, **{"Idempotency-Key": key})
            assert (status, answer["total_score"], answer["duplicate"]) == (200, total, duplicate), answer
        assert running.request("/api/leaderboard/rank/39")[1]["rank"] == 1
        assert running.submit(4000, 7)[1]["total_score"] == 7
        assert running.request("/readyz")[1]["status"] == "ready"
        running.signal(signal.SIGTERM)
        assert running.ended() == 0
    finally:
        running.process.kill()
        running.process.wait()
    assert read(url, "SELECT * FROM api.verify_leaderboard()") == []
    assert read(url, WRONG_RANKS) == []


def test_pg_upgrade_keeps_transaction_ids_and_so_the_rank_index(
    old: StockPostgres, servers: Callable[..., StockPostgres], folder: Path, valkey: EmbeddedValkey
) -> None:
    url = old.url("studio", "scores")
    content, index, next_xid = read(url, CONTENT), read(url, INDEX), read(url, NEXT_XID)[0][0]
    archives = read(url, ARCHIVES)
    assert len(archives) > 300
    pending = read(url, "SELECT count(*) FROM rank_delta")
    assert pending == [(300,)]
    old.shut_down()

    new = servers(False)
    new.create("--no-data-checksums")  # as in the old cluster
    folders = ["-b", old.bin_folder, "-B", new.bin_folder, "-d", old.data, "-D", new.data]
    new.run("pg_upgrade", *folders, "-U", OWNER, "--check")
    new.run("pg_upgrade", *folders, "-U", OWNER, "--no-sync")
    new.start()
    new.run("vacuumdb", "-h", str(new.folder), "-U", OWNER, "--all", "--analyze-only")

    url = new.url("studio", "scores")
    assert read(url, CONTENT) == content
    assert read(url, INDEX) == index
    assert read(url, ARCHIVES) == archives
    assert read(url, "SELECT count(*) FROM rank_delta") == pending
    assert read(url, NEXT_XID)[0][0] >= next_xid
    check_that_it_goes_on(url, folder, valkey)


def test_a_plain_dump_of_the_old_server_is_exact_in_the_new_one(
    old: StockPostgres, servers: Callable[..., StockPostgres], folder: Path, valkey: EmbeddedValkey
) -> None:
    """The new server has seen fewer transactions, so the horizon is ahead of it until the first write."""
    source = old.url("studio", "scores")
    content, archives = read(source, CONTENT), read(source, ARCHIVES)
    new = servers(False)
    new.start()
    url = set_up(new)
    dump = str(new.folder / "scores.sql")
    # The tools of the newer version, as PostgreSQL's documentation says.
    new.run("pg_dump", "--no-owner", "--no-privileges", "--file", dump, source)
    new.run("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file", dump, url)
    assert read(url, f"SELECT s.horizon::text::bigint > ({NEXT_XID}) FROM rank_state AS s WHERE s.board_id = 1") == [
        (True,)
    ]
    assert read(url, CONTENT) == content
    assert read(url, ARCHIVES) == archives
    assert read(url, WRONG_RANKS) == []
    migrate.apply(url)  # the rights, which such a dump lacks
    assert read(url, "SELECT * FROM api.verify_leaderboard()") == []
    check_that_it_goes_on(url, folder, valkey)
    assert read(url, f"SELECT s.horizon::text::bigint <= ({NEXT_XID}) FROM rank_state AS s WHERE s.board_id = 1") == [
        (True,)
    ]
