"""What the benchmarks make of what they measure: parsing, medians, ratios, verdicts, pages."""

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.bench import chart, load, page, pgbench_runs, report, soak_page
from tests.bench.compare import Run
from tests.bench.load import Load, LoadError
from tests.bench.options import PARTS, BenchOptions, GrowthOptions, OptionError, SoakOptions
from tests.bench.pgbench_runs import PgbenchRun
from tests.bench.rows import Row, rows
from tests.bench.steady import Steady
from tests.bench.targets import SCENARIOS, TARGETS, Scenario
from tests.bench.watching import Interval, Sight, Table

WRK_OUTPUT = """\
Running 3s test @ http://127.0.0.1:4711
  2 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.91ms    2.99ms  23.91ms   87.19%
    Req/Sec     5.77k     7.14k   22.91k    86.36%
  12640 requests in 2.50s, 1.84MB read
Requests/sec:   5056.00
Transfer/sec:      1.67MB
RESULT {"seconds": 2.5, "requests": 12640, "bytes": 1929379, "p50_ms": 1.25, "p99_ms": 9.5, "max_ms": 23.91, \
"errors": {"status": 0, "connect": 0, "read": 0, "write": 0, "timeout": 0}}
"""


# --- reading wrk --------------------------------------------------------------------------------------------


def test_wrk_output_is_read() -> None:
    result = load.parse(WRK_OUTPUT)
    assert result == Load(2.5, 12640, 1.25, 9.5, 23.91, {})
    assert result.rate == 5056


def test_errors_of_wrk_are_kept_by_kind() -> None:
    output = WRK_OUTPUT.replace('"status": 0', '"status": 3').replace('"timeout": 0', '"timeout": 1')
    assert load.parse(output).errors == {"status": 3, "timeout": 1}


def test_a_run_without_answers_is_an_error() -> None:
    assert load.parse(WRK_OUTPUT.replace("12640,", "0,")).errors == {"no answers": 1}


@pytest.mark.parametrize("output", ["", "unable to connect to 127.0.0.1:1 Connection refused\n", 2 * WRK_OUTPUT])
def test_output_without_one_result_is_refused(output: str) -> None:
    with pytest.raises(LoadError):
        load.parse(output)


# --- the table ----------------------------------------------------------------------------------------------


def run(
    subject: str, rates: Sequence[float], *, call: str = "submit", connections: int = 64, **changes: Any
) -> list[Run]:
    """A run a round: each answers so many requests a second, with p50 5 ms and p99 10 ms unless said."""
    fields = {"p50_ms": 5.0, "p99_ms": 10.0, **changes}
    errors, writes, cpu = (
        fields.pop(name, default) for name, default in (("errors", {}), ("writes", None), ("cpu", {}))
    )
    return [
        Run(
            call,
            subject,
            connections,
            number,
            Load(seconds=2.0, requests=int(2 * rate), max_ms=20.0, errors={}, **fields),
            writes,
            cpu,
            errors,
        )
        for number, rate in enumerate(rates, start=1)
    ]


def row(
    found: Sequence[Row],
    call: str,
    reference: str,
    measure: str = "rate",
    connections: int = 64,
    subject: str = "ours",
) -> Row:
    key = (call, subject, reference, measure, connections)
    (only,) = [r for r in found if (r.call, r.subject, r.reference, r.measure, r.connections) == key]
    return only


def test_a_ratio_is_of_the_medians_and_shows_the_extremes_of_single_rounds() -> None:
    found = rows(run("ours", [900, 1500, 1600]) + run("zset", [1000, 1000, 800]))
    compared = row(found, "submit", "zset")
    assert (compared.ours.rate, compared.other and compared.other.rate) == (1500, 1000)
    assert (compared.ratio, compared.low, compared.high) == (1.5, 0.9, 2.0)
    assert (compared.target, compared.verdict) == (">= 1.5x", "met")


def test_a_target_is_missed_just_below_its_bound() -> None:
    found = rows(run("ours", [799]) + run("no_ranks", [1000]))
    assert row(found, "submit", "no_ranks").verdict == "missed"


def test_rounds_are_paired_by_number_whatever_their_order() -> None:
    found = rows(list(reversed(run("ours", [100, 200]))) + run("zset", [100, 200]))
    assert (row(found, "submit", "zset").low, row(found, "submit", "zset").high) == (1, 1)


@pytest.mark.parametrize(("p99", "verdict"), [(14.9, "met"), (15.1, "missed")])
def test_the_tail_is_measured_against_the_own_median(p99: float, verdict: str) -> None:
    found = rows(run("ours", [1000, 1000, 1000], p99_ms=p99))
    assert row(found, "submit", "ours", "tail").verdict == verdict
    assert row(found, "submit", "ours", "tail").other is None


