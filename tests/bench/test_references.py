"""What the benchmarks run answers right: references, load clients, processes. How fast is no matter here."""

import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from service.app import create_app
from service.settings import Settings
from tests.bench import calls, load, servers, steady
from tests.bench.references import bare, naive_sql, no_ranks, zset
from tests.support.api import get, submit

TOTALS = {1: 500, 2: 300, 3: 500, 4: 100}


@pytest.fixture
async def played(db: asyncpg.Connection) -> asyncpg.Connection:
    """A database in which players 1 to 4 have TOTALS."""
    await db.execute("SELECT FROM api.submit_scores($1, $2)", list(TOTALS), list(TOTALS.values()))
    return db


async def test_bare_answers_reads_and_writes_with_the_same_ten_rows(aiohttp_client: Any) -> None:
    client = await aiohttp_client(bare.create_app())
    rows_ = await get(client, "/top?limit=10")
    assert len(rows_) == 10
    assert await submit(client, 1, 1) == rows_


@pytest.mark.parametrize("rank_commands", [1, 2])
async def test_zset_adds_ranks_and_lists(aiohttp_client: Any, redis_url: str, rank_commands: int) -> None:
    zset.load(redis_url, TOTALS.items())
    client = await aiohttp_client(zset.create_app(redis_url, rank_commands))
    answer = await submit(client, 4, 250)
    assert answer == {
        "message": "Score submitted successfully",
        "user_id": 4,
        "score": 250,
        "total_score": 350,
    }
    assert await get(client, "/rank/4") == {"user_id": 4, "total_score": 350, "rank": 3}
    # Not RANK(): of two equal totals one is second, whichever sorts later as a text.
    assert await get(client, "/top?limit=2") == [
        {"rank": 1, "user_id": 3, "total_score": 500},
        {"rank": 2, "user_id": 1, "total_score": 500},
    ]
    assert (await client.get("/api/leaderboard/rank/99")).status == 404


async def test_one_player_in_sixteen_writes_before_a_run_and_nothing_stays_pending(
    db: asyncpg.Connection, database_url: str
) -> None:
    await db.execute(
        "SELECT FROM api.submit_scores(ARRAY(SELECT generate_series(1, 200)), ARRAY_FILL(7::bigint, ARRAY[200]))"
    )
    servers.write_every_page(database_url, 200)
    raised = [row["user_id"] for row in await db.fetch("SELECT * FROM api.top_players(13)")]
    assert sorted(raised) == list(range(1, 201, 16))
    assert await db.fetchval("SELECT count(*) FROM rank_delta") == 0
    assert servers.differences(database_url) == 0


async def test_naive_sql_has_the_ranks_that_we_have(
    aiohttp_client: Any, played: asyncpg.Connection, database_url: str
) -> None:
    client = await aiohttp_client(naive_sql.create_app(database_url))
    for user_id in TOTALS:
        ours = await played.fetchrow("SELECT user_id, total_score, rank FROM api.player_rank($1)", user_id)
        assert await get(client, f"/rank/{user_id}") == dict(ours or {})
    assert (await client.get("/api/leaderboard/rank/99")).status == 404


