"""The metrics, and how they are reported to New Relic and Prometheus."""

import dataclasses
import random
import statistics

import pytest
from aiohttp import ClientConnectorError, ClientSession
from prometheus_client.parser import text_string_to_metric_families

from service.app import create_app
from service.observability import metrics
from service.observability.metrics import Counter, Family, Gauge, Histogram, Ratio, Summary
from service.observability.new_relic_metrics import MetricsReport
from service.process import metrics_server
from service.process.sockets import ListenError
from tests.support.ports import free_port
from tests.support.service import Service


@pytest.fixture
def families(monkeypatch):
    """A registry of the test's own."""
    own: list[Family] = []
    monkeypatch.setattr(metrics, "FAMILIES", own)
    monkeypatch.setattr(metrics, "_gauge_sources", [])
    return own


def test_a_summary_is_exact():
    summary, values = Summary(), [0.5, 0.25, 4.0, 1.0]
    for value in values:
        summary.observe(value)
    assert (summary.count, summary.total) == (4, sum(values))
    assert summary.squares == sum(value * value for value in values)
    assert (summary.low, summary.high) == (0.25, 4.0)
    summary.new_interval()
    summary.observe(2.0)
    assert (summary.low, summary.high, summary.count) == (2.0, 2.0, 5)


def test_a_bucket_holds_what_is_not_above_its_bound():
    histogram = Histogram()
    for value in (0.0, metrics.BOUNDS[0], metrics.BOUNDS[0] * 1.01, metrics.BOUNDS[-1], 99.0):
        histogram.observe(value)
    assert histogram.buckets[:2] == [2, 1]
    assert histogram.buckets[-2:] == [1, 1]
    assert sum(histogram.buckets) == histogram.count == 5


@pytest.mark.parametrize("fraction", [0.5, 0.95, 0.99])
def test_a_percentile_is_within_its_bucket(fraction):
    source = random.Random(5)
    values = [source.lognormvariate(-5.5, 0.8) for _ in range(20_000)]
    histogram = Histogram()
    for value in values:
        histogram.observe(value)
    exact = statistics.quantiles(values, n=100)[round(fraction * 100) - 1]
    index = next(i for i, bound in enumerate(metrics.BOUNDS) if bound >= exact)
    found = metrics.quantile(histogram.buckets, fraction)
    assert metrics.BOUNDS[index - 1] <= found <= metrics.BOUNDS[index]


def test_percentiles_of_few_and_of_slow_requests():
    histogram = Histogram()
    histogram.observe(0.0021)
    assert 0.002 < metrics.quantile(histogram.buckets, 0.99) <= 0.003
    slow = Histogram()
    slow.observe(60.0)
    assert metrics.quantile(slow.buckets, 0.5) == metrics.BOUNDS[-1]


def test_a_report_says_what_came_since_the_last_one(families):
    counter, timing = Family(Counter, "Sent", "Sent", "kind"), Family(Histogram, "Took", "Duration", "route")
    ratio, gauge = Family(Ratio, "Hits", "Hits", "kind"), Family(Gauge, "Depth", "Depth")
    report = MetricsReport()
    assert report.collect() == []
    counter["a",].add(3)
    for seconds in 1.0, 3.0:
        timing["x",].observe(seconds)
    ratio["r",].found, ratio["r",].missed = 3, 1
    gauge[()].set(7)
    first = dict(report.collect())
    assert first["Custom/Sent/a"] == {"count": 3, "total": 3, "sum_of_squares": 3, "min": 1, "max": 1}
    assert first["Custom/Took/x"] == {"count": 2, "total": 4, "sum_of_squares": 10, "min": 1, "max": 3}
    assert first["Custom/Hits/r"] == {"count": 4, "total": 3, "sum_of_squares": 3, "min": 0, "max": 1}
    assert first["Custom/Depth"] == {"count": 1, "total": 7, "sum_of_squares": 49, "min": 7, "max": 7}
    timing["x",].observe(2.0)
    second = dict(report.collect())
    assert second["Custom/Took/x"] == {"count": 1, "total": 2, "sum_of_squares": 4, "min": 2, "max": 2}
    assert second["Custom/Depth"]["total"] == 7
    assert "Custom/Sent/a" not in second


def test_percentiles_are_those_of_the_last_minute(families):
    timing = Family(Histogram, "Took", "Duration", "route")
    report = MetricsReport()
    for _ in range(100):
        timing["x",].observe(4.0)
    assert dict(report.collect())["Custom/TookP99/x"]["max"] > 2.5
    for _ in range(60):
        timing["x",].observe(0.001)
        last = dict(report.collect())
    assert last["Custom/TookP99/x"]["max"] <= 0.001
    for _ in range(60):
        last = dict(report.collect())
    assert "Custom/TookP99/x" not in last


def test_names_are_used_once():
    names = [family.name for family in metrics.FAMILIES]
    assert sorted(names) == sorted(set(names))


async def test_every_request_counts_once(client):
    async def count(*labels):
        return metrics.REQUESTS[labels].count

    before = [await count("top", "ok"), await count("top", "refused"), await count("unmatched", "refused")]
    assert (await client.get("/api/leaderboard/top")).status == 200
    assert (await client.head("/api/leaderboard/top")).status == 200
    assert (await client.get("/api/leaderboard/top?limit=x")).status == 400
    assert (await client.get("/nowhere")).status == 404
    after = [await count("top", "ok"), await count("top", "refused"), await count("unmatched", "refused")]
    assert [b - a for a, b in zip(before, after, strict=True)] == [2, 1, 1]