@pytest.mark.parametrize(("p50", "verdict"), [(5.5, "met"), (5.6, "missed")])
def test_a_lone_client_is_measured_by_its_latency(p50: float, verdict: str) -> None:
    found = rows(run("ours", [1000], connections=1, p50_ms=p50) + run("no_ranks", [1000], connections=1))
    assert row(found, "submit", "no_ranks", "p50", 1).verdict == verdict
    assert row(found, "submit", "no_ranks", "rate", 1).verdict == ""


@pytest.mark.parametrize("failing", ["ours", "zset"])
def test_any_error_makes_the_row_invalid_and_no_other(failing: str) -> None:
    runs = [
        one
        for name in ("ours", "zset", "no_ranks")
        for one in run(name, [9000], errors={"status": 7} if name == failing else {})
    ]
    found = rows(runs)
    assert row(found, "submit", "zset").verdict == "invalid"
    assert "7 status errors" in row(found, "submit", "zset").note
    assert row(found, "submit", "no_ranks").verdict == ("invalid" if failing == "ours" else "met")


def test_too_few_writes_beside_our_reads_make_the_row_invalid() -> None:
    reference = run("zset", [1000], call="rank", writes=500.0)
    assert row(rows(run("ours", [2500], call="rank", writes=449.0) + reference), "rank", "zset").verdict == "invalid"
    assert row(rows(run("ours", [2500], call="rank", writes=451.0) + reference), "rank", "zset").verdict == "met"


def test_too_few_writes_beside_a_reference_are_noted() -> None:
    runs = run("ours", [2500], call="rank", writes=500.0) + run("zset", [1000], call="rank", writes=300.0)
    assert row(rows(runs), "rank", "zset").verdict == "met"
    assert row(rows(runs), "rank", "zset").note == "only 300 writes/s beside zset"


def test_comparisons_without_a_target_come_last_and_have_no_verdict() -> None:
    found = rows([*run("ours", [10], connections=16), *run("zset", [5], connections=16), *run("ours", [9])])
    assert [(one.connections, one.verdict != "") for one in found] == [(64, True), (16, False)]


def test_every_target_is_measured_by_a_scenario() -> None:
    measured = {(s.call, name, count) for s in SCENARIOS for count in (1, 64) for name in s.subjects(count)}
    assert {(target.call, target.subject, target.connections) for target in TARGETS} <= measured
    assert {(t.other_call or t.call, t.reference, t.connections) for t in TARGETS} <= measured


def test_the_agent_and_the_key_of_a_submission_are_measured_against_our_service() -> None:
    runs = run("ours", [1000]) + run("ours_agent", [840]) + run("ours", [810], call="keyed_submit")
    found = rows(runs)
    agent = row(found, "submit", "ours", subject="ours_agent")
    assert (agent.ratio, agent.target, agent.verdict) == (0.84, ">= 0.85x", "missed")
    keyed = row(found, "keyed_submit", "ours")
    assert (keyed.other_call, keyed.ratio, keyed.verdict) == ("submit", 0.81, "met")
    assert len([one for one in found if one.measure == "rate"]) == 2
    table = page.text(found, runs, 0)
    assert "submit by ours_agent, requests/s" in table and "submit by ours |" in table


@pytest.mark.parametrize("subject", ["ours_quiet", "ours_agent"])
def test_too_few_writes_beside_our_service_in_another_set_up_are_a_fault_too(subject: str) -> None:
    runs = run("ours", [1000], call="top", writes=500.0) + run(subject, [1000], call="top", writes=449.0)
    assert {one.verdict for one in rows(runs) if subject in (one.subject, one.reference)} == {"invalid"}


def test_a_lone_client_has_no_writes_beside_it_and_some_scenarios_are_measured_once() -> None:
    scenario = Scenario("rank", ("zset",), ("naive_sql",), ("no_ranks",), writes_per_second=500)
    assert [scenario.subjects(n)[1:] for n in (1, 64, 256)] == [("no_ranks",), ("zset", "naive_sql"), ("zset",)]
    assert [scenario.writes_beside(n) for n in (1, 64)] == [0, 500]
    only = Scenario("zipf_submit", ("zset",), headline_only=True)
    assert [only.subjects(n) for n in (1, 64)] == [(), ("ours", "zset")]


