"""The service as a process with the real New Relic agent, which reports to a local collector."""

import configparser
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args, get_type_hints

import psycopg
import pytest

from service.embedded.postgres import running_url
from service.settings import Settings
from tests.observe import names
from tests.support import ROOT
from tests.support import collector as collectors
from tests.support.collector import KEY, Collector
from tests.support.service import Service, copy_data, scratch_folder, servers_in

API = "/api/leaderboard"
SUBMIT = "WebTransaction/Uri/POST /api/leaderboard/submit"
RANK = "WebTransaction/Uri/GET /api/leaderboard/rank/{user_id}"
TOP = "WebTransaction/Uri/GET /api/leaderboard/top"
AROUND = "WebTransaction/Uri/GET /api/leaderboard/around/{user_id}"
TRACE = "0af7651916cd43dd8448eb211c80319c"
PLAYER = 1_876_543_219
#: Like the player, long enough not to stand in an id of the agent by chance.
SCORE = 1_987_654_321
#: An API key in places where none belongs.
SECRET = "5ec2e7" * 10 + "0123"
API_KEY = f"lb_0123456789ab_{SECRET}"


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, cluster: Path) -> Any:
    """A service's life under the eyes of the agent: what it sent, and what the service logged."""
    place = tmp_path_factory.mktemp("story")
    place.chmod(0o755)
    with collectors.running(place) as collector, scratch_folder() as folder:
        service = Service(
            copy_data(cluster, folder),
            **collector.environ,
            LOG_FORMAT="json",
            LOG_LEVEL="debug",
            VERIFY_INTERVAL_SECONDS="1",
            # One look at the start: a later one might drop what is cached between two reads that count.
            WATCH_INTERVAL_MS="60000",
        ).ready()
        try:
            headers = _drive(service, collector)
            service.stop()
        finally:
            service.process.kill()
            service.process.wait()
        yield collector, service.log.read_text(), headers


