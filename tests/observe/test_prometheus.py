"""What is shipped for Prometheus and Grafana: checked with promtool, and scraped and evaluated by a real Prometheus."""

import contextlib
import itertools
import json
import re
import shutil
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from service.observability import metrics
from service.observability.metrics import Counter, Gauge, Histogram, Summary
from service.process import metrics_server
from tests.support import ROOT
from tests.support.ports import free_port
from tests.support.programs import system_program
from tests.support.service import Service
from tests.support.waiting import eventually

PROMETHEUS = ROOT / "deploy" / "prometheus"
DASHBOARD = json.loads((ROOT / "deploy" / "grafana" / "dashboard.json").read_text())
ALERTS = re.findall(
    r"^ +- alert: (\w+)$", (PROMETHEUS / "alerts.yml").read_text() + (PROMETHEUS / "servers.yml").read_text(), re.M
)
#: What stands for a variable of the dashboard, which promtool does not know.
VARIABLES = {"$__rate_interval": "1m", "$job": "leaderboard"}
SUFFIXES = {
    Counter: ["_total"],
    Gauge: [""],
    Summary: ["_count", "_sum"],
    Histogram: ["_count", "_sum", "_bucket"],
}


@pytest.fixture(scope="session")
def promtool() -> Callable[..., str]:
    """`promtool("check", "rules", file)` fails the test if promtool finds a fault."""
    program = system_program("promtool")

    def run(*arguments: object, text: str | None = None) -> str:
        result = subprocess.run(
            [program, *map(str, arguments)], input=text, capture_output=True, text=True, cwd=PROMETHEUS
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout + result.stderr

    return run


class Scraped(NamedTuple):
    """A service, and where it serves its metrics."""

    service: Service
    address: str


@pytest.fixture
def scraped(service: Callable[..., Service]) -> Scraped:
    """A service with metrics, and some of everything counted."""
    port = free_port()
    running = service(METRICS_PORT=str(port), VERIFY_INTERVAL_SECONDS="1", DEMO="1").ready()
    assert running.submit(1, 5)[0] == 200
    assert running.submit(0, 5)[0] == 400
    assert len(running.top()) == 10
    return Scraped(running, f"127.0.0.1:{port}")


def panels() -> list[dict[str, Any]]:
    return [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]


def expressions() -> list[str]:
    """The PromQL of every panel, with its variables replaced."""
    found = []
    for target in itertools.chain.from_iterable(panel["targets"] for panel in panels()):
        expression: str = target["expr"]
        for name, value in VARIABLES.items():
            expression = expression.replace(name, value)
        found.append(expression)
    return found


def exported() -> set[str]:
    """The name of every sample that the service exports once it has something to report."""
    names = {metrics_server.CACHE_LOOK_UPS + "_total"}
    for family in metrics.FAMILIES:
        if family is not metrics.CACHE:
            names.update(metrics_server.prometheus_name(family) + suffix for suffix in SUFFIXES[family.kind])
    return names


def asked(text: str) -> set[str]:
    return set(re.findall(r"\bleaderboard_\w+", text))


def test_the_shipped_files_are_valid(promtool: Callable[..., str]) -> None:
    output = promtool("check", "config", "prometheus.yml")
    assert "2 rule files found" in output
    promtool("check", "rules", "alerts.yml", "servers.yml")


def test_the_alerts_fire_when_they_have_to(promtool: Callable[..., str]) -> None:
    promtool("test", "rules", "alerts_test.yml")
    tested = re.findall(r"alertname: (\w+)", (PROMETHEUS / "alerts_test.yml").read_text())
    assert set(tested) == set(ALERTS)


def test_every_alert_has_its_entry_in_the_runbook() -> None:
    headings = re.findall(r"^### (\w+)$", (ROOT / "docs" / "alerts.md").read_text(), re.MULTILINE)
    assert sorted(headings) == sorted(ALERTS)


def test_alerts_and_dashboard_ask_for_what_is_exported() -> None:
    alerts = asked((PROMETHEUS / "alerts.yml").read_text())
    shown = asked("\n".join(expressions()))
    assert alerts - exported() == set()
    assert shown - exported() == set()
    assert len(alerts) >= 10 and len(shown) >= 20
    assert "leaderboard_requests_total" not in exported()  # a wrong name would be seen


def test_the_dashboard_can_be_imported(promtool: Callable[..., str], tmp_path: Path) -> None:
    assert DASHBOARD["schemaVersion"] >= 36
    assert DASHBOARD["title"] and DASHBOARD["uid"] == "leaderboard"
    assert "id" not in DASHBOARD  # Grafana gives it
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(ids)) == len(ids)
    variables = {variable["name"] for variable in DASHBOARD["templating"]["list"]}
    used = set(re.findall(r"\$\{?(\w+)", json.dumps(DASHBOARD["panels"])))
    assert used - {"__rate_interval"} == variables == {"datasource", "job"}
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = set(
            itertools.product(range(place["x"], place["x"] + place["w"]), range(place["y"], place["y"] + place["h"]))
        )
        assert place["x"] + place["w"] <= 24 and cells and not cells & taken, panel["title"]
        taken |= cells
    for panel in panels():
        assert panel["title"] and panel["targets"] and panel["datasource"]["uid"] == "${datasource}"
        refs = [target["refId"] for target in panel["targets"]]
        assert len(set(refs)) == len(refs)
    # JSON is YAML. A recording rule for each expression has promtool parse it.
    rules = [{"record": f"panel_{number}", "expr": text} for number, text in enumerate(expressions())]
    (tmp_path / "panels.yml").write_text(json.dumps({"groups": [{"name": "panels", "rules": rules}]}))
    assert f"{len(rules)} rules found" in promtool("check", "rules", tmp_path / "panels.yml")