def test_the_table_has_the_processor_time_of_a_request_and_the_log_of_a_submit() -> None:
    runs = run("ours", [5000.0], cpu={"http": 0.5, "postgres": 0.25, "valkey": 0.05})
    runs = [dataclasses.replace(one, wal={"bytes": 5_000_000.0, "pages": 500.0}) for one in runs]
    text = page.text(rows(runs), runs, 0)
    assert "| 100 + 50 + 10 |" in text
    assert "- a submit of ours wrote 1,000 bytes of WAL, with 0.10 pages in full" in text


# --- pgbench ------------------------------------------------------------------------------------------------

PGBENCH_OUTPUT = """\
pgbench (18.6)
transaction type: rank.sql
number of clients: 16
number of transactions actually processed: 2000
number of failed transactions: 0 (0.000%)
latency average = 1.250 ms
initial connection time = 21.118 ms
tps = 800.5 (without initial connection time)
"""


def test_pgbench_output_is_read() -> None:
    found = pgbench_runs.parse(PGBENCH_OUTPUT, "rank", 16, 2, postgres_seconds=0.5)
    assert found == PgbenchRun("rank", 16, 2, tps=800.5, latency_ms=1.25, postgres_us=250.0)


@pytest.mark.parametrize(
    "output",
    [
        "",
        PGBENCH_OUTPUT.replace("transactions: 0", "transactions: 3"),
        PGBENCH_OUTPUT.replace("processed: 2000", "processed: 0"),
    ],
)
def test_a_pgbench_with_failed_transactions_or_none_is_refused(output: str) -> None:
    with pytest.raises(LoadError, match="rank"):
        pgbench_runs.parse(output, "rank", 16, 1, 0.5)


def test_pgbench_is_compared_with_the_scripts_it_brings_along() -> None:
    runs = [
        PgbenchRun(script, clients, number, tps, 1.0, 50.0)
        for script, clients, rates in (
            ("submit", 1, (300.0, 500.0)),
            ("simple-update", 1, (100.0, 100.0)),
            ("submit_zipf", 64, (70.0, 80.0)),
        )
        for number, tps in enumerate(rates, start=1)
    ]
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in pgbench_runs.text(runs).splitlines()[2:]]
    assert lines[0][:6] == ["submit", "simple-update", "1", "400", "100", "4.00 (3.00 - 5.00)"]
    assert lines[1][:6] == ["submit_zipf", "", "64", "75", "", ""]


# --- a soak -------------------------------------------------------------------------------------------------


def interval(until: int, submits: int = 1000, rank_p99: float = 10.0, memory: float = 100.0) -> Interval:
    steady_one = Steady(rate=100, answered=3000, p50_ms=1, p99_ms=rank_p99, cpu=0.1, errors={})
    return Interval(
        until=until,
        submits=Load(seconds=30, requests=submits, p50_ms=1, p99_ms=5, max_ms=9, errors={}),
        ranks=steady_one,
        tops=dataclasses.replace(steady_one, p99_ms=1),
        sight=Sight({name: Table(1, 1, 0, 0, 0) for name in TABLES}, 5, [memory]),
        hot_totals=0.5,
        hot_nodes=None,
    )


TABLES = ("game_sessions", "leaderboard", "rank_node", "rank_delta", "rank_state")


def test_a_soak_compares_its_last_minute_with_its_first() -> None:
    intervals = [
        interval(30),
        interval(60),
        interval(90, 1, 999),
        interval(120, 800, 12),
        interval(150, 800, 12),
    ]
    judged = soak_page.judged(intervals, connections=64, different=0, grown=3601)
    assert "first minute / last minute: 1.25x (target <= 1.25x: met)" in judged.text
    assert "last minute / first minute: 1.20x" in judged.text
    assert judged.right


@pytest.mark.parametrize(("different", "grown"), [(1, 2000), (0, 1999), (0, 2000 + 64 * 3 + 1)])
def test_a_soak_that_lost_or_doubled_a_score_is_wrong(different: int, grown: int) -> None:
    judged = soak_page.judged([interval(30), interval(60)], connections=64, different=different, grown=grown)
    assert not judged.right


def test_a_soak_shows_a_line_an_interval_and_a_picture() -> None:
    intervals = [interval(30), interval(60)]
    assert len(soak_page.table(intervals).splitlines()) == 4
    ElementTree.fromstring(soak_page.picture(intervals))


# --- options and pages --------------------------------------------------------------------------------------