def _drive(service: Service, collector: Collector) -> dict[str, str]:
    """Traffic of every kind. Gives the headers of the answer to a request that belongs to a trace."""
    for user_id in range(1, 9):
        assert service.submit(user_id, user_id * 10)[0] == 200
    assert service.request(f"{API}/submit/batch", [{"user_id": 1, "score": 5}, {"user_id": 0, "score": 5}])
    for _ in range(3):
        assert service.request(f"{API}/top")[0] == 200
    assert service.request(f"{API}/rank/3")[0] == 200
    assert service.request(f"{API}/rank/77")[0] == 404
    assert service.request(f"{API}/rank/0")[0] == 400
    assert service.submit(1, -5)[0] == 422
    misplaced = {
        "Referer": f"https://x/{API_KEY}",
        "Accept": SECRET,
        "User-Agent": SECRET,
        "Authorization": SECRET,
    }
    assert service.request(f"/nowhere/{SECRET}/{API_KEY}?{SECRET}", **misplaced)[0] == 404
    assert service.request(f"{API}/distribution")[0] == 200
    asked = urllib.request.Request(
        f"{service.address}{API}/rank/4", headers={"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
    )
    with urllib.request.urlopen(asked) as response:
        headers = dict(response.headers)
    _submit_slowly(service)
    _break(service)
    _lose_the_cache(service)
    # Two reports of the service and of the agent's events; the rest comes when it ends.
    enough = time.monotonic() + 30
    while "error_event_data" not in [method for method, _, _ in collector.requests]:
        assert time.monotonic() < enough
        time.sleep(0.05)
    return headers


def _submit_slowly(service: Service) -> None:
    """A submission that waits for a lock longer than the agent's threshold for slow SQL, 0.5 s."""
    assert service.submit(PLAYER, 1)[0] == 200
    url = running_url(service.data_dir)
    assert url is not None
    answers: list[int] = []
    with psycopg.connect(url) as locker, psycopg.connect(url, autocommit=True) as watcher:
        locker.execute("SELECT FROM leaderboard WHERE user_id = %s FOR UPDATE", [PLAYER])
        thread = threading.Thread(target=lambda: answers.append(service.submit(PLAYER, SCORE)[0]))
        thread.start()
        pid = locker.info.backend_pid
        waits = "SELECT count(*) FROM pg_stat_activity WHERE %s = ANY (pg_blocking_pids(pid))"
        while watcher.execute(waits, [pid]).fetchone() == (0,):
            time.sleep(0.01)
        time.sleep(0.8)
        locker.rollback()
    thread.join()
    assert answers == [200]


def _break(service: Service) -> None:
    """A fault of ours: a function that the service calls fails."""
    url = running_url(service.data_dir)
    assert url is not None
    name = "api.players_around(bigint, integer, text)"
    with psycopg.connect(url, autocommit=True) as owner:
        ((definition,),) = owner.execute(f"SELECT pg_get_functiondef('{name}'::regprocedure)").fetchall()
        before, _, _ = definition.partition("AS $function$")
        owner.execute(f"{before} AS $$ BEGIN RAISE division_by_zero; END $$")
        assert service.request(f"{API}/around/3")[0] == 500
        owner.execute(definition)


def _lose_the_cache(service: Service) -> None:
    (valkey,) = [one.pid for one in servers_in(service.data_dir) if one.program == "valkey-server"]
    os.kill(valkey, signal.SIGKILL)
    assert service.request(f"{API}/distribution")[0] == 200


def test_transactions_are_named_by_the_route_with_throughput_and_apdex(story: Any) -> None:
    collector, _, _ = story
    totals = collector.totals()
    assert totals[SUBMIT][0] == 11
    assert totals[TOP][0] == 3
    assert totals[RANK][0] == 4
    assert totals["HttpDispatcher"][0] == totals["WebTransaction"][0]
    for transaction in (SUBMIT, TOP, RANK, AROUND):
        apdex = totals[transaction.replace("WebTransaction/", "Apdex/")]
        assert apdex[0] + apdex[1] + apdex[2] == totals[transaction][0]
    named = {name for name in totals if name.startswith("WebTransaction/")}
    assert not [name for name in named if str(PLAYER) in name or "/77" in name or "/x" in name]
    assert "WebTransaction/Uri/unmatched" in named


def test_datastore_time_is_under_the_transaction_that_spent_it(story: Any) -> None:
    collector, _, _ = story
    metrics = collector.metrics()
    assert metrics["Datastore/statement/Postgres/api.submit_scores/select", "OtherTransaction/Batch/submit"]
    assert metrics["Datastore/statement/Postgres/api.player_rank/select", "OtherTransaction/Batch/rank"]
    assert metrics["Datastore/statement/Postgres/api.top_players/select", TOP]
    assert metrics["Datastore/statement/Postgres/api.fold_ranks/select", "OtherTransaction/Batch/fold"]
    assert metrics["Datastore/operation/Redis/mget", "OtherTransaction/Batch/look_up"]
    assert metrics["Datastore/operation/Redis/set", "OtherTransaction/Batch/epoch"]
    assert metrics["Datastore/operation/Redis/store", TOP]  # a pipeline, which the agent misses by itself
    # No batch's calls leak into the request that happened to start it.
    assert not [key for key in metrics if key[0].endswith("api.submit_scores/select") and key[1] == SUBMIT]


def test_a_request_shows_its_wait_for_the_batch_and_the_batch(story: Any) -> None:
    collector, _, _ = story
    metrics = collector.metrics()
    for part in "wait", "run":
        assert metrics[f"Batch/submit/{part}", SUBMIT][0] == 11
        assert metrics[f"Batch/rank/{part}", RANK][0] == 3
        assert metrics[f"Batch/look_up/{part}", TOP][0] == 3
    # A lone call waits for next to nothing; its batch takes what the database takes.
    assert metrics["Batch/submit/run", SUBMIT][4] >= 0.8


def test_errors_are_those_of_ours_with_class_and_code(story: Any) -> None:
    collector, _, _ = story
    totals = collector.totals()
    assert totals["Errors/all"][0] == 1
    assert totals[f"Errors/{AROUND}"][0] == 1
    assert f"Errors/{RANK}" not in totals
    ((intrinsics, ours, _),) = collector.events("error_event_data")
    assert intrinsics["error.class"] == "asyncpg.exceptions:DivisionByZeroError"
    assert ours["error.code"] == "internal_error"
    (trace,) = [error for body in collector.bodies("error_data") for error in body[1]]
    assert trace[1] == AROUND
    assert trace[3] == "asyncpg.exceptions:DivisionByZeroError"


def test_slow_sql_comes_without_values(story: Any) -> None:
    collector, _, _ = story
    traces = [trace for body in collector.bodies("sql_trace_data") for trace in body[0]]
    (slow,) = [trace for trace in traces if "api.submit_scores" in trace[3]]
    assert slow[0] == "OtherTransaction/Batch/submit"
    assert slow[4] == "Datastore/statement/Postgres/api.submit_scores/select"
    for secret in (str(SCORE), str(PLAYER)):
        assert secret not in json.dumps(traces)
        assert secret not in json.dumps(collector.bodies("transaction_sample_data"))


def test_a_key_in_the_wrong_place_is_in_no_trace_and_no_line(story: Any) -> None:
    collector, log, _ = story
    assert "/nowhere/***" in log
    assert SECRET[:30] not in log
    assert "/nowhere/***" in json.dumps([body for _, _, body in collector.requests])
    assert SECRET[:30] not in json.dumps([body for _, _, body in collector.requests])


def test_every_request_counts_in_the_aggregates(story: Any) -> None:
    collector, _, _ = story
    totals = collector.totals()

    def count(name: str) -> float:
        return float(totals[f"Custom/{name}"][0])

    assert count("Request/submit/ok") == 10
    assert count("Request/submit/refused") == 1
    assert count("Request/rank/ok") == 2
    assert count("Request/rank/refused") == 2
    assert count("Request/around/failed") == 1
    assert count("Request/unmatched/refused") == 1
    slow = totals["Custom/Request/submit/ok"]
    assert slow[4] >= 0.8 > slow[3] > 0
    assert totals["Custom/RequestP99/submit/ok"][4] >= 0.75
    assert count("Failure/internal_error") == 1
    assert count("Failure/unknown_player") == 1
    assert count("Submissions/accepted") == 11
    assert count("Submissions/rejected") == 2
    assert count("BatchSize/submit") == count("BatchWait/submit") == 11
    assert totals["Custom/CacheHitRatio/top"][:2] == [3, 2]
    assert count("Database/submit_scores") == 12
    assert count("Redis/mget") >= 5
    assert count("RanksFold") >= 1
    assert totals["Custom/RanksFolded"][0] == 11
    assert totals["Custom/RanksDifferences"][4] == 0
    assert count("CacheErrors") >= 1
    for gauge in ("CacheUp", "RanksPending", "RanksHorizonAge", "Queue/submit", "Pool/used", "Pool/open"):
        assert count(gauge) >= 1


@pytest.mark.parametrize("query", names.queries())
def test_dashboard_and_alerts_ask_for_what_is_reported(story: Any, query: str) -> None:
    collector, _, _ = story
    asked = names.asked(query)
    assert asked, query
    assert [one for one in asked if not names.matching(one, set(collector.totals()))] == []


def test_a_wrong_name_would_be_seen(story: Any) -> None:
    collector, _, _ = story
    reported = set(collector.totals())
    for wrong in "Custom/Requests/{route}/{outcome}", "Custom/Request/{route}", "Custom/Pool/%/x":
        assert names.matching(wrong, reported) == set()
    assert len(names.queries()) >= 30


def test_a_trace_is_taken_over_and_passed_on(story: Any) -> None:
    collector, log, headers = story
    assert headers["X-Trace-Id"] == TRACE
    found = [event[0] for event in collector.events("analytic_event_data")]
    roots = {event["name"] for event in found if event.get("traceId") == TRACE}
    # The request itself, and the batches in which it was answered.
    assert roots == {RANK, "OtherTransaction/Batch/look_up", "OtherTransaction/Batch/rank"}
    lines = [json.loads(line) for line in log.splitlines()]
    assert [line["path"] for line in lines if line.get("trace.id") == TRACE] == [f"{API}/rank/4"]


def test_log_records_carry_trace_ids(story: Any) -> None:
    collector, _, _ = story
    requests = [one for one in collector.logs() if one["line"]["message"] == "request"]
    assert len(requests) >= 19
    traces = {event[0].get("traceId") for event in collector.events("analytic_event_data")}
    for one in requests:
        assert one["attributes"]["trace.id"] == one["line"]["trace.id"]
        assert one["line"]["span.id"]
        assert one["line"]["trace.id"] in traces


def test_the_key_is_in_no_log(story: Any) -> None:
    collector, log, _ = story
    assert collector.keys == {KEY}
    assert KEY not in log
    assert KEY not in json.dumps(collector.bodies("log_event_data"))


def test_nothing_is_sent_without_a_key(collector: Collector, service: Callable[..., Service]) -> None:
    environ = {**collector.environ}
    del environ["NEW_RELIC_LICENSE_KEY"]
    running = service(**environ, LOG_FORMAT="json").ready()
    assert running.submit(1, 10)[0] == 200
    maps = Path(f"/proc/{running.process.pid}/maps").read_text()
    assert "newrelic" not in maps  # not even loaded: its compiled parts would show
    assert "uvloop" in maps
    running.stop()
    assert collector.requests == []
    assert "trace.id" not in running.log.read_text()


def test_every_worker_reports(collector: Collector, service: Callable[..., Service]) -> None:
    debug = {"NEW_RELIC_LOG": "stderr", "NEW_RELIC_LOG_LEVEL": "debug"}
    running = service(**collector.environ, **debug, WORKERS="2").ready()
    assert collector.runs == 2
    for _ in range(60):  # each on a connection of its own, which the system spreads
        assert running.request(f"{API}/top")[0] == 200
    running.stop()
    counts = [collector.totals(run)["Custom/Request/top/ok"][0] for run in ("run-1", "run-2")]
    assert sum(counts) == 60
    for run in "run-1", "run-2":
        looks, total = collector.totals(run)["Custom/CacheUp"][:2]
        assert looks == total > 0
    assert all(counts)
    assert "newrelic.core" in running.log.read_text()  # the agent's own log is there, in all its detail
    assert KEY not in running.log.read_text()


def test_the_agents_variables_may_stand_in_the_env_file(tmp_path: Path) -> None:
    """The agent reads the environment and nothing else, so that is where they go."""
    file = tmp_path / ".env"
    file.write_text(f"NEW_RELIC_LICENSE_KEY={KEY}\nNEW_RELIC_HOST=collector.example.com\nPORT=1\n")
    read = "import os; from service.settings import load; s = load(); print(s.port, s.new_relic_license_key,"
    read += " os.environ['NEW_RELIC_LICENSE_KEY'], os.environ['NEW_RELIC_HOST'], os.environ.get('PORT'))"
    environ = {"PYTHONPATH": str(ROOT), "NEW_RELIC_HOST": "other.example.com"}
    found = subprocess.run(
        [sys.executable, "-c", read], cwd=tmp_path, env=environ, capture_output=True, text=True, check=True
    )
    assert found.stdout.split() == ["1", KEY, KEY, "other.example.com", "None"]


def test_with_nothing_traced_everything_counts_and_errors_are_told(
    collector: Collector, service: Callable[..., Service]
) -> None:
    running = service(**collector.environ, TRACED_PER_SECOND="0").ready()
    for user_id in range(1, 4):
        assert running.submit(user_id, 10)[0] == 200
    _break(running)
    running.stop()
    totals = collector.totals()
    assert not [name for name in totals if name.startswith(("WebTransaction", "OtherTransaction"))]
    assert totals["Custom/Request/submit/ok"][0] == 3
    assert totals["Custom/Database/submit_scores"][0] == 3
    ((intrinsics, ours, _),) = collector.events("error_event_data")
    assert intrinsics["error.class"] == "asyncpg.exceptions:DivisionByZeroError"
    assert (ours["error.code"], ours["route"]) == ("internal_error", "around")
    # What is worth a warning reaches New Relic without a trace, too.
    assert [one["line"]["code"] for one in collector.logs() if one["line"]["message"] == "request"] == [
        "internal_error"
    ]


def test_a_collector_that_is_not_there_harms_nobody(collector: Collector, service: Callable[..., Service]) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = str(nobody.getsockname()[1])
        running = service(**{**collector.environ, "NEW_RELIC_PORT": port}, WORKERS="2").ready()
        for user_id in range(1, 4):
            assert running.submit(user_id, 10)[0] == 200
        assert running.request("/readyz")[0] == 200
        running.stop()
    assert KEY not in running.log.read_text()


def test_a_broken_configuration_harms_nobody(
    collector: Collector, service: Callable[..., Service], tmp_path: Path
) -> None:
    running = service(**collector.environ, NEW_RELIC_CONFIG_FILE=str(tmp_path / "none.ini")).ready()
    assert running.submit(1, 10)[0] == 200
    running.stop()
    assert "cannot start the New Relic agent" in running.log.read_text()
    assert collector.requests == []


def test_the_configuration_holds_no_secret_and_every_environment() -> None:
    ini = configparser.ConfigParser()
    ini.read(ROOT / "newrelic.ini")
    options = {option for section in ini.sections() for option in ini[section]}
    assert options.isdisjoint({"license_key", "app_name", "host", "monitor_mode"})
    environments = get_args(get_type_hints(Settings, include_extras=True)["new_relic_environment"])[1]
    for name in ("development", "test", "staging", "production"):
        assert f"newrelic:{name}" in ini.sections()
        assert environments(name) == name