async def test_no_ranks_is_the_same_service_that_only_adds(
    aiohttp_client: Any, played: asyncpg.Connection, database_url: str, settings: Settings
) -> None:
    no_ranks.prepare(database_url)
    deltas = await played.fetchval("SELECT count(*) FROM rank_delta")
    client = await aiohttp_client(create_app(settings))
    assert (await submit(client, 2, 50))["total_score"] == 350
    rank = await get(client, "/rank/2")
    assert (rank["username"], rank["total_score"], rank["rank"]) == ("user_2", 350, 1)
    assert [row_["total_score"] for row_ in await get(client, "/top?limit=3")] == [500, 500, 350]
    ready = await client.get("/readyz")
    assert (ready.status, (await ready.json())["schema"]["status"]) == (200, "current")

    assert await played.fetchval("SELECT count(*) FROM game_sessions WHERE user_id = 2") == 2
    assert await played.fetchval("SELECT score FROM game_sessions ORDER BY id DESC LIMIT 1") == 50
    triggers = "SELECT count(*) FROM pg_trigger WHERE tgrelid = $1::regclass AND NOT tgisinternal"
    assert [await played.fetchval(triggers, table) for table in ("leaderboard", "game_sessions", "users")] == [0, 0, 0]
    assert await played.fetchval("SELECT count(*) FROM rank_delta") == deltas
    assert await played.fetchval("SELECT api.fold_ranks()") == 0
    statement = "SELECT item, status, total_score FROM api.submit_scores($1, $2)"
    outcomes = await played.fetch(statement, [1, 4, 1], [1, 2, 3])
    assert [tuple(o) for o in outcomes] == [(1, "accepted", 504), (2, "accepted", 102), (3, "accepted", 504)]


async def test_the_costs_of_calls_are_processor_time_of_the_session(
    played: asyncpg.Connection, database_url: str
) -> None:
    found = calls.costs(database_url, len(TOTALS))
    assert 0 < found.lookup_us < found.rank_us < found.submit_1_us < found.submit_64_us
    assert found.fold_us > 0
    assert servers.differences(database_url) == 0


# --- processes ----------------------------------------------------------------------------------------------


def test_a_reference_runs_as_processes_that_share_a_port(tmp_path: Path) -> None:
    with servers.reference("bare", [], tmp_path, processes=2) as server:
        assert len(server.pids) == 2
        client = steady.start("submit", server.url, players=9, rate=100, seconds=60, seed=1)
        result = steady.finish(client)
    assert result.answered >= 1
    assert result.errors == {}


def test_a_reference_that_does_not_start_says_why(tmp_path: Path) -> None:
    with pytest.raises(servers.ServerError, match="redis-url"), servers.reference("zset", [], tmp_path):
        pass


def test_a_client_at_a_fixed_rate_keeps_it_and_counts_failures(tmp_path: Path) -> None:
    with servers.reference("bare", [], tmp_path, processes=1) as server:
        result = steady.result(
            steady.start("rank", server.url, players=9, rate=50, seconds=1, seed=1)  # bare has no ranks
        )
    assert (result.answered, result.errors) == (0, {"404": 50})


@pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not installed")
@pytest.mark.parametrize("script", ["submit", "keyed_submit", "zipf_submit", "rank", "top", "mixed"])
def test_the_scripts_of_wrk_print_what_we_read(tmp_path: Path, script: str) -> None:
    with servers.reference("bare", [], tmp_path, processes=1) as server:
        process = load.start(script, server.url, connections=2, seconds=1, players=9, seed=1)
        result = load.finish(process, 1)
    assert result.requests > 0
    failed = result.errors.pop("status", 0)  # this server has no ranks
    assert {"rank": failed == result.requests, "mixed": 0 < failed < result.requests}.get(script, failed == 0)
    assert result.errors == {}


@pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not installed")
@pytest.mark.parametrize("key", ["", "lb_key"])
def test_both_clients_send_the_api_key_that_they_are_given(key: str) -> None:
    sent: set[tuple[str, str | None]] = set()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            sent.add((self.path, self.headers["Authorization"]))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever).start()
        url = f"http://127.0.0.1:{server.server_port}"
        try:
            wrk = load.start("keyed_submit", url, connections=1, seconds=1, players=9, seed=1, key=key)
            writer = steady.start("submit", url, players=9, rate=10, seconds=60, seed=1, key=key)
            results = (load.finish(wrk, 1), steady.finish(writer))
        finally:
            server.shutdown()
    assert [result.errors for result in results] == [{}, {}]
    assert sent == {("/api/leaderboard/submit", f"Bearer {key}" if key else None)}