def test_options_have_the_defaults_of_the_docs() -> None:
    assert BenchOptions.from_env({}) == BenchOptions(1_000_000, 5_000_000, (1, 64, 256), 3, 3, False)
    assert BenchOptions.from_env({"QUICK": "1", "PLAYERS": "10"}) == BenchOptions(10, 5_000_000, (1, 64), 1, 2, False)
    assert GrowthOptions.from_env({"SIZES": "100,10"}).sizes == (10, 100)
    assert SoakOptions.from_env({"SECONDS": "10", "SAVE": "1"}) == SoakOptions(1_000_000, 5_000_000, 10, 10, 64, True)


@pytest.mark.parametrize("text", ["many", "0", "-1", "1,2", "1.5"])
def test_a_wrong_option_is_refused_by_name(text: str) -> None:
    with pytest.raises(OptionError, match="PLAYERS"):
        BenchOptions.from_env({"PLAYERS": text})


def test_only_chooses_parts_and_names_those_there_are() -> None:
    assert BenchOptions.from_env({"ONLY": "rank, submit"}).only == ("submit", "rank")
    assert BenchOptions.from_env({"ONLY": ""}).only == PARTS
    with pytest.raises(OptionError, match="no ranks; choose from submit,"):
        BenchOptions.from_env({"ONLY": "ranks"})
    with pytest.raises(OptionError, match="leave ONLY out"):
        BenchOptions.from_env({"ONLY": "rank", "SAVE": "1"})
    assert {scenario.call for scenario in SCENARIOS} | {"pgbench"} == set(PARTS)


def test_a_table_is_markdown() -> None:
    assert report.table(["a", "b"], [["x", "12"]]) == "| a |  b |\n| - | -: |\n| x | 12 |"


def test_saving_replaces_the_part_between_its_markers() -> None:
    text = "# Title\n<!-- bench: made by the tool -->\nold\n<!-- bench: end -->\nrest\n"
    new = "# Title\n<!-- bench: made by the tool -->\na \\1 table\n<!-- bench: end -->\nrest\n"
    assert report.replaced(text, "bench", "a \\1 table\n") == new
    with pytest.raises(ValueError, match="soak"):
        report.replaced(text, "soak", "")


def test_the_page_in_docs_has_a_place_for_every_tool() -> None:
    docs = Path(__file__).parent.parent.parent / "docs"
    for file, names in (
        ("benchmarks.md", ("bench", "growth", "agent", "soak")),
        ("performance.md", ("summary", "counts", "workers")),
    ):
        for name in names:
            assert "figures" in report.replaced((docs / file).read_text(), name, "figures")


def test_the_summary_has_what_a_request_costs() -> None:
    cpu = {"http": 0.5, "postgres": 0.25, "valkey": 0.05, "clients": 0.1}
    runs = run("ours", [5000.0], cpu=cpu) + run("zset", [2500.0])
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.summary(rows(runs), runs).splitlines()]
    assert ["submit", "64", "5,000", "5 / 10", "100", "50", "10"] in lines
    assert ["submit", "zset", "64", "2.00"] in lines


def test_charts_are_well_formed() -> None:
    bars = [chart.Bar("rank", "ours <1>", 2.0, "2/s", strong=True), chart.Bar("rank", "none", 0.0, "0/s")]
    ElementTree.fromstring(chart.bars("A & B", bars))
    points = {"one": [(10.0, 1.0), (1000.0, 2.0)], "two": [(10.0, 0.0), (1000.0, 0.5)]}
    ElementTree.fromstring(chart.lines("lines", [chart.Panel("p", points, "players", log_x=True)]))
    ElementTree.fromstring(chart.lines("one point", [chart.Panel("p", {"": [(1, 0.0)]})]))


def test_results_are_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "_RESULTS", tmp_path / "results")
    path = report.write("bench", {"rows": []}, "text", {}, save=False)
    assert json.loads(path.read_text())["rows"] == []


def test_saving_writes_the_page_the_pictures_and_the_part_of_the_tool(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "_DOCS", tmp_path)
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "benchmarks.json").write_text('{"soak": 1, "bench": 2}')
    (tmp_path / "benchmarks.md").write_text("<!-- bench: made by the tool -->\n<!-- bench: end -->\n")
    result = {"machine": {"cores": "2"}, "rows": [1]}
    path = report.write("bench", result, "| table |", {"benchmarks": "<svg/>"}, save=True)
    saved = json.loads(path.read_text())
    assert (saved["soak"], saved["bench"]["rows"]) == (1, [1])
    assert (tmp_path / "figures" / "benchmarks.svg").read_text() == "<svg/>"
    text = (tmp_path / "benchmarks.md").read_text()
    assert "cores 2" in text and "![benchmarks](figures/benchmarks.svg)" in text and "| table |" in text