async def test_what_clients_send_names_no_series(client):
    """Or any client could fill the memory."""
    await client.get("/nowhere/abc")
    await client.get("/api/leaderboard/rank/4711")
    await client.get("/api/leaderboard/top?board=abc")
    await client.request("BREW", "/api/leaderboard/top")
    labels = {value for _, values, _ in metrics.series() for value in values}
    assert not [one for one in labels if "abc" in one or "4711" in one or "BREW" in one or "/" in one]


async def test_submissions_count_by_their_outcome(client):
    def counts():
        return [metrics.SUBMISSIONS[kind,].value for kind in ("accepted", "replayed", "rejected", "failed")]

    before = counts()
    for _ in range(2):
        await client.post(
            "/api/leaderboard/submit",
            json={"user_id": 1, "score": 1},
            headers={"Idempotency-Key": "once"},
        )
    await client.post("/api/leaderboard/submit", json={"user_id": 1, "score": -1})
    await client.post("/api/leaderboard/submit", json={"user_id": 0, "score": 1})
    await client.post(
        "/api/leaderboard/submit/batch", json=[{"user_id": 1, "score": 1}, {"user_id": 1, "score": -1}, 7]
    )
    assert [b - a for a, b in zip(before, counts(), strict=True)] == [2, 1, 4, 0]


async def test_a_difference_is_seen_by_the_verifier(aiohttp_client, settings, db, caplog):
    await db.execute("SELECT api.submit_scores('{1,2}', '{5,6}')")
    await db.execute("SET leaderboard.counted = 'on'; UPDATE game_sessions SET score = 50 WHERE user_id = 2")
    before = metrics.VERIFIED[()].value
    client = await aiohttp_client(create_app(settings))
    while metrics.VERIFIED[()].value == before:
        await client.get("/healthz")
    assert metrics.DIFFERENCES[()].value == 1
    assert [vars(record)["differences"] for record in caplog.records if "differences" in vars(record)] == [
        ["overall total 2 50 6"]
    ]
    metrics.DIFFERENCES[()].set(0)


async def scraped(port):
    async with ClientSession() as session, session.get(f"http://127.0.0.1:{port}/metrics") as response:
        assert response.status == 200
        assert response.content_type == "text/plain"
        text = await response.text()
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_prometheus_reads_the_same_figures(aiohttp_client, settings):
    port = free_port()
    client = await aiohttp_client(create_app(dataclasses.replace(settings, metrics_port=port)))
    for _ in range(3):
        assert (await client.get("/api/leaderboard/top")).status == 200
    found = await scraped(port)
    top = metrics.REQUESTS["top", "ok"]
    assert found["leaderboard_request_seconds_count", "ok", "top"] == top.count
    assert found["leaderboard_request_seconds_sum", "ok", "top"] == pytest.approx(top.total)
    assert found["leaderboard_request_seconds_bucket", "+Inf", "ok", "top"] == top.count
    assert found["leaderboard_cache_look_ups_total", "yes", "top"] == metrics.CACHE["top",].found
    assert found["leaderboard_cache_up",] == 1
    assert found["leaderboard_pool", "most"] == settings.pool_size
    assert found["leaderboard_queue", "submit"] == 0
    assert found["leaderboard_database_seconds_count", "top_players"] >= 1
    names = {key[0] for key in found}
    for family in metrics.FAMILIES:
        if family:  # has a series
            called = (
                metrics_server.CACHE_LOOK_UPS if family is metrics.CACHE else metrics_server.prometheus_name(family)
            )
            assert [one for one in names if one.startswith(called)], family.name
    assert (await client.get("/metrics")).status == 404  # not where the world can see it
    address = f"http://127.0.0.1:{port}/metrics"
    async with ClientSession() as session, session.get(address, headers={"Host": "evil.example"}) as rebound:
        assert rebound.status == 421


async def test_the_port_of_the_metrics_is_in_use(settings, client):
    with pytest.raises(ListenError, match="METRICS_PORT"):
        async with metrics_server.running(dataclasses.replace(settings, metrics_port=client.port)):
            pass


async def test_the_metrics_have_an_address_of_their_own(settings):
    """With METRICS_HOST for other machines, a collector may use any name, also if HOST is for this machine only."""
    port = free_port()
    for host, answer in ("127.0.0.2", 421), ("0.0.0.0", 200):
        changed = dataclasses.replace(settings, metrics_host=host, metrics_port=port)
        async with metrics_server.running(changed), ClientSession() as session:
            address = f"http://127.0.0.2:{port}/metrics"
            async with session.get(address, headers={"Host": "leaderboard.internal"}) as response:
                assert response.status == answer
            if host == "127.0.0.2":
                with pytest.raises(ClientConnectorError):
                    await session.get(f"http://127.0.0.1:{port}/metrics")
    with pytest.raises(ListenError, match=r"METRICS_HOST='host\.invalid' is not a known address"):
        async with metrics_server.running(dataclasses.replace(changed, metrics_host="host.invalid")):
            pass


async def test_each_worker_has_its_port(service):
    port = free_port(neighbours=1)
    running: Service = service(WORKERS="2", METRICS_PORT=str(port)).ready()
    for _ in range(40):
        assert running.request("/api/leaderboard/boards")[0] == 200
    counts = [
        (await scraped(one)).get(("leaderboard_request_seconds_count", "ok", "boards"), 0) for one in (port, port + 1)
    ]
    assert sum(counts) == 40
    running.stop()