@contextlib.contextmanager
def prometheus(folder: Path, target: str) -> Iterator[Callable[[str], list[dict[str, Any]]]]:
    """A Prometheus with the shipped configuration, which scrapes `target` only, and often. Gives a function that
    evaluates an expression.
    """
    config = (PROMETHEUS / "prometheus.yml").read_text()
    config = re.sub(r"(job_name: leaderboard\n.*\n.*targets: )\[.*\]", rf'\g<1>["{target}"]', config)
    config = re.sub(r"(\w+_interval): 15s", r"\1: 1s", config)
    (folder / "prometheus.yml").write_text(config)
    for rules in "alerts.yml", "servers.yml":
        shutil.copy(PROMETHEUS / rules, folder)
    address = f"127.0.0.1:{free_port()}"
    with (folder / "prometheus.log").open("wb") as log:
        process = subprocess.Popen(
            [
                *("setpriv", "--pdeathsig", "KILL", "prometheus", f"--config.file={folder / 'prometheus.yml'}"),
                *(f"--storage.tsdb.path={folder / 'tsdb'}", f"--web.listen-address={address}"),
            ],
            stdout=log,
            stderr=log,
        )

    def query(expression: str) -> list[dict[str, Any]]:
        assert process.poll() is None, (folder / "prometheus.log").read_text()
        question = urllib.parse.urlencode({"query": expression})
        try:
            with urllib.request.urlopen(f"http://{address}/api/v1/query?{question}") as response:
                return json.load(response)["data"]["result"]  # type: ignore[no-any-return]
        except OSError:
            return []  # it is still starting

    try:
        yield query
    finally:
        process.kill()
        process.wait()


def test_a_real_prometheus_scrapes_the_service(promtool: Callable[..., str], scraped: Scraped, tmp_path: Path) -> None:
    with urllib.request.urlopen(f"http://{scraped.address}/metrics") as response:
        assert promtool("check", "metrics", text=response.read().decode()) == ""
    with prometheus(tmp_path, scraped.address) as query:
        eventually(lambda: query('up{job="leaderboard"} == 1'), "the first scrape")
        eventually(lambda: query("leaderboard_ranks_verified_total > 0"), "a verified sample")
        (accepted,) = query('leaderboard_submissions_total{outcome="accepted"}')
        assert accepted["value"][1] == "1"
        assert accepted["metric"]["instance"] == scraped.address
        (start,) = query("process_start_time_seconds")
        assert start["metric"]["job"] == "leaderboard"
        assert query("leaderboard_database_up")[0]["value"][1] == "1"
        # Two scrapes give a rate, and so every panel of the dashboard that has something to show.
        eventually(lambda: query('rate(leaderboard_request_seconds_count{route="top"}[10s])'), "a second scrape")
        shown = [expression for expression in expressions() if query(expression)]
        assert len(shown) >= 20
        assert query('ALERTS{alertname=~"Leaderboard.*"}') == []
        scraped.service.stop()
        eventually(lambda: query('ALERTS{alertname="LeaderboardDown"}'), "the alert")
